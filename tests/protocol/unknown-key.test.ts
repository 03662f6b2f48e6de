/** The sentence about a host key that nobody trusts yet, and others that only hold its words. */
import { describe, expect, it } from 'vitest';
import { readUnknownKey, toPlaceKnown } from '../../src/protocol/unknown-key.ts';

const fingerprint = `SHA256:${'a'.repeat(42)}+`;
const command = `run \`signalbox server trust-key web-1 ${fingerprint}\`.`;
const unknown = `The host key of web-1 (10.0.0.5:22), ssh-ed25519 ${fingerprint}, is not known yet; compare it with what its owner says, then ${command}`;
const knownToSsh = `The host key of the jump host bastion (b.lan:22), ssh-ed25519 ${fingerprint}, is not known here yet, but your ssh knows it (~/.ssh/known_hosts line 3); to trust it here too, ${command}`;

describe('a host key in question', () => {
  it('is read with its type, its owner and the server in whose name it is trusted', () => {
    expect(readUnknownKey(unknown)).toEqual({
      ...{ server: 'web-1', fingerprint, type: 'ssh-ed25519', owner: 'web-1 (10.0.0.5:22)', knownTo: null },
    });
    expect(readUnknownKey(knownToSsh)).toEqual({
      ...{ server: 'web-1', fingerprint, type: 'ssh-ed25519', owner: 'the jump host bastion (b.lan:22)' },
      knownTo: '~/.ssh/known_hosts line 3',
    });
  });

  it.each([
    `10.0.0.5:22 cannot be reached: ${knownToSsh} Check that the host is up and that an SSH server listens there.`,
    `10.0.0.5:22 cannot be reached: ${knownToSsh}`,
    `The host key of web-1 (10.0.0.5:22) has changed: known is ssh-rsa x, it shows ${fingerprint}; ${command}`,
    `Commands: ${unknown}`,
  ])('is not what a server says itself: %s', (sentence) => {
    expect([readUnknownKey(sentence), toPlaceKnown(sentence)]).toEqual([null, null]);
  });
});
