/**
 * Signed statements that the log had come to a record: whoever rewrites the log without the key cannot make them anew. Ed25519 (RFC 8032).
 * Knows no files.
 */
import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { ChainHead } from './chain.ts';

export interface Checkpoint {
  readonly v: 1;
  /** Name of the segment that holds the record. */
  readonly segment: string;
  /** Number of the record; 0 before the first. */
  readonly seq: number;
  /** Its hash. */
  readonly head: string;
  /** ISO 8601 with milliseconds. */
  readonly ts: string;
  /** The 32 bytes of the public key, base64url. */
  readonly key: string;
  /** 64 bytes, base64url. */
  readonly sig: string;
}

/** A checkpoint is signed after this many records, at a rotation and at the end of a run. */
export const recordsPerCheckpoint = 256;
/** More records without a checkpoint than a burst of writes and a full disk explain: some were removed. */
export const unsignedRecordsMax = 8 * recordsPerCheckpoint;

export function signCheckpoint(
  place: { segment: string; head: ChainHead; ts: string },
  privateKey: KeyObject,
): Checkpoint {
  const { segment, head, ts } = place;
  const unsigned = { v: 1, segment, seq: head.seq, head: head.hash, ts, key: toPublicKeyText(privateKey) } as const;
  return { ...unsigned, sig: sign(null, toSignedBytes(unsigned), privateKey).toString('base64url') };
}

/** The one spelling on disk, without the line end. */
export function toCheckpointLine({ v, segment, seq, head, ts, key, sig }: Checkpoint): string {
  return JSON.stringify({ v, segment, seq, head, ts, key, sig });
}

/** Null when the line is no checkpoint; whether its signature holds is another question. */
export function parseCheckpoint(line: string): Checkpoint | null {
  try {
    const value = JSON.parse(line) as Partial<Checkpoint>;
    const { v, segment, seq, head, ts, key, sig } = value;
    const isWhole =
      v === 1 &&
      typeof segment === 'string' &&
      Number.isSafeInteger(seq) &&
      /^[0-9a-f]{64}$/.test(head ?? '') &&
      typeof ts === 'string' &&
      /^[A-Za-z0-9_-]{43}$/.test(key ?? '') &&
      /^[A-Za-z0-9_-]{86}$/.test(sig ?? '');
    return isWhole ? (value as Checkpoint) : null;
  } catch {
    return null;
  }
}

export function isSigned(checkpoint: Checkpoint): boolean {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: checkpoint.key }, format: 'jwk' });
    return verify(null, toSignedBytes(checkpoint), publicKey, Buffer.from(checkpoint.sig, 'base64url'));
  } catch {
    return false;
  }
}

/** The public half of a key as checkpoints carry it. */
export function toPublicKeyText(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'jwk' }).x ?? '';
}

/** `SHA256:…` of the 32 bytes of the public key, base64 without padding, as OpenSSH writes fingerprints. */
export function toKeyFingerprint(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64url')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The first line keeps the signature from meaning anything in another place. */
function toSignedBytes({ segment, seq, head, ts, key }: Omit<Checkpoint, 'sig'>): Buffer {
  return Buffer.from(`signalbox audit checkpoint v1\n${JSON.stringify({ segment, seq, head, ts, key })}`, 'utf8');
}
