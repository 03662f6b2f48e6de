/**
 * OpenSSH certificates (PROTOCOL.certkeys of OpenSSH): read from their bytes or from the line of a `-cert.pub` file, and what speaks
 * against one in words. It checks no signature: that is for the side that trusts the authority.
 */
import { toFingerprint } from '../known-hosts.ts';
import { toWireString, WireReader } from './wire.ts';

export interface Certificate {
  /** `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string;
  /** The key that it is about, without the certificate, as it travels. */
  readonly publicKey: Buffer;
  /** All of it, as it travels. */
  readonly blob: Buffer;
  readonly use: 'user' | 'host';
  readonly serial: bigint;
  /** What its authority called it; foreign text. */
  readonly keyId: string;
  readonly principals: readonly string[];
  /** Seconds since 1970. */
  readonly validAfter: bigint;
  /** Seconds since 1970, the first at which it is no longer valid; null: for ever. */
  readonly validBefore: bigint | null;
  /** `SHA256:…` of the authority's key. */
  readonly authority: string;
  readonly authorityKey: Buffer;
  /** Conditions that whoever trusts it must understand. */
  readonly hasCriticalOptions: boolean;
  /** What the authority signed, and the signature, its algorithm in front. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Null when the bytes are no certificate of a kind that is known here. */
export function parseCertificate(blob: Buffer): Certificate | null {
  try {
    const reader = new WireReader(blob);
    const type = reader.text();
    const keyType = toKeyType(type);
    const fields = keyType === null ? undefined : fieldsOfKeys.get(keyType);
    if (keyType === null || fields === undefined) return null;
    reader.string(); // The nonce.
    const key = Array.from({ length: fields }, () => toWireString(reader.string()));
    const serial = reader.uint64();
    const use = reader.uint32();
    if (use !== 1 && use !== 2) return null;
    const keyId = reader.text();
    const principals = toTexts(reader.string());
    const validAfter = reader.uint64();
    const validBefore = reader.uint64();
    const criticalOptions = reader.string();
    reader.string(); // Extensions,
    reader.string(); // and a field without a meaning yet.
    const authorityKey = reader.string();
    const signature = reader.string();
    if (!reader.isAtEnd) return null;
    return {
      ...{ type, publicKey: Buffer.concat([toWireString(keyType), ...key]), blob, serial, keyId, principals },
      use: use === 1 ? 'user' : 'host',
      validAfter,
      validBefore: validBefore === forEver ? null : validBefore,
      ...{ authority: toFingerprint(authorityKey), authorityKey, signature },
      hasCriticalOptions: criticalOptions.length > 0,
      signed: blob.subarray(0, blob.length - 4 - signature.length),
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Of the text of a `-cert.pub` file: type, base64, comment. */
export function parseCertificateFile(text: string): Certificate | null {
  const [type, encoded] = text.trim().split(/[ \t]+/);
  if (type === undefined || encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const certificate = parseCertificate(Buffer.from(encoded, 'base64'));
  return certificate?.type === type ? certificate : null;
}

/** Why a server may refuse it, the worst first, as the end of a sentence that began with its name; null: nothing that can be seen here. */
export function objectionTo(certificate: Certificate, username: string, nowMs: number): string | null {
  const { use, principals } = certificate;
  if (use === 'host') return 'is for a host, not for a user; name a certificate that was signed for users';
  const untimely = untimelinessOf(certificate, nowMs);
  if (untimely !== null) return untimely;
  if (principals.length === 0) return 'names no principals, which servers refuse; have one signed that names the user';
  if (principals.includes(username)) return null;
  return (
    `is for ${principals.join(', ')}, not for ${username}, ` +
    'so only a server that maps its principals takes it; have one signed for that user, or correct the user name'
  );
}

/** The same for the time alone. */
export function untimelinessOf({ validAfter, validBefore }: Certificate, nowMs: number): string | null {
  const now = BigInt(Math.floor(nowMs / 1000));
  if (validBefore !== null && now >= validBefore)
    return `expired at ${toTime(validBefore)}; have a new one signed by its authority`;
  if (now < validAfter)
    return `is valid only from ${toTime(validAfter)} on; wait until then, or correct the clock of this machine`;
  return null;
}

/** `2026-11-20 10:00:00 UTC` */
function toTime(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime())
    ? `second ${seconds}`
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function toKeyType(type: string): string | null {
  if (!type.endsWith(ending)) return null;
  const plain = type.slice(0, -ending.length);
  return plain.startsWith('sk-') ? `${plain}@openssh.com` : plain;
}

function toTexts(list: Buffer): readonly string[] {
  const reader = new WireReader(list);
  const texts: string[] = [];
  while (!reader.isAtEnd) texts.push(reader.text());
  return texts;
}

const ending = '-cert-v01@openssh.com';
const forEver = 0xffff_ffff_ffff_ffffn;

/** How many fields follow the type in a public key. */
const fieldsOfKeys: ReadonlyMap<string, number> = new Map([
  ['ssh-ed25519', 1],
  ['ssh-rsa', 2],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
  ['sk-ssh-ed25519@openssh.com', 2],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 3],
]);
