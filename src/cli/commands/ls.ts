/** `signalbox ls`: the sessions of the running host. */
import type { Command } from 'commander';
import { HostError } from '../../client/host-error.ts';
import { OperationError } from '../../core/codes.ts';
import type { SessionView } from '../../protocol/view.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printJson, printLine, printTable } from '../output.ts';
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
  if (options.json) printJson(io, sessions.map(toJson));
  else if (sessions.length === 0) printLine(io, 'No sessions.');
  else printTable(io, ['ID', 'STATE', 'AGENT', 'SERVERS', 'ISOLATION', 'TITLE'], sessions.map(toRow));
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

export function isNoHost(error: unknown): boolean {
  const cause = error instanceof OperationError ? error.cause : null;
  return cause instanceof HostError && cause.code === 'UNREACHABLE' && cause.message.startsWith('No host runs');
}

function toRow({ id, state, agent, servers, isolation, title }: SessionView): readonly string[] {
  return [id, state, toSafeLine(agent), servers.join(','), isolation.state, toSafeLine(title)];
}

/** Without the conversation: `session export` is for that. */
function toJson({ items, ...session }: SessionView): object {
  return { ...session, items: items.length };
}
