/**
 * Names in SFTP as they are, byte for byte: ssh2 reads and writes them as UTF-8, whatever they are, and so takes two files for one. What a server
 * answers is rewritten before ssh2 reads it, and a request with such a name before it leaves. It knows nothing of what requests mean.
 */
import type { SFTPWrapper } from 'ssh2';
import { assert } from '../../base/assert.ts';
import { fromNameBytes, hasOddBytes, toNameBytes } from '../../base/byte-names.ts';

/** SSH_FXP_NAME (draft-ietf-secsh-filexfer-02, section 7): the only answer that holds names. */
const nameAnswer = 104;
/** Length, type, id and count. */
const nameHeadBytes = 13;
/** What ssh2 takes of one answer; a longer one is left to it to refuse. */
const answerBytesMax = 256 * 1024;

/** Takes what the server sends, in pieces of any size, and gives the same with each name as `fromNameBytes` has it. */
export class IncomingNames {
  /** Of an answer with names, of which the rest is still to come. */
  #held: Buffer = Buffer.alloc(0);
  /** Of any other answer, still to come. */
  #restBytes = 0;

  take(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const parts: Buffer[] = [];
    let at = Math.min(this.#restBytes, bytes.length);
    this.#restBytes -= at;
    let asIs = 0;
    for (;;) {
      if (bytes.length - at < 5) break;
      const length = 4 + bytes.readUInt32BE(at);
      const isNames = bytes[at + 4] === nameAnswer && length <= answerBytesMax;
      if (isNames && bytes.length - at < length) break;
      const rewritten = isNames ? rewriteNames(bytes.subarray(at, at + length)) : null;
      if (rewritten !== null) {
        parts.push(bytes.subarray(asIs, at), rewritten);
        asIs = at + length;
      }
      this.#restBytes = Math.max(0, at + length - bytes.length);
      at = Math.min(at + length, bytes.length);
    }
    this.#held = Buffer.from(bytes.subarray(at));
    const last = bytes.subarray(asIs, at);
    return parts.length === 0 ? last : Buffer.concat([...parts, last]);
  }
}

/** Null where every name is as ssh2 would read it. */
function rewriteNames(answer: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  let isOdd = false;
  let at = nameHeadBytes;
  try {
    for (let count = answer.readUInt32BE(9); count > 0; count -= 1) {
      const nameEnd = at + 4 + answer.readUInt32BE(at);
      const longEnd = nameEnd + 4 + answer.readUInt32BE(nameEnd);
      const end = endOfAttributes(answer, longEnd);
      const name = fromNameBytes(answer.subarray(at + 4, nameEnd));
      isOdd ||= hasOddBytes(name);
      // The long form is for people to read, and nobody does.
      parts.push(toString(Buffer.from(name)), toString(Buffer.alloc(0)), answer.subarray(longEnd, end));
      at = end;
    }
  } catch {
    // Not what the protocol says: ssh2 tells so.
    return null;
  }
  if (!isOdd) return null;
  const rewritten = Buffer.concat([answer.subarray(0, nameHeadBytes), ...parts]);
  rewritten.writeUInt32BE(rewritten.length - 4, 0);
  return rewritten;
}

/** Section 5 of the draft. */
function endOfAttributes(answer: Buffer, start: number): number {
  const flags = answer.readUInt32BE(start);
  let at = start + 4;
  if (flags & 1) at += 8;
  if (flags & 2) at += 8;
  if (flags & 4) at += 4;
  if (flags & 8) at += 8;
  if (flags & 0x80000000) {
    const pairs = answer.readUInt32BE(at);
    at += 4;
    for (let string = 0; string < 2 * pairs; string += 1) at += 4 + answer.readUInt32BE(at);
  }
  return at;
}

function toString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * The same wrapper, whose requests carry the bytes of names that are not UTF-8. For such a request only, a name of as many characters stands in
 * for it until ssh2 has made the message, and is replaced in its memory before any of it is sent. Throws when ssh2 makes it in another way
 * than when this was written; then nothing was sent.
 */
export function withNameBytes(sftp: SFTPWrapper): SFTPWrapper {
  return new Proxy(sftp, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      return (...words: unknown[]): unknown =>
        words.some((word) => typeof word === 'string' && hasOddBytes(word))
          ? send(target, value, words)
          : Reflect.apply(value, target, words);
    },
  });
}

function send(sftp: SFTPWrapper, method: unknown, words: readonly unknown[]): unknown {
  const names: { readonly bytes: Buffer; readonly standIn: Buffer }[] = [];
  const replaced = words.map((word) => {
    if (typeof word !== 'string' || !hasOddBytes(word)) return word;
    const bytes = toNameBytes(word);
    // Control characters, so that nothing else in the message is like them; of two names, different ones.
    const standIn = Buffer.alloc(bytes.length, names.length + 1);
    names.push({ bytes, standIn });
    return standIn.toString('latin1');
  });
  const protocol: unknown = Reflect.get(sftp, '_protocol');
  const waiting: unknown = Reflect.get(sftp, '_buffer');
  assert(typeof protocol === 'object' && protocol !== null && Array.isArray(waiting), 'ssh2 is as it was.');
  const waitingBefore = waiting.length;
  let isPut = false;
  const put = (first: Buffer): void => {
    if (isPut) return;
    // Parts of a message share its memory, so the first of them leads to all of it.
    const length = new DataView(first.buffer).getUint32(first.byteOffset);
    const message = Buffer.from(first.buffer, first.byteOffset, 4 + length);
    for (const { bytes, standIn } of names) {
      const at = message.indexOf(toString(standIn));
      assert(at > 0, 'The message holds the name.');
      bytes.copy(message, at + 4);
    }
    isPut = true;
  };
  const own = {
    channelData: (id: unknown, data: Buffer): unknown => {
      put(data);
      return Reflect.apply(Reflect.get(protocol, 'channelData'), protocol, [id, data]);
    },
  };
  Reflect.set(sftp, '_protocol', own);
  try {
    const result: unknown = Reflect.apply(method as (...all: unknown[]) => unknown, sftp, replaced);
    // Without room to send, the whole message waits.
    if (!isPut && waiting.length > waitingBefore) put(waiting[waitingBefore]);
    return result;
  } catch (error) {
    if (!isPut) waiting.length = waitingBefore;
    throw error;
  } finally {
    Reflect.set(sftp, '_protocol', protocol);
  }
}
