/** Where a demo lives: a folder of its own below the temporary folder, the same at every call, so that a running demo is found again. */
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Paths } from '../../core/paths.ts';
import { toPaths } from '../../runtime/paths.ts';

/** SIGNALBOX_DEMO_HOME puts it elsewhere (tests). */
export function demoHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.SIGNALBOX_DEMO_HOME ?? join(tmpdir(), `signalbox-demo-${userInfo().uid}`);
}

export function demoPaths(env: NodeJS.ProcessEnv = process.env): Paths {
  return toPaths({ ...env, SIGNALBOX_HOME: demoHome(env) });
}
