/** Reading an open file with several requests in flight. It knows nothing of paths or limits of operations. */
import { promiseWithResolvers } from '../../base/promise-with-resolvers.ts';
import { readMemory } from './read-memory.ts';
import type { SftpChannel } from './sftp-channel.ts';

/** Requests at once, of 256 KiB each: 160 MB/s at 50 ms. They are answered into one buffer that is there already. */
const inFlightMax = 32;
const askedTogether = 8;
/** What an answer has beside its bytes, generously. */
const answerHeaderBytes = 64;

/**
 * Bytes from `start`, `bytesMax` at most. `expectedBytes` is how many there should be; 0 when the size is not known (files of /proc say
 * 0), then one request follows the other to the end. A file that shrinks meanwhile gives the bytes before its new end.
 */
export async function readBytes(
  sftp: SftpChannel,
  handle: Buffer,
  start: number,
  expectedBytes: number,
  bytesMax: number,
): Promise<Buffer> {
  if (expectedBytes === 0) return readToEnd(sftp, handle, start, bytesMax);
  // Never shown where nothing was read: what is before `end` was filled.
  const buffer = readMemory.take(Math.min(expectedBytes, bytesMax));
  let next = 0;
  let end = buffer.length;
  let inFlight = 0;
  const { promise, resolve, reject } = promiseWithResolvers<void>();
  async function readPart(from: number, length: number): Promise<void> {
    const count = await readFully(sftp, handle, buffer.subarray(from, from + length), start + from);
    if (count < length) end = Math.min(end, from + count);
  }
  const fail = (error: Error): void => {
    end = 0;
    reject(error);
  };
  const ask = (): void => {
    sftp.expect(Math.min(buffer.length, inFlightMax * sftp.readBytesMax) + inFlightMax * answerHeaderBytes);
    for (; inFlight < inFlightMax && next < end; inFlight += 1) {
      const from = next;
      next += Math.min(sftp.readBytesMax, buffer.length - from);
      readPart(from, next - from).then(handlePart, fail);
    }
  };
  const handlePart = (): void => {
    inFlight -= 1;
    // Several leave together, since each message costs as much as many bytes of an answer.
    if (next < end && inFlight <= inFlightMax - askedTogether) sftp.together(ask);
    if (inFlight === 0) resolve();
  };
  sftp.together(ask);
  await promise;
  return buffer.subarray(0, end);
}

async function readToEnd(sftp: SftpChannel, handle: Buffer, start: number, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes < bytesMax) {
    const chunk = Buffer.alloc(Math.min(sftp.readBytesMax, bytesMax - bytes));
    const count = await readOnce(sftp, handle, chunk, start + bytes);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    bytes += count;
  }
  return Buffer.concat(chunks);
}

/** A server may answer with fewer bytes than asked for before the end; only an empty answer is the end. */
async function readFully(sftp: SftpChannel, handle: Buffer, into: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await readOnce(sftp, handle, into.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readOnce(sftp: SftpChannel, handle: Buffer, into: Buffer, position: number): Promise<number> {
  return sftp.request<number>((wrapper, done) => wrapper.read(handle, into, 0, into.length, position, done));
}
