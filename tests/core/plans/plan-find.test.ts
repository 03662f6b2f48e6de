/** What a search makes of the answers of find and grep, whichever they are and whatever language they speak. */
import { describe, expect, it } from 'vitest';
import { memoryWorld } from '../../fixtures/memory-world.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

async function search(
  input: object,
  answer: { readonly stdout?: string; readonly stderr?: string; readonly exitCode: number },
): Promise<unknown> {
  const world = memoryWorld();
  world.servers.run = async () => ({
    ...{ stdout: bytes(answer.stdout ?? ''), stderr: bytes(answer.stderr ?? ''), exitCode: answer.exitCode },
  });
  const operation = 'recursive' in input ? 'remote_list_dir' : 'remote_find';
  return world.ask(operation, { server: 'web-1', path: '/srv', ...input });
}

describe('a search', () => {
  it.each<[string, object, { stdout?: string; stderr?: string; exitCode: number }, object]>([
    [
      'one name that is not UTF-8 among others',
      { glob: '*' },
      { stdout: '/srv/caf\xe9\0/srv/plain\0', exitCode: 0 },
      { status: 'ok', data: { matches: [{ path: '/srv/caf\u{10f7e9}' }, { path: '/srv/plain' }] } },
    ],
    [
      'such a name and a line that is not UTF-8 either',
      { pattern: 'x' },
      { stdout: '/srv/caf\xe9\x001:x\xe9\n', exitCode: 0 },
      { status: 'ok', data: { matches: [{ path: '/srv/caf\u{10f7e9}', line: 1, text: 'x\ufffd' }] } },
    ],
    [
      'a listing with such a name',
      { recursive: true },
      { stdout: 'f\t1\t644\troot\t1700000000\tcaf\xe9\0', exitCode: 0 },
      {
        status: 'ok',
        data: { entries: [{ name: 'caf\u{10f7e9}' }], warnings: [expect.stringContaining('not UTF-8')] },
      },
    ],
    [
      'a folder that may not be read, in German',
      { glob: '*' },
      { stdout: '/srv/a\0', stderr: "find: '/srv/b': Keine Berechtigung\n", exitCode: 1 },
      { status: 'ok', data: { matches: [{ path: '/srv/a' }], warnings: ["find: '/srv/b': Keine Berechtigung"] } },
    ],
    [
      'nothing but a complaint, in German',
      { glob: '*' },
      { stderr: "find: '/srv': Datei oder Verzeichnis nicht gefunden\n", exitCode: 1 },
      { status: 'error', code: 'NON_ZERO_EXIT' },
    ],
    [
      'a find without -printf',
      { recursive: true },
      { stderr: 'find: unrecognized: -printf\nBusyBox v1.35.0 multi-call binary.\n\nUsage: find [-HL]\n', exitCode: 1 },
      { status: 'error', code: 'UNSUPPORTED', data: { entries: [], warnings: [] } },
    ],
    [
      'a find of a BSD',
      { recursive: true },
      { stderr: 'find: -printf: unknown primary or operator\n', exitCode: 1 },
      { status: 'error', code: 'UNSUPPORTED' },
    ],
    [
      'a grep without --null',
      { pattern: 'x' },
      { stderr: "grep: unrecognized option '--null'\nBusyBox v1.35.0 multi-call binary.\n", exitCode: 1 },
      { status: 'error', code: 'UNSUPPORTED', message: expect.stringContaining('remote_exec') },
    ],
  ])('that meets %s says what it found and what it could not', async (_what, input, answer, expected) => {
    expect(await search(input, answer)).toMatchObject(expected);
  });
});
