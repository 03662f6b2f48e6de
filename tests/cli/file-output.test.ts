/** How results of file operations are printed: bytes as they are, names as safe text, remarks beside the result. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { printEntries, printFile, printMatches, printStat, printWritten } from '../../src/cli/file-output.ts';
import { type CliIo, processIo } from '../../src/cli/output.ts';
import { toByteWriter, toSafeJson, toSafeText } from '../../src/cli/safe-text.ts';

function collectingIo(isTTY = false) {
  const out = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const collect = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        out[name] = Buffer.concat([out[name], chunk]);
        done();
      },
    });
  const stdout = Object.assign(collect('stdout'), { isTTY });
  const io: CliIo = { ...processIo, stdout, stderr: collect('stderr'), exitCode: 0 };
  return { io, text: (name: 'stdout' | 'stderr') => out[name].toString(), bytes: () => out.stdout };
}

const file = { encoding: 'utf-8', size: 5, sha256: null, truncated: false, redacted: 0 };

describe('printFile', () => {
  it('gives a pipe the bytes, whatever they are', () => {
    const { io, bytes, text } = collectingIo();
    printFile(io, { ...file, content: Buffer.from([0, 255, 27, 10]).toString('base64'), encoding: 'base64' });
    expect([...bytes()]).toEqual([0, 255, 27, 10]);
    expect(text('stderr')).toBe('');
  });

  it('gives a terminal safe text that ends with a line end', () => {
    const { io, text } = collectingIo(true);
    printFile(io, { ...file, content: 'a\x1b[31m\nend' });
    expect(text('stdout')).toBe('a\\x1b[31m\nend\n');
  });

  it('says beside the content what is missing from it', () => {
    const { io, text } = collectingIo();
    printFile(io, { ...file, content: 'part', truncated: true, size: 900, redacted: 2 });
    expect(text('stdout')).toBe('part');
    expect(text('stderr')).toMatch(/900 bytes[^]*2 secrets/);
  });
});

describe('tables', () => {
  it('escape the names of entries', () => {
    const { io, text } = collectingIo();
    const entry = { type: 'file', size: 1, mode: '0644', owner: 'root', mtime: '2026-01-01T00:00:00Z' };
    printEntries(io, {
      ...{ truncated: true, warnings: ['x: denied'] },
      entries: [{ ...entry, name: 'evil\nname\x1b' }],
    });
    expect(text('stdout')).toContain('evil\\x0aname\\x1b');
    expect(text('stderr')).toBe('There is more; --limit shows more of it.\nx: denied\n');
  });

  it('show matches as path, line and text', () => {
    const { io, text } = collectingIo();
    const matches = [{ path: '/a', line: 3, text: 'x\ty' }, { path: '/b' }];
    printMatches(io, { matches, truncated: false, warnings: [] });
    expect(text('stdout')).toBe('/a:3: x\\x09y\n/b\n');
  });

  it('show what a path is', () => {
    const { io, text } = collectingIo();
    const stat = { type: 'link', size: 4, mode: '0777', owner: 'root', group: 'root', mtime: 'then', linkTarget: '/x' };
    printStat(io, stat);
    expect(text('stdout')).toContain('linkTarget  /x\n');
  });

  it('tell created from changed', () => {
    const { io, text } = collectingIo();
    printWritten(io, { sha256: 'aa', created: true });
    printWritten(io, { sha256: 'bb', created: false });
    printWritten(io, { sha256: 'cc', hunks: 2 });
    printWritten(io, { sha256: 'dd', hunks: 1 });
    expect(text('stdout')).toBe(
      'created, sha256 aa\nchanged, sha256 bb\nchanged, 2 hunks, sha256 cc\nchanged, 1 hunk, sha256 dd\n',
    );
  });
});

describe('toByteWriter on a terminal', () => {
  it.each([
    ['a character in two pieces', [[0xc3], [0xbc, 0x0a]], 'ü\n'],
    [
      'a line break in two pieces',
      [
        [0x61, 0x0d],
        [0x0a, 0x62],
      ],
      'a\nb',
    ],
    ['a lone carriage return', [[0x61, 0x0d], [0x62]], 'a\\x0db'],
    ['a carriage return at the end', [[0x61, 0x0d]], 'a\\x0d'],
    ['an escape sequence in two pieces', [[0x1b], [0x5b, 0x48]], '\\x1b[H'],
    ['a character that never ends', [[0xc3]], '\\ufffd'],
  ])('shows %s', (_title, pieces, shown) => {
    const { io, text } = collectingIo(true);
    const writer = toByteWriter(io.stdout);
    for (const piece of pieces) writer.write(Uint8Array.from(piece));
    writer.end();
    expect(text('stdout')).toBe(shown);
  });
});

describe('toSafeText', () => {
  it('keeps lines and tabs, and nothing else that acts', () => {
    expect(toSafeText('a\tb\r\nc\x07\x9b1m')).toBe('a\tb\nc\\x07\\x9b1m');
  });
});

describe('toSafeJson', () => {
  it.each([
    ['\x9b31m\x7f\x1b', '"\\u009b31m\\u007f\\u001b"'],
    ['a\u202eb\u2066\u200b\ufeff', '"a\\u202eb\\u2066\\u200b\\ufeff"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['\u{e0001}', '"\\udb40\\udc01"'],
    ['Grüße, мир', '"Grüße, мир"'],
  ])('writes %j so that a terminal does nothing, and it reads the same', (text, json) => {
    expect(toSafeJson(text)).toBe(json);
    expect(JSON.parse(toSafeJson({ text }, 2))).toEqual({ text });
  });

  it('keeps the line feeds of its layout', () => {
    expect(toSafeJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });
});
