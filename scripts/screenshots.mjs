/** `npm run screenshots`: writes the pictures of the README from the demo, as an emulator shows it; the host that it starts is the one in dist. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runBundled } from './run-bundled.mjs';
import { root } from './setup.mjs';

const slowClock = pathToFileURL(join(root, 'scripts', 'slow-clock.mjs')).href;
const argv = [join(root, 'dist', 'main.cjs'), slowClock];
await runBundled('tests/screenshots/run.ts', argv, { ...process.env, TZ: 'UTC' });
