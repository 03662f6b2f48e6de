/** fs/read_text_file and fs/write_text_file: every case of the protocol, asked by a real agent process and answered by the real gate. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../../src/core/limits.ts';
import { type Answer, approve, type Conformance, conformance, deny } from '../../../fixtures/conformance.ts';
import { closeWorlds } from '../../../fixtures/fixture-agent.ts';

let one: Conformance;
let two: Conformance;
beforeAll(async () => {
  one = await conformance();
  two = await conformance({ servers: ['web-1', 'db-1'] });
  for (const { memory } of [one, two]) {
    const { files } = memory.servers;
    files.set('/etc/lines', 'a\nb\nc\n');
    files.set('/etc/no-end', 'a\nb');
    files.set('/etc/empty', '');
    files.set('/etc/crlf', 'a\r\nb\r\n');
    files.set('/etc/wide', 'ä\n€\n😀\n');
    files.set('/etc/mark', '\uFEFFa\n');
    files.set('/etc/zero', 'a\0b');
    memory.servers.binaries.set('/bin/tool', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x0a]));
    files.set(
      '/var/huge',
      'x'
        .repeat(99)
        .concat('\n')
        .repeat(limits.readBytesMax / 100 + 50_000),
    );
    memory.servers.binaries.set('/etc/latin', Buffer.from('caf\xe9\n', 'latin1'));
    memory.servers.binaries.set('/etc/latin-end', Buffer.from('caf\xe9', 'latin1'));
    memory.servers.links.set('/etc/link', '/etc/lines');
  }
});
afterAll(closeWorlds);

const failed = (code: number, name: string): Answer =>
  ({ error: { code, message: expect.any(String), data: { code: name, reason: expect.any(String) } } }) as Answer;
const content = (text: string): Answer => ({ result: { content: text } });
const huge = (lines: number): Answer => content('x'.repeat(99).concat('\n').repeat(lines));

describe('fs/read_text_file', () => {
  const cases: readonly [string, object, Answer][] = [
    ['a whole file', { path: '/etc/lines' }, content('a\nb\nc\n')],
    ['a file without a last line end', { path: '/etc/no-end' }, content('a\nb')],
    ['an empty file', { path: '/etc/empty' }, content('')],
    ['line ends as they are', { path: '/etc/crlf' }, content('a\r\nb\r\n')],
    ['characters of two, three and four bytes', { path: '/etc/wide' }, content('ä\n€\n😀\n')],
    ['a byte order mark', { path: '/etc/mark' }, content('\uFEFFa\n')],
    ['text with a zero byte in it', { path: '/etc/zero' }, content('a\0b')],
    ['a link', { path: '/etc/link' }, content('a\nb\nc\n')],
    ['from a line on', { path: '/etc/lines', line: 2 }, content('b\nc\n')],
    ['from the first line on', { path: '/etc/lines', line: 1 }, content('a\nb\nc\n')],
    ['some lines', { path: '/etc/lines', limit: 2 }, content('a\nb\n')],
    ['some lines from one on', { path: '/etc/lines', line: 2, limit: 1 }, content('b\n')],
    ['more lines than there are', { path: '/etc/lines', line: 3, limit: 50 }, content('c\n')],
    ['the last line without its end', { path: '/etc/no-end', line: 2, limit: 1 }, content('b')],
    ['lines behind the end', { path: '/etc/lines', line: 9 }, content('')],
    ['wide lines', { path: '/etc/wide', line: 3, limit: 1 }, content('😀\n')],
    ['null for line and limit', { path: '/etc/lines', line: null, limit: null }, content('a\nb\nc\n')],
    ['a path that is not in its simplest form', { path: '/etc//x/../lines' }, content('a\nb\nc\n')],
    ['the first lines of a huge file', { path: '/var/huge', limit: 2 }, huge(2)],
    ['lines in a huge file', { path: '/var/huge', line: 1000, limit: 3 }, huge(3)],
    ['a missing file, told from a denied one', { path: '/etc/none' }, failed(-32002, 'FILE_NOT_FOUND')],
    ['a missing file by lines', { path: '/etc/none', line: 1 }, failed(-32002, 'FILE_NOT_FOUND')],
    ['bytes that are no text', { path: '/bin/tool' }, failed(-32000, 'UNSUPPORTED')],
    ['lines of what has none', { path: '/bin/tool', line: 1 }, failed(-32000, 'INVALID_ARGUMENT')],
    ['a file of another encoding', { path: '/etc/latin' }, failed(-32000, 'UNSUPPORTED')],
    [
      'a file of another encoding that ends like half a character',
      { path: '/etc/latin-end' },
      failed(-32000, 'UNSUPPORTED'),
    ],
    ['lines of a file of another encoding', { path: '/etc/latin', line: 1 }, failed(-32000, 'INVALID_ARGUMENT')],
    ['a huge file at once', { path: '/var/huge' }, failed(-32000, 'TOO_LARGE')],
    [
      'lines behind what is read of a huge file',
      { path: '/var/huge', line: 80_000, limit: 5 },
      failed(-32000, 'TOO_LARGE'),
    ],
    [
      'lines across the end of what is read',
      { path: '/var/huge', line: 41_940, limit: 9 },
      failed(-32000, 'TOO_LARGE'),
    ],
    ['a huge file from a line on', { path: '/var/huge', line: 3 }, failed(-32000, 'TOO_LARGE')],
    ['line 0', { path: '/etc/lines', line: 0 }, failed(-32000, 'INVALID_ARGUMENT')],
    ['no lines', { path: '/etc/lines', limit: 0 }, failed(-32000, 'INVALID_ARGUMENT')],
    ['a relative path', { path: 'etc/lines' }, failed(-32000, 'INVALID_ARGUMENT')],
    ['a path with a zero byte', { path: '/etc/li\0nes' }, failed(-32000, 'INVALID_ARGUMENT')],
    ['an empty path', { path: '' }, failed(-32000, 'INVALID_ARGUMENT')],
    ['an address', { path: 'file:///etc/lines' }, failed(-32000, 'INVALID_ARGUMENT')],
  ];

  it.each(cases)('gives %s', async (_what, params, expected) => {
    expect(await one.ask('fs/read_text_file', params)).toEqual(expected);
  });

  const places: readonly [string, (folder: string) => string, Answer][] = [
    ['a server’s folder', (folder) => `${folder}/web-1/etc/lines`, content('a\nb\nc\n')],
    ['a server out of scope', (folder) => `${folder}/db-2/etc/lines`, failed(-32000, 'SERVER_NOT_FOUND')],
    ['a server that is not there', (folder) => `${folder}/db-1/etc/lines`, failed(-32000, 'SERVER_NOT_FOUND')],
    ['no server', () => '/etc/lines', failed(-32000, 'SERVER_NOT_FOUND')],
    ['the folder of all', (folder) => folder, failed(-32000, 'SERVER_NOT_FOUND')],
    ['our own notes there', (folder) => `${folder}/AGENTS.md`, failed(-32000, 'SERVER_NOT_FOUND')],
    ['a folder that begins alike', (folder) => `${folder}-other/web-1/etc/lines`, failed(-32000, 'SERVER_NOT_FOUND')],
    ['a way out', (folder) => `${folder}/web-1/../../s2/web-1/etc/lines`, failed(-32000, 'SERVER_NOT_FOUND')],
  ];
  it.each(places)('with two servers reads %s, or says what is valid', async (_what, toPath, expected) => {
    const folder = `${two.world.paths.workFolder}/s1`;
    const answer = await two.ask('fs/read_text_file', { path: toPath(folder) });
    expect(answer).toEqual(expected);
    if (answer.error && JSON.stringify(expected).includes('out of scope'))
      expect(answer.error.message).toContain(folder);
  });
});

describe('fs/write_text_file', () => {
  const writes: readonly [string, string, string, string][] = [
    ['an old file', '/etc/old', 'before\n', 'after\n'],
    ['wide characters', '/etc/old', 'a', 'ä€😀'],
    ['nothing at all', '/etc/old', 'a', ''],
    ['line ends as they are', '/etc/old', 'a', 'a\r\nb'],
  ];
  it.each(writes)('writes %s once it is approved', async (_what, path, before, after) => {
    one.memory.servers.files.set(path, before);
    const asked = one.ask('fs/write_text_file', { path, content: after });
    const card = await one.card();
    expect(one.memory.servers.files.get(path)).toBe(before);
    one.memory.queue.answer(card.id, approve);
    expect(await asked).toEqual({ result: {} });
    expect(one.memory.servers.files.get(path)).toBe(after);
  });

  it('creates a file that is not there', async () => {
    const asked = one.ask('fs/write_text_file', { path: '/etc/brand-new', content: 'x' });
    one.memory.queue.answer((await one.card()).id, approve);
    expect(await asked).toEqual({ result: {} });
    expect(one.memory.servers.files.get('/etc/brand-new')).toBe('x');
  });

  it('writes nothing that was denied, and says why', async () => {
    const asked = one.ask('fs/write_text_file', { path: '/etc/lines', content: 'x' });
    one.memory.queue.answer((await one.card()).id, deny);
    expect(await asked).toMatchObject({
      error: { code: -32000, data: { code: 'APPROVAL_DENIED', reason: expect.stringContaining('not now') } },
    });
    expect(one.memory.servers.files.get('/etc/lines')).toBe('a\nb\nc\n');
  });

  it.each([
    ['a relative path', { path: 'x', content: '' }, failed(-32000, 'INVALID_ARGUMENT')],
    ['the work folder', { path: '/', content: '' }, expect.objectContaining({ error: expect.anything() })],
    ['no content', { path: '/etc/x' }, expect.objectContaining({ error: expect.objectContaining({ code: -32602 }) })],
  ])('writes nothing to %s', async (_what, params, expected) => {
    const asked = one.ask('fs/write_text_file', params);
    const { queue } = one.memory;
    const subscription = queue.onAdded(({ id }) => queue.answer(id, deny));
    expect(await asked).toEqual(expected);
    subscription.dispose();
  });
});
