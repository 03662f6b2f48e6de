/**
 * Asks a server for its host certificate: a handshake that offers nothing but certificates and stops when one is shown. ssh2 cannot finish
 * such a handshake; the one that follows proves the key that the certificate is about. What comes back is foreign, and judged elsewhere.
 */
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import type { Clock } from '../../../base/clock.ts';
import { limits } from '../../../core/limits.ts';
import { type Narrowing, toAlgorithms } from '../algorithms.ts';
import { toHostVerifier } from '../host-verifier.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { toWireString, WireReader } from './wire.ts';

/** Null when it shows none, for whatever reason: the handshake that follows says what is wrong with the server. The stream is closed. */
export function askHostCertificate(stream: Duplex, clock: Clock, narrowing: Narrowing): Promise<Certificate | null> {
  const algorithms = toAlgorithms([], narrowing);
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    const settle = (certificate: Certificate | null): void => {
      deadline.dispose();
      client.destroy();
      stream.destroy();
      resolve(certificate);
    };
    const deadline = clock.after(limits.connectReadyTimeoutMs, () => settle(null));
    // For good: a broken connection is reported more than once.
    client.on('error', () => settle(null));
    client.on('close', () => settle(null));
    const hostVerifier = toHostVerifier((blob) => {
      settle(parseCertificate(Buffer.from(blob)));
      return false;
    });
    client.connect({ sock: stream, username: 'nobody', hostVerifier, algorithms, readyTimeout: 0 });
    if (!offerOnlyCertificates(client)) settle(null);
  });
}

/** Before the server has answered anything, the list is still ours. False when ssh2 is not built as it was when this was written. */
function offerOnlyCertificates(client: Client): boolean {
  const offer: unknown = Reflect.get(Object(Reflect.get(client, '_protocol')), '_offer');
  const lists: unknown = Reflect.get(Object(offer), 'lists');
  const entry: unknown = Reflect.get(Object(lists), 'serverHostKey');
  const all: unknown = Reflect.get(Object(lists), 'all');
  if (typeof entry !== 'object' || entry === null || !Buffer.isBuffer(all)) return false;
  const buffer = Buffer.from(certificateTypes.join(','));
  const reader = new WireReader(all);
  const texts: Buffer[] = [];
  while (!reader.isAtEnd) texts.push(reader.string());
  // The order of RFC 4253, section 7.1: key exchange, then host keys.
  const changed = Buffer.concat(texts.map((text, at) => toWireString(at === 1 ? buffer : text)));
  Reflect.set(entry, 'array', [...certificateTypes]);
  Reflect.set(entry, 'buffer', buffer);
  Reflect.set(Object(lists), 'all', changed);
  return Reflect.set(Object(offer), 'totalSize', changed.length);
}

const certificateTypes = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
];
