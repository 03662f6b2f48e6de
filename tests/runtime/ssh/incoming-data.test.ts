/** What is read of files goes from the answers straight to its place; everything else reaches ssh2 as it came. */
import { describe, expect, it } from 'vitest';
import { IncomingData } from '../../../src/runtime/ssh/incoming-data.ts';
import fc from '../../fixtures/properties.ts';

type Answer =
  | { readonly kind: 'data'; readonly id: number; readonly content: Buffer }
  | { readonly kind: 'other'; readonly type: number; readonly rest: Buffer };

const toUint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const toMessage = (type: number, rest: Buffer): Buffer =>
  Buffer.concat([toUint32(1 + rest.length), Buffer.from([type]), rest]);
const toData = (id: number, content: Buffer, length = content.length): Buffer =>
  toMessage(103, Buffer.concat([toUint32(id), toUint32(length), content]));
const toBytes = (answer: Answer): Buffer =>
  answer.kind === 'data' ? toData(answer.id, answer.content) : toMessage(answer.type, answer.rest);

/** Reads wait for all ids below 100, each in room for 64 bytes. */
function open() {
  const reads = new Map<number, { into: Buffer; bytes: number | null }>();
  const incoming = new IncomingData((id) => {
    if (id >= 100) return null;
    const read = { into: Buffer.alloc(64), bytes: null as number | null };
    reads.set(id, read);
    return { into: read.into, settle: (bytes) => void (read.bytes = bytes) };
  });
  return { reads, incoming };
}

const bytes = fc.uint8Array({ maxLength: 64 }).map((content) => Buffer.from(content));
const answers = fc
  .array(
    fc.oneof(
      bytes.map((content) => ({ kind: 'data', content }) as const),
      fc.record({ kind: fc.constant('other' as const), type: fc.constantFrom(2, 101, 102, 104, 105), rest: bytes }),
    ),
    { maxLength: 12 },
  )
  .map((list) => list.map((one, id): Answer => (one.kind === 'data' ? { ...one, id } : one)));

describe('answers with data', () => {
  it('are put where they were asked for, in whatever pieces they come; the others go on unchanged and in order', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (list, sizes) => {
        const { reads, incoming } = open();
        const sent = Buffer.concat(list.map(toBytes));
        const left: Buffer[] = [];
        for (let at = 0, piece = 0; at < sent.length; piece += 1) {
          const end = at + (sizes[piece % sizes.length] ?? 1);
          left.push(Buffer.from(incoming.take(sent.subarray(at, end))));
          at = end;
        }
        expect(Buffer.concat(left)).toEqual(Buffer.concat(list.filter(({ kind }) => kind === 'other').map(toBytes)));
        for (const answer of list) {
          if (answer.kind === 'other') continue;
          const { content, id } = answer;
          expect(reads.get(id)?.bytes).toBe(content.length);
          expect(reads.get(id)?.into.subarray(0, content.length)).toEqual(content);
        }
      }),
    );
  });

  it.each([
    ['nobody waits for', toData(100, Buffer.from('abc'))],
    ['are longer than was asked for', toData(1, Buffer.alloc(65))],
    ['say that they are longer than they are', toData(1, Buffer.from('abc'), 4)],
    ['say that they are shorter than they are', toData(1, Buffer.from('abc'), 2)],
  ])('that %s are left to ssh2, and what follows is read as before', (_what, message) => {
    const { reads, incoming } = open();
    expect(incoming.take(Buffer.concat([message, toData(2, Buffer.from('next'))]))).toEqual(message);
    expect(reads.get(1)?.bytes ?? null).toBeNull();
    expect(reads.get(2)?.bytes).toBe(4);
  });

  it('are settled once all of them is there', () => {
    const { reads, incoming } = open();
    const message = toData(3, Buffer.from('whole'));
    incoming.take(message.subarray(0, -1));
    expect(reads.get(3)?.bytes).toBeNull();
    incoming.take(message.subarray(-1));
    expect(reads.get(3)).toMatchObject({ bytes: 5 });
  });
});
