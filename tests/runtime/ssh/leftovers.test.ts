/** What a lost connection left on a server, cleared away before anything else is changed there; a file service in memory answers as it is told. */
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import type { ChangeFound } from '../../../src/core/unfinished-writes.ts';
import type { Connection } from '../../../src/runtime/ssh/connection.ts';
import { Leftovers, type OwnFound } from '../../../src/runtime/ssh/leftovers.ts';
import { SftpStatusError } from '../../../src/runtime/ssh/sftp-channel.ts';

type Answers = Readonly<Record<string, () => unknown>>;

const room = '/srv/.signalbox-A-1.tmp';
const own = { server: 'web-1', address: 'me@web-1:22', temporaryPaths: [room] };
const write = { kind: 'write-file', path: '/srv/it' } as const;

/** What is not named fails like a file that is in the way. */
function connectionWith(answers: Answers): Connection {
  const wrapper = new Proxy(
    {},
    {
      get:
        (_none, name: string) =>
        (...args: readonly unknown[]) => {
          const done = args.at(-1) as (error: unknown, value?: unknown) => void;
          try {
            done(null, answer(answers, name));
          } catch (error) {
            done(error);
          }
        },
    },
  );
  const request = (send: (w: unknown, done: (error: unknown, value?: unknown) => void) => void): Promise<unknown> =>
    new Promise((resolve, reject) => send(wrapper, (error, value) => (error ? reject(error) : resolve(value))));
  const sftp = { request, hasPosixRename: true };
  return {
    target: { id: 'web-1', address: 'me@web-1:22' },
    isFar: false,
    sftp: async () => sftp,
  } as unknown as Connection;
}

function answer(answers: Answers, name: string): unknown {
  const one = answers[name];
  if (one === undefined) throw new SftpStatusError(4, 'Failure');
  return one();
}

const silent = (): never => {
  throw new OperationError('TIMEOUT', 'No answer.', { outcomeUnknown: true });
};

describe('what could not be cleared away', () => {
  it('keeps each change of the moment from beginning, not only the first', async () => {
    const leftovers = new Leftovers();
    leftovers.add(own);
    const stuck = connectionWith({ unlink: silent });
    const another = { kind: 'remove-file', path: '/srv/another' } as const;
    const told = await Promise.allSettled([write, another, write].map((each) => leftovers.clear(stuck, each)));
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('keeps a change of the same folder from beginning, and nothing else', async () => {
    const leftovers = new Leftovers();
    leftovers.add(own);
    const stuck = connectionWith({ unlink: silent });
    await expect(leftovers.clear(stuck, write)).rejects.toMatchObject({
      ...{ code: 'UNREACHABLE', outcomeUnknown: false },
      message: expect.stringContaining(`/srv/it was not touched: ${room}`),
    });
    await leftovers.clear(stuck, { kind: 'write-file', path: '/etc/other' });
    await leftovers.clear(stuck, { kind: 'exec' });
    await expect(leftovers.clear(stuck, { ...write, kind: 'remove-file' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    const removed: string[] = [];
    await leftovers.clear(connectionWith({ unlink: () => removed.push('one') }), write);
    await leftovers.clear(connectionWith({ unlink: () => removed.push('two') }), write);
    expect(removed).toEqual(['one']);
  });

  it('is waited for by a change that comes while another operation clears it away', async () => {
    const leftovers = new Leftovers();
    leftovers.add(own);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const order: string[] = [];
    const connection = connectionWith({ unlink: () => order.push('cleared') });
    const slow = { ...connection, sftp: () => opened.then(() => connection.sftp()) } as unknown as Connection;
    const first = leftovers.clear(slow, { kind: 'exec' });
    const second = leftovers.clear(connection, write).then(() => order.push('begun'));
    open();
    await Promise.all([first, second]);
    expect(order).toEqual(['cleared', 'begun']);
  });
});

describe("somebody else's file that was taken away and did not get its name back", () => {
  const expectedSha256 = 'a'.repeat(64);
  // A folder stands where the file was: it is none that was wanted, and it cannot be moved back.
  const answers = { lstat: () => ({ isFile: () => false }), realpath: () => room };
  const removal = { path: '/srv/it', expectedSha256 };

  it('is told to the operation that is under way, with where it is', async () => {
    const leftovers = new Leftovers();
    const found: OwnFound[] = [];
    leftovers.add({ ...own, removal }, (one) => found.push(one));
    await leftovers.clear(connectionWith(answers), write);
    expect(found).toEqual([expect.objectContaining({ code: 'CONFLICT', outcomeUnknown: true })]);
    expect(String(found[0])).toContain(`${room}/file`);
  });

  it('is told with what was found later', async () => {
    const leftovers = new Leftovers();
    const found: ChangeFound[] = [];
    leftovers.onFound((one) => found.push(one));
    const change = { auditId: 'A-1', path: '/srv/it', expectedSha256, wantedSha256: null };
    leftovers.add({ ...own, removal, change });
    await leftovers.clear(connectionWith(answers), { kind: 'exec' });
    expect(found).toEqual([expect.objectContaining({ change, problem: expect.stringContaining(`${room}/file`) })]);
  });
});
