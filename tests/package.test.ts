/** The package a stranger installs: packed from the sources alone, listed, installed in an empty folder, run, and imported. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from './fixtures/explain-skip.ts';
import { type Ended, impatience, run, toRegistryState } from './fixtures/npm.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};
const installMbMax = 60;

// Real, because what is compared with it comes from programs that resolve links (/tmp is one on macOS).
const world = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-package-')));
const project = join(world, 'project');
const sources = join(world, 'sources');
const registry = await toRegistryState(`unbash@${manifest.dependencies.unbash}`, world);

interface PackedFile {
  readonly path: string;
  readonly mode: number;
}
let files: readonly PackedFile[] = [];
let tarball = '';

/** The sources without anything built, and with things beside them that no package may hold. */
beforeAll(async () => {
  const left = new Set(['.git', 'node_modules', 'dist'].map((name) => join(root, name)));
  cpSync(root, sources, { recursive: true, filter: (path) => !left.has(path) });
  symlinkSync(join(root, 'node_modules'), join(sources, 'node_modules'));
  for (const stray of ['dist/main.js', 'dist/chunks/earlier-ABCDEFGH.js', 'servers.json', '.env', 'notes.md']) {
    mkdirSync(join(sources, stray, '..'), { recursive: true });
    writeFileSync(join(sources, stray), 'stray');
  }
  const args = ['pack', '--json', '--ignore-scripts=false', '--pack-destination', world];
  const packed = await run('npm', args, { cwd: sources });
  expect([packed.code, packed.code === 0 ? '' : packed.stderr]).toEqual([0, '']);
  // What prepack prints comes first.
  const json = packed.stdout.slice(packed.stdout.search(/^[[{]/m));
  const [answer] = Object.values(JSON.parse(json) as Record<string, { filename: string; files: PackedFile[] }>);
  files = answer?.files ?? [];
  tarball = join(world, answer?.filename ?? '');
});

afterAll(() => rmSync(world, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds dist, themes, README, LICENSE and package.json, and nothing else', () => {
    const tops = [...new Set(files.map(({ path }) => path.split('/')[0]))].sort();
    expect(tops).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'themes']);
    const below = (folder: string) => files.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path);
    // The program's own file and its screen are CommonJS, and no code that some version of Node compiled comes along.
    expect(below('dist/').filter((path) => !/\.(js|d\.ts)$/.test(path))).toEqual([
      'dist/main.cjs',
      expect.stringMatching(/^dist\/screen-[0-9a-f]{12}\.cjs$/),
    ]);
    expect(below('themes/').sort()).toEqual(
      readdirSync(join(root, 'themes'), { recursive: true }).map(themePath).sort(),
    );
    expect(below('dist/').filter((path) => path.includes('earlier'))).toEqual([]);
  });

  it('is built by packing it, with a program that may be executed', () => {
    const modes = new Map(files.map(({ path, mode }) => [path, mode]));
    expect([modes.has('dist/index.js'), modes.has('dist/index.d.ts'), modes.has('package.json')]).toEqual([
      true,
      true,
      true,
    ]);
    expect((modes.get('dist/main.cjs') ?? 0) & 0o111).toBe(0o111);
  });

  it('asks for exactly the packages that its code loads', () => {
    const code = files
      .filter(({ path }) => /\.c?js$/.test(path))
      .map(({ path }) => readFileSync(join(sources, path), 'utf8'));
    const named = Object.keys(manifest.dependencies);
    expect([...new Set(code.flatMap(importedBy))].filter((name) => !named.includes(name))).toEqual([]);
    // blessed is CommonJS and asked for by `require`.
    const isLoaded = (name: string) =>
      code.some(
        (text) => importedBy(text).includes(name) || [`("${name}")`, `("${name}/`].some((call) => text.includes(call)),
      );
    expect(named.filter((name) => !isLoaded(name))).toEqual([]);
  });
});

