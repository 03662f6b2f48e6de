/** `audit changes`: every file that a session changed, what became of it, and with --diff how. */
import type { ChangedFileView } from '../../protocol/methods.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, printJson, printLine, printNote, printTable } from '../output.ts';
import { toSafeLine, toSafeText } from '../safe-text.ts';
import { toLocalTime } from './list-audit.ts';

export interface ChangesOptions {
  readonly session: string;
  readonly diff?: true;
  readonly offline?: true;
  readonly json?: true;
}

export async function changesAudit(io: CliIo, { session, diff, offline, json }: ChangesOptions): Promise<void> {
  const { files } = await withHost(io, 'if-needed', (client) =>
    client.call('session.changes', { session, look: offline ? 'log' : 'server' }),
  );
  if (json) return printJson(io, { session, files });
  if (files.length === 0)
    return printNote(io, `The audit log holds no file that session ${toSafeLine(session)} changed.`);
  if (diff) return files.forEach((file) => printFile(io, file));
  printTable(io, ['TIME', 'SERVER', 'BY', 'CHANGES', 'STATE', 'PATH'], files.map(toCells));
}

function toCells({ changedAt, server, agents, ids, state, path }: ChangedFileView): string[] {
  return [toLocalTime(changedAt), ...[server, agents.join(', '), String(ids.length), state, path].map(toSafeLine)];
}

function printFile(io: CliIo, file: ChangedFileView): void {
  const { server, path, effect, agents, ids, state, diff, note } = file;
  printLine(io, `${effect} ${toSafeLine(path)} on ${toSafeLine(server)} by ${agents.map(toSafeLine).join(', ')}`);
  printLine(io, `now: ${toSafeLine(state)}; operations: ${ids.map(toSafeLine).join(', ')}`);
  if (diff !== null) io.stdout.write(toSafeText(diff));
  if (note !== null) printLine(io, toSafeLine(note));
  printLine(io, '');
}
