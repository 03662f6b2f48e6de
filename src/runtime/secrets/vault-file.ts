/**
 * The file of the vault: each secret sealed with AES-256-GCM under a key that scrypt (RFC 7914) makes of the passphrase. Names can be read
 * without it; a sealed value is bound to its name. It opens no file and asks nobody.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { vaultNameSchema } from '../../core/server.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** Where its cost is bounded: less is too easily guessed, more takes gigabytes. */
const kdfSchema = z.strictObject({
  name: z.literal('scrypt'),
  N: z.union([17, 18, 19, 20].map((power) => z.literal(2 ** power))),
  r: z.literal(8),
  p: z.int().min(1).max(4),
  salt: base64,
});

const sealedSchema = z.strictObject({ nonce: base64, tag: base64, sealed: z.union([base64, z.literal('')]) });
type Sealed = z.infer<typeof sealedSchema>;

const vaultSchema = z.strictObject({
  version: z.literal(1),
  kdf: kdfSchema,
  /** Half of what scrypt made, so that a wrong passphrase is told from a damaged file. The key is the other half. */
  check: base64,
  secrets: z.record(vaultNameSchema, sealedSchema),
});
export type VaultText = z.infer<typeof vaultSchema>;

/** Null for anything else. */
export function parseVault(text: string): VaultText | null {
  try {
    return vaultSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A new vault with nothing in it, and its key. */
export async function makeVault(passphrase: string): Promise<{ readonly vault: VaultText; readonly key: Buffer }> {
  const kdf = { name: 'scrypt', N: limits.vaultScryptCost, r: 8, p: 1, salt: toText(randomBytes(16)) } as const;
  const { key, check } = await derive(passphrase, kdf);
  return { vault: { version: 1, kdf, check: toText(check), secrets: {} }, key };
}

/** Null when the passphrase is another one. */
export async function openVault({ kdf, check }: VaultText, passphrase: string): Promise<Buffer | null> {
  const derived = await derive(passphrase, kdf);
  const known = fromText(check);
  if (known.length === derived.check.length && timingSafeEqual(known, derived.check)) return derived.key;
  derived.key.fill(0);
  return null;
}

export function seal(key: Buffer, name: string, value: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(toContext(name));
  const plain = Buffer.from(value, 'utf8');
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  plain.fill(0);
  return { nonce: toText(nonce), tag: toText(cipher.getAuthTag()), sealed: toText(sealed) };
}

/** Null when it was not sealed with this key under this name. */
export function unseal(key: Buffer, name: string, { nonce, tag, sealed }: Sealed): string | null {
  let plain: Buffer | null = null;
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, fromText(nonce), { authTagLength: 16 });
    cipher.setAAD(toContext(name));
    cipher.setAuthTag(fromText(tag));
    plain = cipher.update(fromText(sealed));
    // With GCM nothing is left for the end but the proof.
    cipher.final();
    return plain.toString('utf8');
  } catch {
    return null;
  } finally {
    plain?.fill(0);
  }
}

/** A value that was moved to another name by who can write the file is no answer for that name. */
function toContext(name: string): Buffer {
  return Buffer.from(`signalbox vault 1\0${name}`, 'utf8');
}

const keyBytes = 32;

/** In the thread pool: it takes a good part of a second. */
function derive(
  passphrase: string,
  { N, r, p, salt }: VaultText['kdf'],
): Promise<{ readonly key: Buffer; readonly check: Buffer }> {
  const bytes = Buffer.from(passphrase.normalize('NFC'), 'utf8');
  return new Promise((resolve, reject) => {
    // Node refuses what takes more than it was told; scrypt takes 128 * N * r bytes and a little.
    scrypt(bytes, fromText(salt), 2 * keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, made) => {
      bytes.fill(0);
      if (error) return reject(error);
      const [key, check] = [Buffer.from(made.subarray(0, keyBytes)), Buffer.from(made.subarray(keyBytes))];
      made.fill(0);
      resolve({ key, check });
    });
  });
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64');
}

function fromText(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
