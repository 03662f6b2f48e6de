/** What a write in place leaves when it is cut off, told from what somebody else wrote meanwhile. */
import { describe, expect, it } from 'vitest';
import { isPartOfBoth } from '../../../src/runtime/ssh/write-in-place.ts';
import fc from '../../fixtures/properties.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what a write in place leaves', () => {
  const contents = fc.uint8Array({ max: 40 });

  it('is known at every place where it may be cut off', () => {
    fc.assert(
      fc.property(contents, contents, fc.nat(40), (before, wanted, at) => {
        const written = Math.min(at, wanted.length);
        const found = Buffer.concat([wanted.subarray(0, written), before.subarray(written)]);
        expect(isPartOfBoth(found, before, wanted)).toBe(true);
        expect(isPartOfBoth(wanted, before, wanted)).toBe(true);
      }),
    );
  });

  it.each([
    ['emptied', ''],
    ['cut off', 'ne'],
    ['cut off in what was there before', 'newol'],
    ['longer than before', 'newold\nmore'],
    ['another', 'other!\n'],
  ])('is not a file that somebody else has made %s', (_how, found) => {
    expect(isPartOfBoth(bytes(found), bytes('oldold\n'), bytes('newnew\n'))).toBe(false);
  });
});
