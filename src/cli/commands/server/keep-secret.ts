/** Where a secret that was handed over is kept: in the vault, under a name of its own, or as it is in the record. It writes no record. */
import { createHash } from 'node:crypto';
import { OperationError } from '../../../core/codes.ts';
import type { SecretSource } from '../../../core/server.ts';
import { callVault } from '../../call-vault.ts';
import type { CliIo } from '../../output.ts';
import type { Place } from './desk.ts';
import { readSecret } from './read-secret.ts';

export interface SecretOptions {
  readonly secretStdin?: true;
  readonly secretIn?: string;
  /** With one, the secret is its passphrase. */
  readonly key?: string;
}

export interface HandedSecret {
  /** What stands in the record. */
  readonly source: SecretSource;
  /** Puts it where the record says. To be done when the record is known to be good, and before it is written. */
  keep(): Promise<void>;
}

/** Null when none was handed over. Throws INVALID_ARGUMENT when it is not said where it is kept. */
export async function readHandedSecret(
  io: CliIo,
  options: SecretOptions,
  place: Place,
  id: string,
): Promise<HandedSecret | null> {
  const { secretStdin, secretIn } = options;
  if (secretIn !== undefined && !secretStdin)
    throw new OperationError('INVALID_ARGUMENT', '--secret-in belongs to --secret-stdin; give both.');
  if (secretStdin && secretIn === undefined)
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Say where the secret is kept: --secret-in vault (sealed), or --secret-in plain (readable in servers.json).',
    );
  const value = await readSecret(io, secretStdin);
  if (value === null) return null;
  if (secretIn === 'plain') return { source: value, keep: async () => undefined };
  const name = toVaultName(place, id, options.key === undefined ? 'password' : 'passphrase');
  return {
    source: { vault: name },
    async keep() {
      await callVault(io, 'vault.set', { name, value }, 'taken');
    },
  };
}

/** Of the same server in two files, two names: a workspace's record must not change the secret of the global one that it hides. */
export function toVaultName({ workspace }: Place, id: string, what: string): string {
  if (workspace === null) return `${id}-${what}`;
  return `${id}-${what}-${createHash('sha256').update(workspace).digest('hex').slice(0, 8)}`;
}
