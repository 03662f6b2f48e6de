/**
 * The file of RevokedHostKeys of ssh_config(5): public keys, one a line, or the binary list of ssh-keygen, of which ssh-keygen itself is asked. What
 * cannot be told counts as revoked. It knows nothing of who shows which key.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { type KnownHost, parseKnownHosts, typeOf } from './known-hosts.ts';

export interface RevokedKeys {
  /** As lines of known_hosts; none of a binary list. */
  readonly lines: readonly KnownHost[];
  /** Whether a binary list holds a key or a certificate, as it travels. Throws CONFIG_INVALID where that cannot be told. */
  holds(blob: Buffer): boolean;
}

/** As ssh does, a file that cannot be read refuses every key. Throws CONFIG_INVALID. */
export async function readRevokedKeys(file: string): Promise<RevokedKeys> {
  const text = await readFile(file, 'latin1').catch((error: unknown) => {
    throw new OperationError('CONFIG_INVALID', `${file} (RevokedHostKeys) cannot be read; make the file readable.`, {
      cause: error,
    });
  });
  if (text.startsWith('SSHKRL')) return { lines: [], holds: (blob) => isInList(file, blob) };
  const lines = text.split('\n').map((line) => (/^\s*(#|$)/.test(line) ? '' : `@revoked * ${line.trim()}`));
  return { lines: parseKnownHosts(lines.join('\n'), file), holds: () => false };
}

export const nothingRevoked: RevokedKeys = { lines: [], holds: () => false };

/** At once, since a handshake does not wait for what is thought of its key; it takes a few milliseconds. */
function isInList(file: string, blob: Buffer): boolean {
  const { status, stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', file], {
    ...{ input: `${typeOf(blob)} ${blob.toString('base64')}\n`, encoding: 'utf8', timeout: limits.sshConfigTimeoutMs },
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  const said = stdout?.trim() ?? '';
  if (status === 0 && / ok$/.test(said)) return false;
  if (status === 1 && / REVOKED$/.test(said)) return true;
  throw new OperationError(
    'CONFIG_INVALID',
    `${file} (RevokedHostKeys) is a binary list, which ssh-keygen ${status === 127 ? 'would read, and it is not installed here' : 'could not read'}; ` +
      'install OpenSSH, make the list anew, or name a file with one public key a line.',
  );
}

/** What is handed to a program here is a socket, which cannot be opened by a name as a pipe can. */
const script = 'cat | ssh-keygen -Q -f "$1" /dev/stdin';
