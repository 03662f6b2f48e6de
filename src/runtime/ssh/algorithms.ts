/** The algorithms we offer, most wanted first; named here in full, so that an update of the library cannot widen them. */
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

/**
 * The offer for a server whose known keys have these types. Its known types come first, so that it shows a key we can compare; a known
 * `ssh-rsa` key is asked for with SHA-2 signatures (RFC 8332).
 */
export function toAlgorithms(knownTypes: readonly string[]): Algorithms {
  const preferred = knownTypes.flatMap((type) => (type === 'ssh-rsa' ? rsaSignatures : [type]));
  const known = serverHostKeys.filter((algorithm) => preferred.includes(algorithm));
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      // Fixed groups only: checking a group the server made up blocks the event loop for over a second.
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group14-sha256',
    ],
    serverHostKey: [...known, ...serverHostKeys.filter((algorithm) => !known.includes(algorithm))],
    // No chacha20: ssh2 would use it without strict key exchange too, where it can be cut (CVE-2023-48795).
    cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
    compress: ['none'],
  };
}

const rsaSignatures = ['rsa-sha2-512', 'rsa-sha2-256'];

const serverHostKeys: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
