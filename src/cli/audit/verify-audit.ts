/** `audit verify`: says whether the log is as it was written and signed; the exit status says it to scripts. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditSignature } from '../../core/audit/record.ts';
import { OperationError } from '../../core/codes.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import type { VerifyOptions } from '../../runtime/audit/verify-folder.ts';
import { toPaths } from '../../runtime/paths.ts';
import { readSettings } from '../../runtime/settings.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, printJson, printLine, printNote } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

interface Options {
  readonly key?: readonly string[];
  readonly second?: string;
  readonly json?: true;
}

export async function verifyAudit(io: CliIo, options: Options): Promise<void> {
  const verdict = await openAuditReader({ folder: toPaths(io.env).auditFolder }).verify(await toVerify(io, options));
  if (!verdict.ok) io.exitCode = exitCodes.recordsUnwritable;
  if (options.json) return printJson(io, verdict);
  if (verdict.ok) {
    printLine(io, `The log is intact: ${verdict.records} records, head ${verdict.head}.`);
    if (verdict.signature !== undefined) printLine(io, toSentence(verdict.signature));
    for (const note of verdict.notes) printNote(io, toSafeLine(note));
    return;
  }
  const where = verdict.line === 0 ? verdict.file : `${verdict.file}:${verdict.line}`;
  printLine(io, `The log is not intact at ${toSafeLine(where)}: ${toSafeLine(verdict.problem)}`);
  printLine(io, `The ${verdict.records} records before it are as they were written.`);
}

async function toVerify(io: CliIo, options: Options): Promise<VerifyOptions> {
  const paths = toPaths(io.env);
  const { key: trusted = [], second } = options;
  for (const key of trusted)
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(key))
      throw new OperationError(
        'INVALID_ARGUMENT',
        '--key needs a fingerprint, SHA256: and 43 characters; "signalbox info" shows the one of this log.',
      );
  if (second === undefined)
    return {
      trusted,
      keyFile: paths.auditKeyFile,
      secondPlace: (await readSettings(paths.configFile)).auditSecondPlace,
    };
  const secondPlace = resolve(io.cwd, second);
  if (!existsSync(secondPlace))
    throw new OperationError('FILE_NOT_FOUND', `${second} does not exist; name the file that holds the checkpoints.`);
  return { trusted, keyFile: paths.auditKeyFile, secondPlace };
}

function toSentence({ keys, checkpoints, signedSeq, second }: AuditSignature): string {
  const compared = second === null ? '' : `, compared with ${toSafeLine(second)}`;
  return `Signed up to record ${signedSeq} by ${keys.join(', ')} (${checkpoints} checkpoints${compared}).`;
}
