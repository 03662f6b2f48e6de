/**
 * `npm run bench`: what signalbox costs, each number beside its baseline from the same run. Benchmarks are TypeScript, which Node 20
 * cannot run, so they are bundled first; the program they start is the one in dist.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './setup.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const { build } = await import('esbuild');

// Below node_modules, so that what is left outside of the bundle is found.
const folder = join(root, 'node_modules', '.cache', `signalbox-bench-${process.pid}`);
mkdirSync(folder, { recursive: true });
const removeFolder = () => rmSync(folder, { recursive: true, force: true });
process.on('exit', removeFolder);

await build({
  absWorkingDir: root,
  entryPoints: ['tests/bench/run.ts'],
  outfile: join(folder, 'run.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
}).catch(() => {
  console.error('The benchmarks could not be bundled; the lines above say where.');
  process.exit(1);
});

const child = spawn(process.execPath, [join(folder, 'run.mjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`The benchmarks could not be started (${error.message}).`);
  process.exit(1);
});
child.once('close', (code) => process.exit(code ?? 1));
