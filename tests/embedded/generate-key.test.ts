/** Every generated key can be read back: the library writes an unreadable one now and then. */
import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { generateKey } from '../../src/embedded/generate-key.ts';

it('a generated key can always be read back', () => {
  for (let count = 0; count < 600; count += 1)
    expect(ssh2.utils.parseKey(generateKey('test').private)).not.toBeInstanceOf(Error);
});
