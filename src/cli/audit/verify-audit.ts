/** `audit verify`: says whether the log is as it was written; the exit status says it to scripts. */
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, printJson, printLine, printNote } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

export async function verifyAudit(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const verdict = await openAuditReader({ folder: toPaths(io.env).auditFolder }).verify();
  if (!verdict.ok) io.exitCode = exitCodes.recordsUnwritable;
  if (options.json) return printJson(io, verdict);
  if (verdict.ok) {
    printLine(io, `The log is intact: ${verdict.records} records, head ${verdict.head}.`);
    for (const note of verdict.notes) printNote(io, toSafeLine(note));
    return;
  }
  printLine(io, `The log is not intact at ${toSafeLine(verdict.file)}:${verdict.line}: ${toSafeLine(verdict.problem)}`);
  printLine(io, `The ${verdict.records} records before it are as they were written.`);
}
