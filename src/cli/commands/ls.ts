/** `signalbox ls`: the sessions of the running host, or those that the next one brings back. */
import type { Command } from 'commander';
import { HostError } from '../../client/host-error.ts';
import { OperationError } from '../../core/codes.ts';
import { listShelved, type ShelvedSession } from '../../host/sessions/session-shelf.ts';
import { countUnread } from '../../protocol/unread.ts';
import type { SessionView } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { toReadableLine, toSafeLine } from '../safe-text.ts';

export function register(program: Command): void {
  program
    .command('ls')
    .description('list sessions')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox ls --json\n')
    .action(async (options: { json?: true }, command: Command) => list(ioOf(command), options));
}

async function list(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const sessions = await readSessions(io);
  // Without a host none is live; those that the next one brings back are not gone.
  const resting = sessions === null ? await readResting(io) : [];
  if (options.json) return printJson(io, [...(sessions ?? []).map(toJson), ...resting.map(toRestingJson)]);
  const rows = [...(sessions ?? []).map(toRow), ...resting.map(toRestingRow)];
  if (rows.length === 0) return printLine(io, 'No sessions.');
  printTable(io, ['ID', 'STATE', 'AGENT', 'SERVERS', 'ISOLATION', 'UNREAD', 'TITLE'], rows);
  if (resting.length > 0) printNote(io, 'No host runs; `signalbox attach` starts one and goes on.');
}

/** Null: no host runs, which is no failure. */
async function readSessions(io: CliIo): Promise<readonly SessionView[] | null> {
  try {
    const { sessions } = await withHost(io, 'never', (client) => client.view());
    return Object.values(sessions).sort((one, other) => one.createdAtMs - other.createdAtMs);
  } catch (error) {
    if (isNoHost(error)) return null;
    throw error;
  }
}

/** In the order of a running host: the oldest first. */
async function readResting(io: CliIo): Promise<readonly ShelvedSession[]> {
  const shelved = await listShelved(toPaths(io.env).sessionsFolder);
  return shelved
    .filter(({ isEnded }) => !isEnded)
    .sort((one, other) => (one.createdAtMs ?? 0) - (other.createdAtMs ?? 0));
}

export function isNoHost(error: unknown): boolean {
  const cause = error instanceof OperationError ? error.cause : null;
  return cause instanceof HostError && cause.code === 'UNREACHABLE' && cause.message.startsWith('No host runs');
}

function toRow({ id, state, agent, servers, isolation, title, ...session }: SessionView): readonly string[] {
  const scope = `${toSafeLine(servers.join(','))}${session.readonly ? ' (read only)' : ''}`;
  const unread = countUnread(session);
  return [
    id,
    state,
    toSafeLine(agent),
    scope,
    isolation.state,
    unread === 0 ? '-' : `${unread}`,
    toReadableLine(title),
  ];
}

function toRestingRow({ id, agents, servers, title }: ShelvedSession): readonly string[] {
  const [agent = ''] = agents;
  return [
    id,
    'resting',
    toSafeLine(agent) || '-',
    toSafeLine(servers.join(',')),
    'not running',
    '-',
    toReadableLine(title),
  ];
}

/** What is on disk; everything else only a host knows. */
function toRestingJson({ id, agents, servers, title, createdAtMs }: ShelvedSession): object {
  return { id, state: 'resting', agent: agents[0] ?? null, servers, title, createdAtMs };
}

/** Without the conversation: `session export` is for that. */
function toJson({ items, ...session }: SessionView): object {
  return { ...session, items: items.length, unread: countUnread({ ...session, items }) };
}
