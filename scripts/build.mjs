/** Builds dist: the program and the engine as ES modules with shared chunks, dependencies left outside, and the types of the engine. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureInstalled, requireNode, root, run } from './setup.mjs';

requireNode();
ensureInstalled();
const { build, transform } = await import('esbuild');

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
// few files, where the rest shares many; it and what it loads later never meet an object of the other bundle. It is CommonJS in a folder
// of its own, since Node loads half a megabyte of that in two thirds of the time of ES modules.
const screen = 'src/cli/commands/screen.ts';
const screenFolder = join(dist, 'screen');
const screenApart = {
  name: 'screen-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/commands\/screen\.ts$/ }, ({ importer, path }) =>
      importer === join(root, 'src', 'main.ts') ? { path, namespace: 'screen-apart' } : undefined,
    );
    // It becomes a chunk, in the folder of chunks.
    const contents = `import { createRequire } from 'node:module';
      export const { runScreen } = createRequire(import.meta.url)('../screen/screen.js');`;
    onLoad({ filter: /.*/, namespace: 'screen-apart' }, () => ({ contents }));
  },
};
// blessed is asked for file by file: sixteen of them, each looked for along the folders. The screen gets them as one, which stays CommonJS,
// so that they run in the mode they were written for. What they could load later, and here never do, stays where it was installed.
const widgets = ['widgets/screen', 'program', 'widgets/box'].map((file) => `blessed/lib/${file}`);
const widgetsName = 'blessed.cjs';
const blessedAsOne = {
  name: 'blessed-as-one',
  setup({ onLoad }) {
    onLoad({ filter: /\/widgets\/blessed\.ts$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const file of widgets) {
        const asked = `load('${file}')`;
        if (!contents.includes(asked)) throw new Error(`${path} has no ${asked}; change it here, too.`);
        contents = contents.replace(asked, `load('./${widgetsName}')['${file}']`);
      }
      return { contents, loader: 'ts' };
    });
  },
};
/** Only one that is split can be loaded in parts, and only ES modules can be split: so they are made CommonJS afterwards. */
const screenPackage = join(screenFolder, 'package.json');
async function writeScreen(result) {
  mkdirSync(screenFolder, { recursive: true });
  writeFileSync(screenPackage, '{ "type": "commonjs" }\n');
  for (const { path, text } of result.outputFiles) {
    const { code } = await transform(text, {
      // The name of an ES module: what it imports by default from CommonJS is all of it, as in Node itself.
      sourcefile: 'screen.mjs',
      format: 'cjs',
      platform: 'node',
      target: settings.target,
      banner: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
      define: { 'import.meta.url': 'importMetaUrl' },
      supported: { 'dynamic-import': false },
    });
    writeFileSync(join(screenFolder, basename(path)), code);
  }
  return result;
}
const widgetsAlone = {
  name: 'widgets-alone',
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\.\/|\.\/gpmclient)$/ }, ({ importer, path }) =>
      importer.includes('/blessed/') ? { path: join('blessed', 'lib', path), external: true } : undefined,
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
    banner: {},
    outdir: screenFolder,
    entryPoints: { screen },
    external: toExternal(installed.filter((name) => name !== 'env-paths')),
    // Beside blessed, wherever the code that loads it ends up.
    chunkNames: '[name]-[hash]',
    plugins: [blessedAsOne],
    write: false,
  }).then(writeScreen),
  build({
    absWorkingDir: root,
    stdin: {
      contents: widgets.map((file) => `exports['${file}'] = require('${file}');`).join('\n'),
      resolveDir: root,
    },
    outfile: join(screenFolder, widgetsName),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    banner: {
      js: '/*! Files of blessed 0.1.81. Copyright (c) 2013-2015, Christopher Jeffrey and contributors (MIT License). https://github.com/chjj/blessed */',
    },
    plugins: [widgetsAlone],
    metafile: true,
    logLevel: 'warning',
  }),
]).catch(() => {
  console.error('The build failed; the lines above say where.');
  process.exit(1);
});

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
run(process.execPath, [tsc, '-p', join('.config', 'tsconfig.types.json')], 'The types could not be written.');

const written = outputs.flatMap(({ metafile }) => Object.keys(metafile.outputs)).map((path) => join(root, path));
removeStale(new Set([...written, screenPackage]));
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
