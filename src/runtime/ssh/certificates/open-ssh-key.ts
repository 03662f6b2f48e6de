/** What OpenSSH's format of private keys (PROTOCOL.key) says in front of the protected part: whose it is, and whether it is protected. */
import { readFile } from 'node:fs/promises';
import { typeOf } from '../known-hosts.ts';
import { WireReader } from './wire.ts';

export interface OpenSshKey {
  readonly type: string;
  /** As it travels. */
  readonly publicKey: Buffer;
  readonly isProtected: boolean;
}

/** Null: not of that format, or not there. */
export async function readOpenSshKey(privateKeyPath: string): Promise<OpenSshKey | null> {
  return toOpenSshKey(await readFile(privateKeyPath, 'latin1').catch(() => ''));
}

/** Null: not of that format. */
export function toOpenSshKey(text: string): OpenSshKey | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null;
  try {
    const reader = new WireReader(bytes.subarray(magic.length));
    const isProtected = reader.text() !== 'none';
    for (const _field of ['derivation', 'its options']) reader.string();
    if (reader.uint32() !== 1) return null;
    const publicKey = reader.string();
    const type = typeOf(publicKey);
    return type === null ? null : { type, publicKey, isProtected };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const magic = 'openssh-key-v1\0';
