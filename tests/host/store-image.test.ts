/** "Store the after-image now": what a half-recorded change lacks is read through the gate and kept. */
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../src/core/codes.ts';
import { storeImage } from '../../src/host/store-image.ts';

type Parts = Parameters<typeof storeImage>[0];
type Store = Parameters<typeof storeImage>[1];

function world(answers: Readonly<Record<string, object>>, tool = 'remote_write_file') {
  const calls: string[] = [];
  const committed: unknown[] = [];
  const appended: Record<string, unknown>[] = [];
  const events: unknown[] = [];
  const parts = {
    gate: {
      perform: async ({ operation }: { operation: string }) => {
        calls.push(operation);
        return { status: 'ok', data: {}, ...answers[operation] };
      },
    },
    audit: {
      records: async () => [
        { type: 'intent', id: 'a', tool, server: 'web-1', path: '/link' },
        { type: 'result', id: 'a', status: 'partial_failure', changedPath: '/real' },
      ],
      append: async (entries: Record<string, unknown>[]) => void appended.push(...entries),
    },
    snapshots: {
      commit: async (image: unknown) => {
        committed.push(image);
        return 'c'.repeat(40);
      },
    },
  } as unknown as Parts;
  const store = {
    view: { openItems: [{ auditId: 'a', kind: 'partial_failure', server: 'web-1' }] },
    publish: (event: unknown) => events.push(event),
  } as unknown as Store;
  const run = (id = 'a') =>
    storeImage(parts, store, id, { client: 'cli', workspace: null, signal: new AbortController().signal });
  return { run, calls, committed, appended, events };
}

// sha256 of "hi\n"
const sha256 = '98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4';
const stat = { data: { mode: '0640', owner: 'root', size: 3 } };
const read = { data: { content: 'hi\n', encoding: 'utf-8', sha256, truncated: false, redacted: 0 } };

describe('storing the after-image', () => {
  it('reads the file through the gate, keeps it, records it and closes the item', async () => {
    const { run, calls, committed, appended, events } = world({ remote_stat: stat, remote_read_file: read });
    expect(await run()).toContain(sha256);
    expect(calls).toEqual(['remote_stat', 'remote_read_file']);
    expect(committed).toMatchObject([{ kind: 'content', sha256, mode: 0o640, owner: 'root' }]);
    expect(appended).toMatchObject([
      { type: 'progress', id: 'a', changedPath: '/real', afterSha256: sha256, commit: 'c'.repeat(40) },
      { type: 'acknowledged', id: 'a', approver: 'operator@cli' },
    ]);
    expect(events).toEqual([{ type: 'openItem.removed', auditId: 'a' }]);
  });

  it('keeps that it is absent', async () => {
    const { run, committed, appended } = world({
      remote_stat: { status: 'error', code: 'FILE_NOT_FOUND', message: '' },
    });
    await run();
    expect(committed).toEqual([{ kind: 'absent' }]);
    expect(appended[0]).toMatchObject({ afterSha256: null });
  });

  it('keeps only the hash of a text that came redacted', async () => {
    const redacted = { data: { ...read.data, content: 'h«redacted:0000»', redacted: 1 } };
    const { run, committed } = world({ remote_stat: stat, remote_read_file: redacted });
    await run();
    expect(committed).toEqual([{ kind: 'hash-only', sha256, size: 3, mode: 0o640, owner: 'root' }]);
  });

  it.each<[string, Record<string, object>, string]>([
    [
      'the server cannot be reached',
      { remote_stat: { status: 'error', code: 'UNREACHABLE', message: 'No route.' } },
      'UNREACHABLE',
    ],
    [
      'the read is denied',
      { remote_stat: stat, remote_read_file: { status: 'error', code: 'APPROVAL_DENIED' } },
      'APPROVAL_DENIED',
    ],
    [
      'the file is too large',
      { remote_stat: stat, remote_read_file: { data: { ...read.data, sha256: null } } },
      'TOO_LARGE',
    ],
  ])('leaves the item open when %s', async (_what, answers, code) => {
    const { run, committed, appended, events } = world(answers);
    await expect(run()).rejects.toMatchObject({ code });
    expect([committed, appended, events]).toEqual([[], [], []]);
  });

  it('refuses an item that is not open, and one that changed no file', async () => {
    await expect(world({}).run('b')).rejects.toBeInstanceOf(OperationError);
    const command = world({}, 'remote_exec');
    await expect(command.run()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(command.calls).toEqual([]);
  });
});
