/** Reads of a part of a file: what is cut out, and that no choice of a part shows a piece of a secret. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { limits } from '../../../src/core/limits.ts';
import { showPart } from '../../../src/core/plans/text.ts';
import { memoryWorld } from '../../fixtures/memory-world.ts';

const operator = { caller: { origin: 'operator', session: null, agent: null, servers: 'all' } } as const;

function worldWith(content: string) {
  const redactor = createRedactor({ key: Buffer.alloc(32, 7) });
  const world = memoryWorld({ target: { redactOutput: true }, redactor });
  world.servers.files.set('/srv/app', content);
  const read = async (part: object, more: object = {}) => {
    const { data, code } = await world.ask('remote_read_file', { server: 'web-1', path: '/srv/app', ...part }, more);
    return { ...data, code } as {
      content: string;
      redacted: number;
      truncated: boolean;
      sha256: string;
      code?: string;
    };
  };
  return { world, read };
}

const keyLines = Array.from({ length: 12 }, (_, line) => String(line % 10).repeat(8) + 'AbCdEfGh'.repeat(7));
const file = [
  'user = app',
  'password = Tr0ub4dor-and-3',
  'note = größer',
  'token: ghp_0123456789abcdefghijklmnopqrstuvwxyz',
  '-----BEGIN PRIVATE KEY-----',
  ...keyLines,
  '-----END PRIVATE KEY-----',
  'port = 80',
  '',
].join('\n');
const secrets = ['Tr0ub4dor-and-3', '0123456789abcdefghijklmnopqrstuvwxyz', ...keyLines];

/** Pieces of four characters, which is less than anybody could use. */
const pieces = secrets.flatMap((secret) =>
  Array.from({ length: secret.length - 3 }, (_, at) => secret.slice(at, at + 4)),
);

describe('a part of a file', () => {
  it.each([1, 7, 16, 40, 200])('of %d bytes shows no piece of a secret, wherever it begins', async (length) => {
    const { read } = worldWith(file);
    for (let offset = 0; offset < file.length; offset += 3) {
      const { content, code } = await read({ offset, length });
      expect(code).toBeUndefined();
      const bare = content.replaceAll(/«redacted:[0-9a-f]+»/g, ' ');
      expect(pieces.filter((piece) => bare.includes(piece))).toEqual([]);
    }
  });

  it.each([1, 2, 5])('of %d lines shows none either', async (limit) => {
    const { read } = worldWith(file);
    for (let line = 1; line <= file.split('\n').length; line += 1) {
      const { content } = await read({ line, limit });
      const bare = content.replaceAll(/«redacted:[0-9a-f]+»/g, ' ');
      expect(pieces.filter((piece) => bare.includes(piece))).toEqual([]);
    }
  });

  it('shows none of a file that is not text', () => {
    const secret = Buffer.from('password=Tr0ub4dor-and-3\n');
    const binary = Buffer.concat([Buffer.from([0xff, 0xfe, 0]), secret, Buffer.from([0xc3, 0xff, 0xff, 0xff, 0xff])]);
    const reader = { redact: 'secrets', redactor: createRedactor({ key: Buffer.alloc(32, 7) }) } as const;
    for (let start = 0; start < binary.length; start += 1) {
      const { text, encoding } = showPart(binary, { start, end: binary.length }, reader);
      const shown = encoding === 'base64' ? Buffer.from(text, 'base64').toString('latin1') : text;
      expect(pieces.filter((piece) => shown.includes(piece))).toEqual([]);
    }
  });

  it.each([
    [{ offset: 5, length: 4 }, '= ap', true],
    [{ offset: 0, length: 10 }, 'user = app', true],
    [{ line: 1, limit: 1 }, 'user = app\n', true],
    [{ line: 3, limit: 1 }, 'note = größer\n', true],
    [{ offset: Buffer.byteLength(file) - 10 }, 'port = 80\n', false],
    [{ line: file.split('\n').length - 1 }, 'port = 80\n', false],
    [{ offset: Buffer.byteLength(file) + 5 }, '', false],
    [{ line: 1_000 }, '', false],
  ])('%j is exactly what was asked for', async (part, content, truncated) => {
    const { read } = worldWith(file);
    expect(await read(part)).toMatchObject({ content, truncated, redacted: 0 });
    expect(await read(part, operator)).toMatchObject({ content, truncated });
  });

  it('is shown to the operator as it is', async () => {
    const { read } = worldWith(file);
    const offset = file.indexOf('Tr0ub');
    expect(await read({ offset, length: 15 }, operator)).toMatchObject({ content: 'Tr0ub4dor-and-3', redacted: 0 });
  });

  it('is never longer than the bound, and the bytes around it are not counted', async () => {
    const { read } = worldWith(`password=Tr0ub4dor-and-3\n${'x\n'.repeat(limits.readBytesMax)}`);
    const { content, truncated } = await read({ offset: 25 });
    expect([content.length, truncated]).toEqual([limits.readBytesMax, true]);
    expect((await read({})).content.length).toBeLessThanOrEqual(limits.readBytesMax + 20);
  });
});
