/** A cache of compiled code may save time and do nothing else: whatever is in its folder, the file runs as it is written. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { loadWithCodeCache } from '../../src/base/code-cache.ts';

let world: string;
let folder: string;
let files = 0;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'signalbox-code-'));
  folder = join(world, 'cache', 'code');
});
afterEach(() => rmSync(world, { recursive: true }));

/** Each has a text of its own: V8 remembers what it compiled in this process, and would not look at a cache. */
function write(code: string): string {
  files += 1;
  const path = join(world, `part-${files}.cjs`);
  writeFileSync(path, `/* ${'*'.repeat(files)} */ ${code}`);
  return path;
}

function kept(): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

/** A file that was loaded and kept; the path of what is kept. */
function keepOne(file: string): string {
  loadWithCodeCache(file, folder).keep();
  return present(kept()[0], 'Something is kept.');
}

const answer = 'exports.toAnswer = () => 6 * 7;';

function expectAnswer(loaded: { readonly exports: unknown }): void {
  expect((loaded.exports as { toAnswer(): number }).toAnswer()).toBe(42);
}

describe('a file with a cache of its code', () => {
  it('is compiled once, and then taken from the cache', () => {
    const file = write(answer);
    const first = loadWithCodeCache(file, folder);
    expect(first.cache).toBe('missing');
    expectAnswer(first);
    first.keep();
    const second = loadWithCodeCache(file, folder);
    expect(second.cache).toBe('used');
    expectAnswer(second);
  });

  it('is a CommonJS module: it asks for others from where it is, and its errors name its lines', () => {
    writeFileSync(join(world, 'other.cjs'), 'exports.word = "beside";');
    const file = write(
      `\nmodule.exports = { word: require('./other.cjs').word, __filename, fail() {\n throw new Error(); } };`,
    );
    const { exports } = loadWithCodeCache(file, folder);
    const part = exports as { readonly word: string; readonly __filename: string; fail(): never };
    expect([part.word, part.__filename]).toEqual(['beside', file]);
    expect(() => part.fail()).toThrow(expect.objectContaining({ stack: expect.stringContaining(`${file}:3:`) }));
  });

  it('says what the file throws', () => {
    const file = write('throw new RangeError("out of range");');
    expect(() => loadWithCodeCache(file, folder)).toThrow(RangeError);
  });
});

describe('a cache that cannot be used', () => {
  it.each<readonly [what: string, spoil: (path: string) => void]>([
    ['is cut short', (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
    ['is empty', (path) => truncateSync(path, 0)],
    [
      'has one wrong bit, on which V8 would abort the process',
      (path) => {
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(200) ^ 0x40, 200);
        writeFileSync(path, bytes);
      },
    ],
    ['can be written by others', (path) => chmodSync(path, 0o622)],
  ])('%s: is not looked at, and made again', (_, spoil) => {
    const file = write(answer);
    const path = keepOne(file);
    spoil(path);
    const loaded = loadWithCodeCache(file, folder);
    expect(loaded.cache).toBe('missing');
    expectAnswer(loaded);
    loaded.keep();
    expect(loadWithCodeCache(file, folder).cache).toBe('used');
  });

  it('is of other code, as of another version of Node: V8 rejects it, and it is made again', () => {
    const path = keepOne(write(`${answer} exports.more = 1;`));
    const file = write(answer);
    const own = path.replace(/part-\d+/, `part-${files}`);
    writeFileSync(own, readFileSync(path), { mode: 0o600 });
    const loaded = loadWithCodeCache(file, folder);
    expect(loaded.cache).toBe('rejected');
    expectAnswer(loaded);
    loaded.keep();
    expect(loadWithCodeCache(file, folder).cache).toBe('used');
  });

  it('has a folder that cannot be made: the file runs, and nothing is said', () => {
    writeFileSync(join(world, 'cache'), 'a file');
    const loaded = loadWithCodeCache(write(answer), folder);
    expectAnswer(loaded);
    loaded.keep();
    expect(readFileSync(join(world, 'cache'), 'utf8')).toBe('a file');
  });
});

describe('what is kept', () => {
  it('is private, and the newest few', () => {
    mkdirSync(folder, { recursive: true });
    for (let age = 1; age <= 6; age += 1) {
      const path = join(folder, `old-${age}`);
      writeFileSync(path, '');
      utimesSync(path, new Date(Date.now() - age * 60_000), new Date(Date.now() - age * 60_000));
    }
    const file = write(answer);
    loadWithCodeCache(file, folder).keep();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['old-1', 'old-2', 'old-3', expect.stringContaining(`part-${files}.cjs-`)]);
    expect(statSync(join(folder, names[3] ?? '')).mode & 0o777).toBe(0o600);
  });
});
