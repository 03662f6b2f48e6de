/** Escaping plain output for a recording: byte for byte what JSON.stringify makes of it. */
import { describe, expect, it } from 'vitest';
import { asciiBytesMax, toAsciiLine, toEventLine } from '../../../src/core/recording/asciicast.ts';
import { escapeAscii, escapedBytesMax } from '../../../src/core/recording/escape-output.ts';
import fc from '../../fixtures/properties.ts';

const everyByte = Uint8Array.from({ length: 128 }, (_, byte) => byte);
const odd = [0, 9, 10, 13, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x7f];
const output = fc
  .array(fc.oneof(fc.constantFrom(...odd), fc.integer({ min: 0x20, max: 0x7f })), { maxLength: 80 })
  .map((bytes) => Uint8Array.from(bytes));

const slow = (bytes: Uint8Array, withReturns: boolean): string => {
  const text = Buffer.from(bytes).toString('latin1');
  return toEventLine({ kind: 'output', atSeconds: 1.5, text: withReturns ? text.replace(/\r?\n/g, '\r\n') : text });
};

describe('a line of plain output', () => {
  it('is as JSON has it, wherever its bytes lie in memory', () => {
    fc.assert(
      fc.property(output, fc.boolean(), fc.nat(7), (bytes, withReturns, offset) => {
        const memory = new Uint8Array(offset + bytes.length + 1).fill(0x22);
        memory.set(bytes, offset);
        const part = memory.subarray(offset, offset + bytes.length);
        expect(toAsciiLine(1.5, part, { withReturns }).toString()).toBe(slow(bytes, withReturns));
      }),
    );
  });

  it.each([true, false])('holds every character in every place of eight (returns: %s)', (withReturns) => {
    for (let shift = 0; shift < 8; shift += 1) {
      const bytes = Buffer.concat([Buffer.alloc(shift, 'x'), everyByte]);
      expect(toAsciiLine(1.5, bytes, { withReturns }).toString()).toBe(slow(bytes, withReturns));
    }
  });

  it('may be as long as can be, and all of it control characters', () => {
    const bytes = new Uint8Array(asciiBytesMax).fill(1);
    expect(toAsciiLine(0.1, bytes, { withReturns: true })).toHaveLength(
      '[0.1,"o",""]\n'.length + asciiBytesMax * escapedBytesMax,
    );
  });

  it('is not begun where it might not fit', () => {
    expect(() => escapeAscii(everyByte, new Uint8Array(700), 0, { withReturns: false })).toThrow('room');
  });
});
