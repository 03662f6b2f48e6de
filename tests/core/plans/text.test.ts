/** Bytes to text at a bound: half a character is left out, and a byte of another encoding never is. */

import { describe, expect, it } from 'vitest';
import { showPart, toText, toTextCut } from '../../../src/core/plans/text.ts';
import fc, { anyCharacter } from '../../fixtures/properties.ts';
import { plainRedactor } from '../../fixtures/word-policy.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('text', () => {
  it('is what a strict decoder makes of the bytes, byte order mark and all', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const decode = (bytes: Uint8Array): string | null => {
      try {
        return strict.decode(bytes);
      } catch {
        return null;
      }
    };
    const part = fc.oneof(
      fc.string({ unit: anyCharacter }).map((text) => Buffer.from(text)),
      fc.constantFrom('\xef\xbb\xbf', '\xe9', '\xc0\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80').map(latin),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
        const bytes = Buffer.concat(parts);
        expect(toText(bytes)).toBe(decode(bytes));
      }),
    );
  });
});

describe('text that was cut', () => {
  it('is a beginning of the text, less than one character shorter, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat(80), (text, cut) => {
        const bytes = Buffer.from(text);
        const shown = toTextCut(bytes.subarray(0, cut));
        expect(shown).not.toBeNull();
        expect(text.startsWith(shown ?? '-')).toBe(true);
        expect(Math.min(cut, bytes.length) - Buffer.byteLength(shown ?? '')).toBeLessThan(4);
      }),
    );
  });

  it.each([
    'caf\xe9\n',
    '\x7fELF\xff\xfe\n',
    'a\xff',
    'a\x80',
    '\xc0',
    '\xf5',
    'a\xe9b',
    '\xed\xa0\x80x',
    '\x80\x80\x80\x80',
  ])('is none when it is no text: %j', (bytes) => {
    expect(toTextCut(latin(bytes))).toBeNull();
  });
});

it('a whole file in another encoding is told as bytes, so that nobody writes it back shorter', () => {
  const bytes = latin('caf\xe9');
  const reader = { redact: 'nothing', redactor: plainRedactor } as const;
  const range = { start: 0, end: bytes.length };
  expect(showPart(bytes, { ...range, whole: true }, reader)).toMatchObject({ encoding: 'base64', text: 'Y2Fm6Q==' });
  expect(showPart(bytes, range, reader)).toMatchObject({ encoding: 'utf-8', text: 'caf' });
});
