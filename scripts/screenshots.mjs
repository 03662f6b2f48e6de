/**
 * `npm run screenshots`: writes the pictures of the README from the demo, as an emulator shows it. The program that does it is TypeScript,
 * which Node 20 cannot run, so it is bundled first; the host that it starts is the one in dist.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, root } from './setup.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const { build } = await import('esbuild');

// Below node_modules, so that what is left outside of the bundle is found.
const folder = join(root, 'node_modules', '.cache', `signalbox-screenshots-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  absWorkingDir: root,
  entryPoints: ['tests/screenshots/run.ts'],
  outfile: join(folder, 'run.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
}).catch(() => {
  console.error('The program could not be bundled; the lines above say where.');
  process.exit(1);
});

const slowClock = pathToFileURL(join(root, 'scripts', 'slow-clock.mjs')).href;
const child = spawn(process.execPath, [join(folder, 'run.mjs'), join(root, 'dist', 'main.cjs'), slowClock], {
  cwd: root,
  env: { ...process.env, TZ: 'UTC' },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('close', (code) => process.exit(code ?? 1));
