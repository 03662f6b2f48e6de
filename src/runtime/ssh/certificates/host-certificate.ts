/**
 * Host certificates: whether one makes a server's key trusted, by the `@cert-authority` lines of known_hosts. The rules are those of ssh where
 * it is strict, and stricter where it is not: principals must be named. It knows nothing of connections.
 */
import { createPublicKey, verify } from 'node:crypto';
import ssh2 from 'ssh2';
import type { HostName } from '../host-keys.ts';
import { isLike, isNamed, type KnownHost, toHostName, typeOf } from '../known-hosts.ts';
import { type Certificate, untimelinessOf } from './certificate.ts';
import { WireReader } from './wire.ts';

/** As ssh does, a line without a port counts for every port. */
export function authoritiesFor(of: HostName, hosts: readonly KnownHost[]): readonly KnownHost[] {
  return hosts.filter(
    (host) =>
      host.marker === 'cert-authority' && (isNamed(host.hosts, of.name) || isNamed(host.hosts, principalOf(of))),
  );
}

/** Why it does not make the key trusted, as the end of a sentence; null when it does. */
export function objectionToHost(
  certificate: Certificate,
  of: HostName,
  hosts: readonly KnownHost[],
  nowMs: number,
): string | null {
  const { publicKey, authorityKey, authority, principals } = certificate;
  const isRevoked = hosts.some(
    (host) =>
      host.marker === 'revoked' &&
      (isNamed(host.hosts, of.name) || isNamed(host.hosts, principalOf(of))) &&
      [publicKey, authorityKey, certificate.blob].some((key) => key.equals(host.key)),
  );
  if (isRevoked) return 'is marked @revoked, itself or its authority';
  if (!authoritiesFor(of, hosts).some(({ key }) => key.equals(authorityKey)))
    return `is signed by ${authority}, which is no authority for it`;
  if (!isSignedByItsAuthority(certificate)) return 'has a signature that is not its authority’s';
  if (certificate.use !== 'host') return 'is for a user, not for a host';
  if (certificate.hasCriticalOptions) return 'has conditions that are not known here';
  const untimely = untimelinessOf(certificate, nowMs);
  if (untimely !== null) return untimely;
  if (principals.some((principal) => isLike(principalOf(of), principal.toLowerCase()))) return null;
  return `is for ${principals.join(', ') || 'no host'}, not for ${principalOf(of)}`;
}

/** The name that a certificate must hold: without a port, or the alias of HostKeyAlias. */
function principalOf({ name, host, port }: HostName): string {
  return name === toHostName(host, port) ? host.toLowerCase() : name;
}

function isSignedByItsAuthority({ authorityKey, signature, signed }: Certificate): boolean {
  const type = typeOf(authorityKey) ?? '';
  const parsed = ssh2.utils.parseKey(authorityKey);
  if (parsed instanceof Error) return false;
  const key = createPublicKey((Array.isArray(parsed) ? parsed[0] : parsed).getPublicPEM());
  try {
    const reader = new WireReader(signature);
    const algorithm = reader.text();
    const bytes = reader.string();
    if (!reader.isAtEnd) return false;
    if (type === 'ssh-ed25519') return algorithm === type && verify(null, signed, key, bytes);
    if (type === 'ssh-rsa') {
      const hash = hashOfRsa.get(algorithm);
      return hash !== undefined && verify(hash, signed, key, bytes);
    }
    const curve = curves.get(type);
    if (curve === undefined || algorithm !== type) return false;
    const numbers = new WireReader(bytes);
    const both = [numbers.string(), numbers.string()].map((number) => toFixed(number, curve.bytes));
    return verify(curve.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(both));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Throws RangeError when the number is larger than the curve. */
function toFixed(number: Buffer, bytes: number): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  const short = start === -1 ? Buffer.alloc(0) : number.subarray(start);
  if (short.length > bytes) throw new RangeError('The number is larger than its curve.');
  return Buffer.concat([Buffer.alloc(bytes - short.length), short]);
}

/** SHA-1 is left out: whoever can make two texts of one SHA-1 can make a certificate. */
const hashOfRsa: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
]);

const curves: ReadonlyMap<string, { readonly hash: string; readonly bytes: number }> = new Map([
  ['ecdsa-sha2-nistp256', { hash: 'sha256', bytes: 32 }],
  ['ecdsa-sha2-nistp384', { hash: 'sha384', bytes: 48 }],
  ['ecdsa-sha2-nistp521', { hash: 'sha512', bytes: 66 }],
]);
