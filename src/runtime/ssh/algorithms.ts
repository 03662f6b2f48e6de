/** The algorithms we offer, most wanted first; named here in full, so that an update of the library cannot widen them. */
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import { type AlgorithmLimits, plainSshOptions } from '../../core/ssh-options.ts';

/** The server, or what the user's configuration allows, has no algorithm in common with the SSH of this program; another might do. */
export class NoCommonAlgorithmError extends OperationError {}

/**
 * The offer for a server whose known keys have these types. Its known types come first, so that it shows a key we can compare; a known
 * `ssh-rsa` key is asked for with SHA-2 signatures (RFC 8332).
 */
export function toAlgorithms(
  knownTypes: readonly string[],
  { algorithms: only, compresses }: Narrowing = plain,
): Algorithms {
  const preferred = knownTypes.flatMap((type) => (type === 'ssh-rsa' ? rsaSignatures : [type]));
  const known = serverHostKeys.filter((algorithm) => preferred.includes(algorithm));
  const ciphers = narrow('Ciphers', [...sealing, ...streams], only.ciphers);
  const macs = hmacs.filter((mac) => only.macs?.includes(mac) ?? true);
  return {
    kex: narrow('KexAlgorithms', exchanges, only.kex),
    serverHostKey: narrow(
      'HostKeyAlgorithms',
      [...known, ...serverHostKeys.filter((algorithm) => !known.includes(algorithm))],
      // A certificate is about a plain key, which is what proves it here.
      only.hostKeys?.map((name) => name.replace(/-cert-v01@openssh\.com$/, '')) ?? null,
    ),
    // A cipher that seals what it carries needs no MAC beside it.
    cipher: macs.length > 0 ? ciphers : narrow('MACs', sealing, ciphers),
    hmac: macs.length > 0 ? macs : [...hmacs],
    compress: compresses ? ['zlib@openssh.com', 'zlib', 'none'] : ['none'],
  };
}

/** What the user's OpenSSH configuration allows; our lists are never widened. */
export interface Narrowing {
  readonly algorithms: AlgorithmLimits;
  readonly compresses: boolean;
}

const plain: Narrowing = plainSshOptions;

/** In our order. Throws UNSUPPORTED when nothing is left. */
function narrow<T extends string>(option: string, ours: readonly T[], theirs: readonly string[] | null): T[] {
  const left = ours.filter((name) => theirs === null || theirs.some((allowed) => allowed === name));
  if (left.length > 0) return left;
  throw new NoCommonAlgorithmError(
    'UNSUPPORTED',
    `${option} of your ssh configuration leaves nothing that signalbox can do; allow one of ${ours.join(', ')} there.`,
    { data: { option } },
  );
}

const exchanges = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  // Fixed groups only: checking a group the server made up blocks the event loop for over a second.
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group14-sha256',
] as const;

// No chacha20: ssh2 would use it without strict key exchange too, where it can be cut (CVE-2023-48795).
const sealing = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const;
const streams = ['aes128-ctr', 'aes192-ctr', 'aes256-ctr'] as const;
const hmacs = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const;

const rsaSignatures = ['rsa-sha2-512', 'rsa-sha2-256'];

const serverHostKeys: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
