/** What somebody probably meant, and when nothing is near enough to say so. */

import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/base/nearest.ts';
import fc from '../fixtures/properties.ts';

describe('nearest', () => {
  it.each([
    ['prot', ['port', 'host'], 'port'],
    ['hots', ['host', 'port'], 'host'],
    ['usrname', ['username', 'id'], 'username'],
    ['WEB-1', ['web-1', 'web-2'], 'web-1'],
    ['privatKeyPaht', ['privateKeyPath', 'passphrase'], 'privateKeyPath'],
  ])('takes %s for one of %j', (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant);
  });

  it.each([
    ['x', ['y']],
    ['ab', ['cd']],
    ['zebra', ['host', 'port']],
    ['', ['a']],
    ['vault', ['env', 'command']],
    ['foo', ['zoom', 'mode']],
    ['search', ['patch', 'read', 'write']],
    ['web', []],
    ['database-primary', ['web-1']],
  ])('finds nothing near %j in %j', (word, candidates) => {
    expect(nearest(word, candidates)).toBeNull();
  });

  it('measures a distance: symmetric, zero for equal words only, at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        const distance = editDistance(one, other);
        expect(editDistance(other, one)).toBe(distance);
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});
