/** `signalbox ls`: the sessions of the running host. */
import type { Command } from 'commander';
import { HostError } from '../../client/host-error.ts';
import { OperationError } from '../../core/codes.ts';
import { listShelved } from '../../host/sessions/session-shelf.ts';
import { countUnread } from '../../protocol/unread.ts';
import type { SessionView } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';

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
  if (sessions.length === 0) await tellResting(io);
  if (options.json) printJson(io, sessions.map(toJson));
  else if (sessions.length === 0) printLine(io, 'No sessions.');
  else printTable(io, ['ID', 'STATE', 'AGENT', 'SERVERS', 'ISOLATION', 'UNREAD', 'TITLE'], sessions.map(toRow));
}

/** No host means no sessions, which is no failure. */
async function readSessions(io: CliIo): Promise<readonly SessionView[]> {
  try {
    const { sessions } = await withHost(io, 'never', (client) => client.view());
    return Object.values(sessions).sort((one, other) => one.createdAtMs - other.createdAtMs);
  } catch (error) {
    if (isNoHost(error)) return [];
    throw error;
  }
}

/** Without a host there is none to list; those that the next one brings back are not gone. */
async function tellResting(io: CliIo): Promise<void> {
  const resting = (await listShelved(toPaths(io.env).sessionsFolder)).filter(({ isEnded }) => !isEnded);
  if (resting.length === 0) return;
  const what = resting.length === 1 ? '1 session rests' : `${resting.length} sessions rest`;
  printNote(
    io,
    `${what} until a host runs again; \`signalbox session list\` shows them, \`signalbox attach\` goes on.`,
  );
}

export function isNoHost(error: unknown): boolean {
  const cause = error instanceof OperationError ? error.cause : null;
  return cause instanceof HostError && cause.code === 'UNREACHABLE' && cause.message.startsWith('No host runs');
}

function toRow({ id, state, agent, servers, isolation, title, ...session }: SessionView): readonly string[] {
  const scope = `${toSafeLine(servers.join(','))}${session.readonly ? ' (read only)' : ''}`;
  const unread = countUnread(session);
  return [id, state, toSafeLine(agent), scope, isolation.state, unread === 0 ? '-' : `${unread}`, toSafeLine(title)];
}

/** Without the conversation: `session export` is for that. */
function toJson({ items, ...session }: SessionView): object {
  return { ...session, items: items.length, unread: countUnread({ ...session, items }) };
}
