/** A change whose connection was lost, where the server is reached again and does not let us look: what became of it stays unknown. */
import { expect, it } from 'vitest';
import type { WriteFileAction } from '../../../src/core/action.ts';
import { type Code, OperationError } from '../../../src/core/codes.ts';
import type { UnfinishedWrite } from '../../../src/core/unfinished-writes.ts';
import type { Connection } from '../../../src/runtime/ssh/connection.ts';
import { Leftovers } from '../../../src/runtime/ssh/leftovers.ts';
import { performChange } from '../../../src/runtime/ssh/perform-change.ts';
import { SftpStatusError } from '../../../src/runtime/ssh/sftp-channel.ts';
import { verifyWritten } from '../../../src/runtime/ssh/write-file.ts';
import { finishInPlace } from '../../../src/runtime/ssh/write-in-place.ts';

const action: WriteFileAction = {
  ...{ kind: 'write-file', path: '/srv/it', content: new TextEncoder().encode('new'), expectedSha256: 'a'.repeat(64) },
  ...{ mode: null, replace: 'atomic', createFolders: [] },
};

class SeenLeftovers extends Leftovers {
  readonly added: UnfinishedWrite[] = [];
  override add(write: UnfinishedWrite): void {
    this.added.push(write);
  }
}

/** The first connection is lost in the middle, the second is not there for this reason. */
async function change(
  code: Code,
  isUnknown: boolean,
): Promise<{ error: unknown; tries: number; added: readonly UnfinishedWrite[] }> {
  const leftovers = new SeenLeftovers();
  let tries = 0;
  const error: unknown = await performChange(action, {
    ...{
      auditId: 'A-1',
      target: { id: 'web-1', address: 'me@web-1:22' },
      signal: new AbortController().signal,
      leftovers,
    },
    beginRetry: () => ({ pause: async () => undefined, dispose: () => undefined }),
    redeem: () => undefined,
    use: () => {
      tries += 1;
      const isFirst = tries === 1;
      return Promise.reject(
        new OperationError(isFirst ? 'CONNECTION_LOST' : code, 'No.', { outcomeUnknown: isFirst && isUnknown }),
      );
    },
  }).catch((failure: unknown) => failure);
  return { error, tries, added: leftovers.added };
}

it.each(['AUTH_FAILED', 'HOST_KEY_UNKNOWN', 'CREDENTIALS_UNAVAILABLE', 'CANCELLED', 'PERMISSION_DENIED'] as const)(
  'after %s, too, and is looked up later',
  async (code) => {
    const { error, tries, added } = await change(code, true);
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', outcomeUnknown: true });
    expect(tries).toBe(2);
    expect(added).toEqual([expect.objectContaining({ change: expect.objectContaining({ auditId: 'A-1' }) })]);
  },
);

it('but where nothing had been sent, nothing is unknown', async () => {
  const { error, added } = await change('AUTH_FAILED', false);
  expect(error).toMatchObject({ code: 'AUTH_FAILED', outcomeUnknown: false });
  expect(added).toEqual([]);
});

it('and a file that was written stays written where the file service does not open again for the look at it', async () => {
  const connection = {
    target: { id: 'web-1' },
    sftp: () => Promise.reject(new OperationError('UNSUPPORTED', 'It takes no session more.')),
  } as unknown as Connection;
  await expect(verifyWritten(connection, action, [])).rejects.toMatchObject({
    ...{ code: 'UNSUPPORTED', outcomeUnknown: true },
    message: '/srv/it on web-1 was written, but could not be verified: It takes no session more.',
  });
});

it('and one that was half written in place stays unknown where it may not be written to its end', async () => {
  const sftp = { request: () => Promise.reject(new SftpStatusError(3, 'Permission denied')) };
  const connection = {
    target: { id: 'web-1', username: 'me' },
    sftp: async () => sftp,
  } as unknown as Connection;
  await expect(finishInPlace(connection, action, () => true)).rejects.toMatchObject({
    ...{ code: 'PERMISSION_DENIED', outcomeUnknown: true },
    message: expect.stringContaining('may hold parts of the old and the new content'),
  });
});
