/** Executes the layer table of src/ARCHITECTURE.md: who may import whom, where each library lives, how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly { readonly specifier: string; readonly typeOnly: boolean }[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const importPattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(importPattern)].map((match) => ({
    specifier: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }));
  return { path, text, lines: text.split('\n').length - 1, imports };
}

const sources = filesBelow('src').map(read);
const tests = filesBelow('tests').map(read);

/** First folder below src; files directly in src are the layer "root". */
function layerOf(path: string): string {
  const [, first = '', second] = path.split('/');
  return second === undefined ? 'root' : first;
}

interface LayerRule {
  /** Other layers of ours it may import. */
  readonly may: readonly string[] | 'everything';
  readonly because: string;
}

const layers: Readonly<Record<string, LayerRule>> = {
  base: { may: [], because: 'it must stay readable and replaceable on its own' },
  core: { may: ['base'], because: 'every decision is testable in microseconds, with no I/O' },
  runtime: { may: ['core', 'base'], because: 'hands do not know who uses them' },
  adapters: { may: ['core', 'base'], because: 'an adapter that could reach a server could skip the gate' },
  embedded: { may: ['core', 'base'], because: 'the demo world must not know the program around it' },
  protocol: { may: ['base'], because: 'wire types change for other reasons than engine types' },
  host: { may: ['core', 'protocol', 'base'], because: 'it runs with no screen, and gets everything else as ports' },
  client: { may: ['protocol', 'base'], because: 'a screen in another process works exactly like one in ours' },
  tui: { may: ['client', 'protocol', 'base'], because: 'a screen holds no truth and reaches nothing but the host' },
  cli: { may: 'everything', because: 'it wires' },
  root: { may: 'everything', because: 'it wires' },
};

/** Where each third-party library may be imported; a type-only import follows the same rule. */
const homes: Readonly<Record<string, readonly string[]>> = {
  zod: ['src/core/', 'src/protocol/schema/', 'src/runtime/', 'src/adapters/', 'src/cli/policy/'],
  unbash: ['src/core/', 'src/embedded/shell/'],
  diff: ['src/core/'],
  canonicalize: ['src/core/', 'src/runtime/registry/'],
  ssh2: ['src/runtime/ssh/', 'src/embedded/'],
  'ssh-config': ['src/runtime/registry/'],
  'env-paths': ['src/runtime/paths.ts'],
  'simple-git': ['src/runtime/snapshots/'],
  shescape: ['src/cli/', 'src/runtime/', 'src/adapters/'],
  '@agentclientprotocol/sdk': ['src/adapters/acp/', 'src/embedded/agent/'],
  '@modelcontextprotocol/server': ['src/adapters/mcp/'],
  '@modelcontextprotocol/client': ['src/embedded/agent/'],
  blessed: ['src/tui/widgets/'],
  '@xterm/headless': ['src/host/', 'src/tui/'],
  '@xterm/addon-serialize': ['src/host/'],
  '@xterm/addon-unicode11': ['src/host/', 'src/tui/'],
  commander: ['src/cli/'],
  'jsonc-parser': ['src/adapters/acp/'],
  marked: ['src/tui/present/'],
  'highlight.js': ['src/tui/present/'],
};

/** Node's own modules that do I/O; a core without them is a core that only decides. */
const pureNodeModules = ['node:buffer', 'node:crypto', 'node:string_decoder'];

