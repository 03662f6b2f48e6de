/** `npm run demo`: from a fresh clone to the running demo in one command. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './setup.mjs';

requireNode();
ensureInstalled();
ensureBuilt();

const argv = [join(root, 'dist', 'main.cjs'), 'demo', ...process.argv.slice(2)];
const child = spawn(process.execPath, argv, { stdio: 'inherit' });
// Ctrl-C belongs to the screen; this process only waits for its end.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP']) process.on(signal, () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`The demo could not be started (${error.message}).`);
  process.exit(1);
});
child.once('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