describe.runIf(canRun('the installed package', registry))('the installed package', () => {
  const installed = join(project, 'node_modules', 'signalbox');
  const signalbox = (env: NodeJS.ProcessEnv, ...argv: string[]): Promise<Ended> =>
    run(join(project, 'node_modules', '.bin', 'signalbox'), argv, { cwd: project, env });

  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
    // No script of a dependency runs: newer versions of npm do not run them unless told to.
    const flags = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...impatience];
    const { code, stderr } = await run('npm', ['install', ...flags, '--prefix', project, tarball], { cwd: project });
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  });

  it(`takes less than ${installMbMax} MB, with all it depends on`, () => {
    const mb = diskBytes(join(project, 'node_modules')) / 1024 / 1024;
    expect(mb).toBeGreaterThan(1);
    expect(mb).toBeLessThan(installMbMax);
  });

  it('runs', async () => {
    const env = { SIGNALBOX_HOME: join(world, 'home') };
    expect(await signalbox(env, '--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const checked = await signalbox(env, 'policy', 'check', '--json', 'uptime');
    expect(JSON.parse(checked.stdout)).toMatchObject({ decision: 'auto-allow' });
    expect((await signalbox(env, 'policy', 'check', 'uptime | sh')).stdout).toMatch(/approval/);
  });

  it('has no part that cannot be loaded', async () => {
    const names = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    // main.cjs is the one that acts when it is loaded; `runs` has run it.
    const parts = names
      .filter((name) => /\.c?js$/.test(name) && name !== 'main.cjs')
      .map((name) => join(installed, 'dist', name));
    const code = `const problems = [];
      for (const part of ${JSON.stringify(parts)}) await import(part).catch((error) => problems.push(part + ': ' + error.message));
      console.log(JSON.stringify(problems));
      process.exit();`;
    const loaded = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: project });
    expect({ ...loaded, stdout: JSON.parse(loaded.stdout) }).toEqual({ code: 0, stdout: [], stderr: '' });
    expect(parts.length).toBeGreaterThan(20);
  });

  it('is an engine with types', async () => {
    const code = `import { assembleEngine, createPolicy, type Engine, toPaths } from 'signalbox';
      const engine: Engine = await assembleEngine({ paths: toPaths() });
      console.log((await engine.policies.current(null)).hash === createPolicy().hash, typeof engine.gate.perform);
      await engine.dispose();`;
    writeFileSync(join(project, 'use.ts'), code);
    writeFileSync(
      join(project, 'wrong.ts'),
      `import { toPaths } from 'signalbox';\nexport const wrong: number = toPaths();\n`,
    );
    const types = join(root, 'node_modules', '@types', 'node');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', types];
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const compiled = await run(process.execPath, [tsc, ...options, 'use.ts', 'wrong.ts'], { cwd: project });
    // The one mistake there is, and nothing of the right use or of the types themselves.
    expect(compiled.stdout.match(/^\S.*/gm)).toEqual([
      `wrong.ts(2,14): error TS2322: Type 'Paths' is not assignable to type 'number'.`,
    ]);
    expect(compiled.stderr).toBe('');
    const used = await run(process.execPath, ['use.js'], {
      cwd: project,
      env: { SIGNALBOX_HOME: join(world, 'engine') },
    });
    expect(used).toEqual({ code: 0, stdout: 'true function\n', stderr: '' });
  });

  it('shows its demo: a command through the gate, an agent at work, an end', async () => {
    const home = join(world, 'demo');
    const env = { SIGNALBOX_HOME: home, SIGNALBOX_DEMO_HOME: home };
    const host = spawn(process.execPath, [join(installed, 'dist', 'main.cjs'), 'demo-host'], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(host, 'exit');
    try {
      await untilSaid(host, 'is ready');
      const uptime = await signalbox(env, 'exec', 'web-1', '--', 'uptime');
      expect(uptime).toEqual({ code: 0, stdout: expect.stringMatching(/ up .*load average/), stderr: '' });
      const asked = await signalbox(env, 'run', '--agent', 'demo', '--server', 'db-1', 'run uptime on db-1');
      expect([asked.code, asked.stdout]).toEqual([0, expect.stringContaining('load average')]);
      const words = 'The demo has ended; `signalbox demo` starts it anew.\n`signalbox` begins with your own servers.\n';
      expect(await signalbox(env, 'demo', '--stop')).toMatchObject({ code: 0, stdout: words });
      expect(await ended).toEqual([0, null]);
    } finally {
      host.kill('SIGKILL');
      await ended;
    }
  });
});

function themePath(name: string | Buffer): string {
  return `themes/${name}`;
}

/** Packages that a file of the bundle names in an import, static or not, or asks for by `require`. */
function importedBy(code: string): string[] {
  const found = code.matchAll(
    /^(?:import|export)\b[^"\n]*"([^".][^"\n]*)";$|\b(?:import|__toESM\(require)\("([^".][^"\n]*)"\)/gm,
  );
  const specifiers = [...found].map((match) => match[1] ?? match[2] ?? '').filter((one) => !isBuiltin(one));
  return specifiers.map((one) => /^(?:@[^/]+\/)?[^/]+/.exec(one)?.[0] ?? one);
}

/** What the files below a folder take on the disk, as `du` counts. */
function diskBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function untilSaid(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (said.includes(words)) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended before it said "${words}": ${said}`)));
  });
}
