/** Looks at what protects the audit log against rewriting, its key and the second place of its checkpoints, and at the snapshot store. Changes nothing. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { toKeyFingerprint } from '../../core/audit/checkpoint.ts';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import { readPublicKey } from '../../runtime/audit/signing-key.ts';
import { readSettings } from '../../runtime/settings.ts';
import { examineStore } from '../../runtime/snapshots/examine-store.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export async function checkAudit(paths: Paths): Promise<readonly Finding[]> {
  return [
    checkKey(paths.auditKeyFile),
    ...(await checkSecondPlace(paths.configFile)),
    await checkSnapshots(paths.snapshotsRepository),
  ];
}

function checkKey(path: string): Finding {
  if (!existsSync(path)) return ok('audit key', `${path} (made at the first start)`);
  const key = readPublicKey(path);
  if (key !== null) return ok('audit key', toKeyFingerprint(key));
  return bad(
    'audit key',
    `${path} is no private ed25519 key that only you can read`,
    'Restore it from a backup, or run chmod 600 on it.',
  );
}

async function checkSecondPlace(configFile: string): Promise<readonly Finding[]> {
  const name = 'audit second place';
  try {
    const { auditSecondPlace: path } = await readSettings(configFile);
    if (path === null)
      return [
        warn(
          name,
          'none is set: whoever holds the key can sign another log',
          'Set audit.secondPlace in config.json to a file elsewhere.',
        ),
      ];
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
    return [ok(name, path)];
  } catch (error) {
    // The check of the configuration files has said it.
    if (error instanceof OperationError) return [];
    return [
      bad(
        name,
        `checkpoints cannot be written there (${(error as Error).message})`,
        'Mount it, or correct audit.secondPlace in config.json.',
      ),
    ];
  }
}

async function checkSnapshots(repository: string): Promise<Finding> {
  try {
    return ok('snapshots', (await examineStore(repository)) ? repository : `${repository} (made at the first write)`);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return bad('snapshots', error.message, 'Until then files are read and commands run, but no file is written.');
  }
}