function isHome(path: string, home: readonly string[]): boolean {
  return home.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('layers', () => {
  it('every folder of src is a layer of the table', () => {
    const unknown = [...new Set(sources.map(({ path }) => layerOf(path)))].filter(
      (layer) => !Object.hasOwn(layers, layer),
    );
    expect(unknown).toEqual([]);
  });

  it('imports stay within the table', () => {
    const wrong = sources.flatMap(({ path, imports }) => {
      const layer = layerOf(path);
      const rule = layers[layer];
      if (!rule || rule.may === 'everything') return [];
      const { may, because } = rule;
      return imports
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) =>
          relative(root, resolve(root, dirname(path), specifier))
            .split(sep)
            .join('/'),
        )
        .filter((target) => layerOf(target) !== layer && !may.includes(layerOf(target)))
        .map(
          (target) =>
            `${path} imports ${target}; ${layer} may import ${may.length === 0 ? 'nothing of ours' : may.join(', ')}, because ${because}`,
        );
    });
    expect(wrong).toEqual([]);
  });

  it('third-party libraries stay at home', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter(({ specifier }) => !isHome(path, homes[packageOf(specifier)] ?? []))
        .map(
          ({ specifier }) =>
            `${path} imports ${specifier}, whose homes are ${(homes[packageOf(specifier)] ?? ['nowhere']).join(', ')}`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('core and protocol do no I/O', () => {
    const wrong = sources
      .filter(({ path }) => ['core', 'protocol'].includes(layerOf(path)))
      .flatMap(({ path, imports }) =>
        imports
          .filter(
            ({ specifier, typeOnly }) =>
              specifier.startsWith('node:') && !typeOnly && !pureNodeModules.includes(specifier),
          )
          .map(({ specifier }) => `${path} imports ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it('only the gate makes permits', () => {
    const makers = sources.filter(({ text }) => /new Permit\(/.test(text)).map(({ path }) => path);
    expect(makers).toEqual(['src/core/act.ts']);
  });

  it('only one file loads blessed', () => {
    const users = sources.filter(({ text }) => /\('blessed['/]|from 'blessed['/]/.test(text)).map(({ path }) => path);
    expect(users).toEqual(['src/tui/widgets/blessed.ts']);
  });

  it('tests take fast-check with its fixed seed', () => {
    const direct = tests.filter(({ imports }) => imports.some(({ specifier }) => specifier === 'fast-check'));
    expect(direct.map(({ path }) => path)).toEqual(['tests/fixtures/properties.ts']);
  });

  it('fixtures leave hooks to clean-up.ts, since files that share a process load a fixture once', () => {
    const hooked = tests.filter(
      ({ path, text }) => !path.endsWith('.test.ts') && /^(before|after)(Each|All)\(/m.test(text),
    );
    expect(hooked.map(({ path }) => path)).toEqual(['tests/fixtures/clean-up.ts']);
  });

  it('the table in ARCHITECTURE.md names every layer', () => {
    const text = readFileSync(join(root, 'src/ARCHITECTURE.md'), 'utf8');
    const missing = Object.keys(layers).filter((layer) => layer !== 'root' && !text.includes(`| ${layer} |`));
    expect(missing).toEqual([]);
  });
});

describe('files', () => {
  /** Longer than the wall, with the reason. Nothing is: keep it so. */
  const exceptions: Readonly<Record<string, number>> = {};

  it('are 300 lines at most', () => {
    const long = [...sources, ...tests]
      .filter(({ path, lines }) => lines > (exceptions[path] ?? 300))
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  it('begin by saying what they are, in one to five lines', () => {
    const wrong = [...sources, ...tests]
      .filter(({ path, text }) => {
        const body = path === 'src/main.ts' ? text.replace(/^#!.*\n/, '') : text;
        const header = /^\/\*\*[\s\S]*?\*\//.exec(body)?.[0];
        return header === undefined || header.split('\n').length > 6;
      })
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it('silence no check and leave nothing for later', () => {
    // Written in two halves, so that this file does not find itself.
    const marks = new RegExp(
      [
        'TO' + 'DO',
        'FIX' + 'ME',
        'HA' + 'CK:',
        'as ' + 'any\\b',
        '@ts-' + 'ignore',
        'biome-' + 'ignore',
        '\\.on' + 'ly\\(',
        '\\.ski' + 'p\\(',
      ].join('|'),
    );
    const wrong = [...sources, ...tests].filter(({ text }) => marks.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });
});

describe('the top level', () => {
  it('holds what it should and nothing else', () => {
    const allowed =
      /^(package(-lock)?\.json|tsconfig\.json|src|themes|tests|scripts|README\.md|LICENSE|dist|node_modules|\..*)$/;
    expect(readdirSync(root).filter((name) => !allowed.test(name))).toEqual([]);
  });
});
