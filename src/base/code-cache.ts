/**
 * Loads a CommonJS file with what V8 made of it at an earlier start: nothing is parsed or compiled again. Whatever is wrong with the cache costs
 * time and nothing else. It does not know what is loaded, nor when there is time to keep what was compiled.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

export interface LoadedCode {
  readonly exports: unknown;
  readonly cache: 'used' | 'missing' | 'rejected';
  /** Writes what is compiled by now for the next start; when it cannot be written, the next one compiles again. */
  keep(): void;
}

/** Of other versions of the file and of Node: whoever switches between a few finds each of them. */
const keptMax = 4;

/**
 * The name of the file must change with its content, since V8 compares no more than the length; the file must be ASCII. The folder must be one
 * that nobody else can write into: what is in there is run. Throws what the file throws.
 */
export function loadWithCodeCache(file: string, folder: string): LoadedCode {
  const kept = join(folder, `${basename(file)}-${process.versions.v8}-${process.arch}`);
  const cachedData = readKept(kept);
  // On the file's own first line, so that the lines of stack traces are those of the file.
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'latin1')}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  const run = script.runInThisContext() as (...parts: readonly unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return {
    exports: module.exports,
    cache: cachedData === null ? 'missing' : script.cachedDataRejected === true ? 'rejected' : 'used',
    keep: () => writeKept(kept, () => script.createCachedData()),
  };
}

/**
 * V8 aborts the process on data that was damaged, so it must be known to be whole; it is in the file twice, because comparing is the one fast way
 * for which Node has nothing to load first. Null when it is missing, damaged, or when somebody else could have written it.
 */
function readKept(path: string): Buffer | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const { uid, mode } = fstatSync(file);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return null;
    const twice = readFileSync(file);
    const half = twice.length / 2;
    const data = twice.subarray(0, Math.floor(half));
    return half > 0 && data.equals(twice.subarray(data.length)) ? data : null;
  } catch {
    // Not there, or not readable: it is compiled again.
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function writeKept(path: string, toData: () => Buffer): void {
  const draft = `${path}.${process.pid}`;
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const data = toData();
    writeFileSync(draft, Buffer.concat([data, data]), { mode: 0o600 });
    renameSync(draft, path);
    const byAge = readdirSync(folder)
      .map((name) => ({ name, ageMs: Date.now() - statSync(join(folder, name)).mtimeMs }))
      .sort((a, b) => a.ageMs - b.ageMs);
    for (const { name } of byAge.slice(keptMax)) rmSync(join(folder, name), { force: true });
  } catch {
    // A folder that cannot be written, a full disk: the next start takes longer, and nothing else is different.
    try {
      rmSync(draft, { force: true });
    } catch {
      // What was not removed here goes with the oldest, some day.
    }
  }
}
