/** Runs a TypeScript program of the tests, which Node 20 cannot run as it is: bundled first, beside the built signalbox that it starts. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './setup.mjs';

/** Ends this process with the program's status. */
export async function runBundled(entryPoint, argv, env = process.env) {
  requireNode();
  ensureInstalled();
  ensureBuilt();
  const { build } = await import('esbuild');
  // Below node_modules, so that what is left outside of the bundle is found.
  const folder = join(root, 'node_modules', '.cache', `signalbox-bundled-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'run.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  }).catch(() => {
    console.error(`${entryPoint} could not be bundled; the lines above say where.`);
    process.exit(1);
  });
  const child = spawn(process.execPath, [program, ...argv], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${entryPoint} could not be started (${error.message}).`);
    process.exit(1);
  });
  child.once('close', (code) => process.exit(code ?? 1));
}
