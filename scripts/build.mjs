/** Builds dist: the program and the engine as ES modules with shared chunks, dependencies left outside, and the types of the engine. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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

// The way to the first frame is CommonJS, for which Node has least to load: the program's own file, and the screen in one file, which V8 can
// load from a cache of its compiled code (`src/base/code-cache.ts`). The rest are ES modules that share many files. The screen never meets an
// object of theirs. Its name changes with its content, by which the cache tells versions apart.
const commonJs = {
  ...settings,
  splitting: false,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "'use strict'; const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};
/** What is imported as the screen is loaded from its file, which is `path` from the file that imports it. */
const screenApart = (path) => ({
  name: 'screen-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/screen\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'screen-apart' } : undefined,
    );
    const contents = `import { loadScreen } from './src/cli/load-screen.ts';
      export const { runScreen } = loadScreen(new URL('${path}', import.meta.url));`;
    onLoad({ filter: /.*/, namespace: 'screen-apart' }, () => ({ contents, resolveDir: root }));
  },
});

/** ES modules like all the rest, and imported as they are. */
const programOutside = {
  name: 'program-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/cli\/program\.ts$/ }, () => ({ path: './program.js', external: true }));
  },
};

// blessed runs in the mode it was written for, which is not strict: so it is a script of its own, in front of the screen's. Its terminfo, which
// the screen never uses, and Node's child_process took a tenth of the time to the first frame.
const widgets = ['widgets/screen', 'program', 'widgets/box'].map((file) => `blessed/lib/${file}`);
const widgetsAlone = {
  name: 'widgets-alone',
  setup({ onResolve, onLoad }) {
    const inBlessed = (importer) => importer.includes('/blessed/');
    onResolve({ filter: /^(\.\.\/|\.\/gpmclient)$/ }, ({ importer, path }) =>
      inBlessed(importer) ? { path: join('blessed', 'lib', path), external: true } : undefined,
    );
    onResolve({ filter: /^(\.\/tput|child_process)$/ }, ({ importer, path }) =>
      inBlessed(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get() { throw new Error('${path} is left out of the built screen.'); } });`,
    }));
  },
};
const blessedInFront = {
  name: 'blessed-in-front',
  setup({ onLoad }) {
    onLoad({ filter: /\/widgets\/blessed\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8');
      const asked = 'createRequire(import.meta.url)';
      for (const expected of [asked, ...widgets.map((file) => `load('${file}')`)])
        if (!contents.includes(expected)) throw new Error(`${path} has no ${expected}; change it here, too.`);
      return { contents: contents.replace(asked, '(file) => blessedFiles[file]'), loader: 'ts' };
    });
  },
};

async function buildScreen() {
  const {
    outputFiles: [blessed],
  } = await build({
    absWorkingDir: root,
    stdin: {
      contents: widgets.map((file) => `exports['${file}'] = require('${file}');`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    format: 'iife',
    globalName: 'blessedFiles',
    platform: 'node',
    target: settings.target,
    minifyWhitespace: true,
    plugins: [widgetsAlone],
    write: false,
    logLevel: 'warning',
  });
  const copyright =
    '/*! Files of blessed 0.1.81. Copyright (c) 2013-2015, Christopher Jeffrey and contributors (MIT License). https://github.com/chjj/blessed */';
  const {
    outputFiles: [{ contents }],
  } = await build({
    ...commonJs,
    entryPoints: ['src/cli/commands/screen.ts'],
    external: toExternal(installed.filter((name) => name !== 'env-paths')),
    supported: { 'dynamic-import': false },
    banner: { js: `${copyright}\n${blessed.text}\n(() => { ${commonJs.banner.js}` },
    footer: { js: '})();' },
    plugins: [blessedInFront],
    write: false,
  });
  const name = `screen-${createHash('sha256').update(contents).digest('hex').slice(0, 12)}.cjs`;
  writeFileSync(join(dist, name), contents);
  return name;
}

/** What was written. */
async function buildAll() {
  const screen = await buildScreen();
  const outputs = await Promise.all([
    build({ ...commonJs, entryPoints: ['src/main.ts'], plugins: [screenApart(`./${screen}`), programOutside] }),
    build({
      ...settings,
      entryPoints: { index: 'src/index.ts', program: 'src/cli/program.ts' },
      external: toExternal(installed),
      // It becomes a chunk, in the folder of chunks.
      plugins: [screenApart(`../${screen}`)],
    }),
  ]);
  const written = outputs.flatMap(({ metafile }) => Object.keys(metafile.outputs)).map((path) => join(root, path));
  return [join(dist, screen), ...written];
}

mkdirSync(dist, { recursive: true });
const written = await buildAll().catch((error) => {
  console.error(`The build failed; the lines above say where. (${error.message})`);
  process.exit(1);
});

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
run(process.execPath, [tsc, '-p', join('.config', 'tsconfig.types.json')], 'The types could not be written.');

removeStale(new Set(written));
chmodSync(join(dist, 'main.cjs'), 0o755);
// The last thing that is written, and what says that the build is complete.
utimesSync(join(dist, 'main.cjs'), new Date(), new Date());

/** Chunks carry a hash in their name, and types follow the sources: those of earlier builds would pile up. */
function removeStale(outputs) {
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    // Another build at the same time, as of tests that find dist old, removes the same.
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile()) continue;
    const isStale = path.endsWith('.d.ts') ? found.mtimeMs < beganMs - 1000 : !outputs.has(path);
    if (isStale) rmSync(path, { force: true });
  }
}
