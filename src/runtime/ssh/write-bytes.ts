/** Writing into an open file with all requests in flight. It knows nothing of paths or of how the file came to be open. */
import type { InputAttributes } from 'ssh2';
import type { SftpChannel } from './sftp-channel.ts';

export interface FinishingTouches {
  /** Owner first: a change of owner clears the set-user-id bit that the mode may hold. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly mode: number | null;
  /** Cut to the length of the content: for a file that may have been longer. */
  readonly length: 'keep' | 'cut';
}

/**
 * Writes the content from the first byte, then owner, mode and length, makes it durable where the server can, and closes the handle.
 * Everything is sent at once; a server carries out requests on one handle in their order. Throws the first failure after all have ended.
 */
export async function writeAndClose(
  sftp: SftpChannel,
  handle: Buffer,
  content: Uint8Array,
  { owner, mode, length }: FinishingTouches,
): Promise<void> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const requests: Promise<unknown>[] = [];
  // No slice is longer than one request may be: ssh2 would send its rest only after the close that follows here.
  for (let at = 0; at < bytes.length; at += sftp.writeBytesMax) {
    const count = Math.min(sftp.writeBytesMax, bytes.length - at);
    requests.push(
      sftp.request((wrapper, done) => wrapper.write(handle, bytes, at, count, at, (error) => done(error, undefined))),
    );
  }
  const change = (attributes: InputAttributes): void => {
    requests.push(
      sftp.request((wrapper, done) => wrapper.fsetstat(handle, attributes, (error) => done(error, undefined))),
    );
  };
  if (length === 'cut') change({ size: bytes.length });
  if (owner !== null) change({ uid: owner.uid, gid: owner.gid });
  if (mode !== null) change({ mode });
  if (sftp.hasFsync)
    requests.push(
      sftp.request((wrapper, done) => wrapper.ext_openssh_fsync(handle, (error) => done(error, undefined))),
    );
  requests.push(sftp.request((wrapper, done) => wrapper.close(handle, (error) => done(error, undefined))));
  const settled = await Promise.allSettled(requests);
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
