/** Names as text and back: every byte counts, and no two names share a text. */
import { describe, expect, it } from 'vitest';
import { fromNameBytes, hasOddBytes, isNameText, toNameBytes } from '../../src/base/byte-names.ts';
import { escapeExact } from '../../src/base/display/escape.ts';
import fc, { anyCharacter } from '../fixtures/properties.ts';

/** Much of it is nearly UTF-8, and some of it the characters that stand for bytes. */
const parts = [
  fc.uint8Array({ maxLength: 4 }),
  fc.string({ unit: anyCharacter, maxLength: 3 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc
    .constantFrom('\u{10f7e9}', '\ufffd', 'é', 'é'.slice(0, 1), '\u{10f780}\u{10f7ff}')
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom([0xc3], [0xf4, 0x8f], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98], [0xff])
    .map((bytes) => Buffer.from(bytes)),
] as const;
const names = fc.array(fc.oneof(...parts), { maxLength: 6 }).map((all) => Buffer.concat(all));

describe('the text of a name', () => {
  it('gives the same bytes back, whatever they are, and is the only text that does', () => {
    fc.assert(
      fc.property(names, (bytes) => {
        const text = fromNameBytes(bytes);
        expect(toNameBytes(text)).toEqual(bytes);
        expect(isNameText(text)).toBe(true);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  it('is another for other bytes, as it is shown, too', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(escapeExact(fromNameBytes(one)) === escapeExact(fromNameBytes(other))).toBe(one.equals(other));
      }),
    );
  });

  it.each([
    ['letters', Buffer.from('grün'), 'grün'],
    ['a byte of Latin-1', Buffer.from([0x63, 0xe9]), 'c\u{10f7e9}'],
    ['a character cut in half', Buffer.from([0xc3]), '\u{10f7c3}'],
    ['the character that decoders put for others', Buffer.from('\ufffd'), '\ufffd'],
    ['a character that stands for a byte', Buffer.from('\u{10f7e9}'), '\u{10f7f4}\u{10f78f}\u{10f79f}\u{10f7a9}'],
  ])('of %s', (_what, bytes, text) => {
    expect(fromNameBytes(bytes)).toBe(text);
    expect(hasOddBytes(text)).toBe(/[\u{10f780}-\u{10f7ff}]/u.test(text));
  });

  it.each(['\u{10f7c3}\u{10f7a9}', '\ud800', 'a\u{10f7e2}\u{10f782}\u{10f7ac}b'])('is never %j', (text) => {
    expect(isNameText(text)).toBe(false);
  });
});
