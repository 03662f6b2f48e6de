/** Builds dist: the program and the engine as ES modules with shared chunks, dependencies left outside, and the types of the engine. */
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, requireNode, root, run } from './setup.mjs';

requireNode();
ensureInstalled();
const { build } = await import('esbuild');

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const requireBanner =
  "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);";
const dist = join(root, 'dist');
const beganMs = Date.now();
const settings = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Bundled CommonJS asks for Node's own modules by `require`.
  banner: { js: requireBanner },
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
};
// What a production install brings stays outside; what only the demo agent needs is bundled.
const toExternal = (names) => names.flatMap((name) => [name, `${name}/*`]);
const installed = Object.keys(dependencies);

// Each file that is loaded before the first frame costs half a millisecond. So the screen of the bare program is a bundle of its own in
// few files, where the rest shares many; it and what it loads later never meet an object of the other bundle.
const screen = 'src/cli/commands/screen.ts';
const screenApart = {
  name: 'screen-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/commands\/screen\.ts$/ }, ({ importer }) =>
      importer === join(root, 'src', 'main.ts') ? { path: './screen.js', external: true } : undefined,
    );
  },
};
const outputs = await Promise.all([
  build({
    ...settings,
    entryPoints: ['src/main.ts', 'src/index.ts'],
    external: toExternal(installed),
    plugins: [screenApart],
  }),
  build({
    ...settings,
    entryPoints: { screen },
    external: toExternal(installed.filter((name) => name !== 'env-paths')),
  }),
]).catch(() => {
  console.error('The build failed; the lines above say where.');
  process.exit(1);
});

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
run(process.execPath, [tsc, '-p', join('.config', 'tsconfig.types.json')], 'The types could not be written.');

const written = outputs.flatMap(({ metafile }) => Object.keys(metafile.outputs));
removeStale(new Set(written.map((path) => join(root, path))));
chmodSync(join(dist, 'main.js'), 0o755);
// The last thing that is written, and what says that the build is complete.
utimesSync(join(dist, 'main.js'), new Date(), new Date());

/** Chunks carry a hash in their name, and types follow the sources: those of earlier builds would pile up. */
function removeStale(outputs) {
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    const isStale = path.endsWith('.d.ts') ? statSync(path).mtimeMs < beganMs - 1000 : !outputs.has(path);
    if (statSync(path).isFile() && isStale) rmSync(path);
  }
}
