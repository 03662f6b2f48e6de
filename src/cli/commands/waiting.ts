/**
 * `signalbox waiting`: all that waits for a person, over all sessions, each with the command that answers it. `approvals list` stays
 * the list of what `approvals approve` and `deny` take.
 */
import type { Command } from 'commander';
import { listWaiting, type WaitingItem } from '../../protocol/waiting.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printJson, printLine, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { toSpan } from '../spans.ts';
import { isNoHost } from './ls.ts';

export function register(program: Command): void {
  program
    .command('waiting')
    .description('all that waits for you: approvals, questions of agents, failed sessions, unclear outcomes')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox waiting --json\n')
    .action(async (options: { json?: true }, command: Command) => {
      const io = ioOf(command);
      const items = await readWaiting(io);
      if (options.json) printJson(io, items.map(toJson));
      else if (items.length === 0) printLine(io, 'Nothing waits for you.');
      else printTable(io, ['WAITS', 'WHAT', 'SESSION', 'SERVER', 'WHO', 'NEXT', 'TEXT'], items.map(toRow));
    });
}

/** Without a host nothing waits; what earlier runs left open is told by the next one. */
async function readWaiting(io: CliIo): Promise<readonly WaitingItem[]> {
  try {
    return listWaiting(await withHost(io, 'never', (client) => client.view()));
  } catch (error) {
    if (isNoHost(error)) return [];
    throw error;
  }
}

function toJson(item: WaitingItem): object {
  return { ...item, next: toNext(item) };
}

/** A session that failed can also be given up. */
function toShownNext(item: WaitingItem): string {
  const next = toNext(item);
  return item.kind === 'failed' ? `${next}, or signalbox kill ${item.id}` : next;
}

function toRow(item: WaitingItem): readonly string[] {
  const { kind, session, title, server, isProduction, who, what, sinceMs } = item;
  const where = server === null ? '-' : `${server}${isProduction ? ' (PRODUCTION)' : ''}`;
  const whose = session === null ? '-' : title === null ? session : `${session} ${title}`;
  return [
    sinceMs === null ? '-' : toSpan(Date.now() - sinceMs),
    kind,
    ...[whose, where, who].map(toSafeLine),
    toShownNext(item),
    toSafeLine(what),
  ];
}

/** The command that answers it, or shows it where only a screen may answer. */
function toNext({ kind, id, session }: WaitingItem): string {
  switch (kind) {
    case 'approval':
      return `signalbox approvals show ${id}`;
    case 'login':
      return 'signalbox';
    case 'local':
    case 'form':
      return `signalbox attach ${session ?? ''}`;
    case 'failed':
      return `signalbox session start ${id}`;
    case 'open-item':
      return `signalbox audit acknowledge ${id}`;
  }
}
