/**
 * The screen of the bare program as it was built: one file, loaded through a cache of its compiled code, which halves the time to the first
 * frame. What it does is in `commands/screen.ts`.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadWithCodeCache } from '../base/code-cache.ts';
import { toPaths } from '../runtime/paths.ts';
import type * as Screen from './commands/screen.ts';

/** By then the screen has connected and drawn what the host told, and all that takes is compiled; V8 lets go of code that rests for minutes. */
const keepAfterMs = 2_000;

/** `url` is the file's. */
export function loadScreen(url: URL): typeof Screen {
  const { exports, cache, keep } = loadWithCodeCache(fileURLToPath(url), join(toPaths().cache, 'code'));
  if (cache !== 'used') {
    let isKept = false;
    const keepOnce = (): void => {
      if (!isKept) keep();
      isKept = true;
    };
    setTimeout(keepOnce, keepAfterMs).unref();
    process.once('exit', keepOnce);
  }
  return exports as typeof Screen;
}
