/** `audit rollback`: shows what would be taken back, then asks the gate for it, one file after another, newest change first. */
import { OperationError } from '../../core/codes.ts';
import type { EnvelopeView, Params, RollbackPreviewView } from '../../protocol/methods.ts';
import { openAuditReader } from '../../runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../runtime/paths.ts';
import { canAsk } from '../ask.ts';
import { toExitCode } from '../exit-codes.ts';
import { toCode, toEnvelopeError, withHost } from '../host-client.ts';
import { type CliIo, printJson, printLine, printNote } from '../output.ts';
import { performOperation } from '../perform.ts';
import { toSafeLine, toSafeText } from '../safe-text.ts';
import { findRow } from './audit-filter.ts';

export interface RollbackOptions {
  readonly session?: string;
  readonly to?: string;
  readonly preview?: true;
  readonly json?: true;
}

/** Ends with the exit status of the first thing that could not be taken back. */
export async function rollbackAudit(io: CliIo, id: string | undefined, options: RollbackOptions): Promise<void> {
  const request = await toRequest(io, id, options);
  const preview = await withHost(io, 'if-needed', (client) => client.call('rollback.preview', request));
  // The card that follows shows each difference, as it is then.
  const hasCards = canAsk(io) && !options.preview;
  if (!options.json) printPreview(io, preview, hasCards ? 'in the card' : 'here');
  const results = options.preview ? [] : await perform(io, preview, options);
  if (options.json) printJson(io, { preview, results });
  const failed = results.map(toEnvelopeError).find((error) => error !== null);
  const stop = preview.stop && new OperationError(toCode(preview.stop.code), preview.stop.message);
  const error = failed ?? stop;
  if (!error) return;
  if (!options.json) throw error;
  printNote(io, `signalbox: ${toSafeLine(error.message)}`);
  io.exitCode = toExitCode(error.code, error);
}

async function toRequest(
  io: CliIo,
  id: string | undefined,
  { session, to }: RollbackOptions,
): Promise<Params<'rollback.preview'>> {
  if ((id === undefined) === (session === undefined))
    throw new OperationError('INVALID_ARGUMENT', 'Name either the id of one operation, or a session with --session.');
  if (to !== undefined && session === undefined)
    throw new OperationError('INVALID_ARGUMENT', '--to belongs to --session: it names the change that stays.');
  const reader = openAuditReader({ folder: toPaths(io.env).auditFolder });
  const idOf = async (text: string): Promise<string> => (await findRow(reader, text)).id;
  if (session === undefined) return { id: await idOf(id ?? '') };
  return { session, ...(to === undefined ? {} : { to: await idOf(to) }) };
}

/** On stderr, where the card follows; the result is for stdout. */
function printPreview(io: CliIo, { steps, stop }: RollbackPreviewView, diffs: 'here' | 'in the card'): void {
  for (const { server, path, ids, effect, diff, note } of steps) {
    const what = effect === 'delete' ? 'deletes' : 'restores';
    printNote(
      io,
      `${what} ${toSafeLine(path)} on ${toSafeLine(server)} (takes back ${ids.map(toSafeLine).join(', ')})`,
    );
    if (diff !== null && diffs === 'here') io.stderr.write(toSafeText(diff));
    if (note !== null) printNote(io, toSafeLine(note));
  }
  if (stop !== null && steps.length > 0)
    printNote(io, `Stops before ${toSafeLine(stop.id)}: ${toSafeLine(stop.message)}`);
}

async function perform(
  io: CliIo,
  { steps }: RollbackPreviewView,
  options: RollbackOptions,
): Promise<readonly EnvelopeView[]> {
  const results: EnvelopeView[] = [];
  for (const [index, { server, path, ids }] of steps.entries()) {
    const envelope = await performOperation(io, { operation: 'rollback_file', input: { server, path, ids } });
    results.push(envelope);
    if (envelope.status !== 'ok') {
      const left = steps.length - index - 1;
      if (left > 0) printNote(io, `${left} more ${left === 1 ? 'file was' : 'files were'} not rolled back.`);
      break;
    }
    if (!options.json) {
      const done = envelope.data?.['deleted'] === true ? 'deleted' : 'restored';
      printLine(io, `${done} ${toSafeLine(path)} on ${toSafeLine(server)} (audit ${toSafeLine(envelope.audit.id)})`);
    }
  }
  return results;
}
