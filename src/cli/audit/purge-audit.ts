/** `audit purge`: asks the host to take kept contents out of the snapshots, or recordings away; what was kept is gone for good, so a person confirms it. */
import { parseAuditFilter } from '../../core/audit/audit-filter.ts';
import { OperationError } from '../../core/codes.ts';
import type { Params } from '../../protocol/methods.ts';
import { askYes, canAsk } from '../ask.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, printJson, printLine } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

interface Options {
  readonly server?: string;
  readonly before?: string;
  readonly recordings?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Throws INVALID_ARGUMENT for half a question, or without --yes where nobody can be asked; CANCELLED for a no. */
export async function purgeAudit(io: CliIo, path: string | undefined, options: Options): Promise<void> {
  const params = toParams(path, options);
  const kept =
    'before' in params ? `everything that was kept before ${params.before}` : `${params.path} on ${params.server}`;
  const question =
    options.recordings === true && 'before' in params
      ? `Remove the recordings of before ${params.before}? They cannot be brought back or replayed.`
      : `Remove the kept contents of ${toSafeLine(kept)}? They cannot be brought back or rolled back to.`;
  if (options.yes !== true) {
    if (!canAsk(io))
      throw new OperationError(
        'INVALID_ARGUMENT',
        'There is no terminal to ask at; --yes confirms that the contents may go.',
      );
    if (!(await askYes(io, question))) throw new OperationError('CANCELLED', 'Nothing was removed.');
  }
  const answer = await withHost<{ readonly message: string }>(io, 'if-needed', (client) =>
    options.recordings === true && 'before' in params
      ? client.call('recordings.purge', params)
      : client.call('snapshots.purge', params),
  );
  if (options.json) printJson(io, answer);
  else printLine(io, toSafeLine(answer.message));
}

function toParams(path: string | undefined, { server, before, recordings }: Options): Params<'snapshots.purge'> {
  if (before !== undefined && path === undefined && server === undefined) {
    const { sinceMs } = parseAuditFilter(`since:${before}`, Date.now());
    if (sinceMs !== null) return { before: new Date(sinceMs).toISOString() };
  }
  if (recordings === true)
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Recordings go by time: name one with --before, and no file or server.',
    );
  if (before === undefined && server !== undefined && path?.startsWith('/')) return { server, path };
  throw new OperationError(
    'INVALID_ARGUMENT',
    'Name a file with --server ID and its absolute path, or a time with --before, not both.',
  );
}
