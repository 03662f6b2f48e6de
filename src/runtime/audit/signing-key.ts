/** The ed25519 key that signs checkpoints: made at the first start, readable by its owner only. What is signed with it is others' to know. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { toPublicKeyText } from '../../core/audit/checkpoint.ts';
import { OperationError } from '../../core/codes.ts';

/** Throws AUDIT_UNAVAILABLE for a file that others can read, or that is no such key: a new one would hide that the old one is gone. */
export function loadSigningKey(path: string): KeyObject {
  return readKey(path) ?? makeKey(path);
}

/** The public half, for readers; null when there is no key, or none that can be read. */
export function readPublicKey(path: string): string | null {
  try {
    const key = readKey(path);
    return key === null ? null : toPublicKeyText(key);
  } catch {
    return null;
  }
}

function readKey(path: string): KeyObject | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile() || stat.uid !== userInfo().uid || (stat.mode & 0o077) !== 0)
    throw new OperationError(
      'AUDIT_UNAVAILABLE',
      `The key of the audit log, ${path}, must be a file of yours that nobody else can read; run chmod 600 on it if it is.`,
    );
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw unusable(path, error);
  }
  throw unusable(path, null);
}

/** A link makes the key appear whole or not at all. */
function makeKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return privateKey;
}

function unusable(path: string, cause: unknown): OperationError {
  return new OperationError(
    'AUDIT_UNAVAILABLE',
    `The key of the audit log, ${path}, is no ed25519 key; restore it from a backup, or move it away to begin with a new one.`,
    { cause },
  );
}
