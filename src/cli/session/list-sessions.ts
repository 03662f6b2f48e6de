/** `session list`: what the running host has, what it will bring back, and with --all what has ended. */

import { listShelved, type ShelvedSession } from '../../host/sessions/session-shelf.ts';
import { countUnread } from '../../protocol/unread.ts';
import type { SessionView } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { isNoHost } from '../commands/ls.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, printJson, printLine, printTable } from '../output.ts';
import { toReadableLine, toSafeLine } from '../safe-text.ts';
import { toLocalMinute } from '../spans.ts';

export interface ListedSession {
  readonly id: string;
  /** Of a session that no host has: `resting` when the next one brings it back, else `ended`. */
  readonly state: string;
  readonly title: string;
  readonly agents: readonly string[];
  readonly servers: readonly string[];
  readonly createdAtMs: number | null;
  /** When something was last said. */
  readonly changedMs: number;
  /** Null of one that no host has. */
  readonly unread: number | null;
}

export async function listSessions(io: CliIo, options: { readonly all?: true; readonly json?: true }): Promise<void> {
  const all = await readAllSessions(io);
  const sessions = options.all ? all : all.filter(({ state }) => state !== 'ended');
  if (options.json) return printJson(io, sessions);
  if (sessions.length === 0)
    return printLine(io, all.length === 0 ? 'No sessions.' : 'No sessions; --all shows those that ended.');
  printTable(io, ['ID', 'STATE', 'AGENTS', 'SERVERS', 'BEGAN', 'LAST', 'UNREAD', 'TITLE'], sessions.map(toRow));
}

/** Newest first. Works with and without a host. */
export async function readAllSessions(io: CliIo): Promise<readonly ListedSession[]> {
  const live = await readLive(io);
  const shelved = await listShelved(toPaths(io.env).sessionsFolder);
  const known = new Map(shelved.map((one) => [one.id, one]));
  const fromHost = live.map((session) => fromView(session, known.get(session.id)));
  const ids = new Set(live.map(({ id }) => id));
  const others = shelved.filter(({ id }) => !ids.has(id)).map(fromShelf);
  return [...fromHost, ...others].sort((one, other) => other.changedMs - one.changedMs);
}

/** Those that a host has, which has written down by then all that they hold; none without a host. */
export async function readLive(io: CliIo): Promise<readonly SessionView[]> {
  try {
    return await withHost(io, 'never', async (client) => {
      await client.call('sessions.flush', {});
      return Object.values((await client.view()).sessions);
    });
  } catch (error) {
    if (isNoHost(error)) return [];
    throw error;
  }
}

function fromView(session: SessionView, shelved: ShelvedSession | undefined): ListedSession {
  const { id, state, title, servers, createdAtMs, items } = session;
  const agents = [session.agent, ...session.agents.map((one) => one.id).filter((one) => one !== session.agent)];
  const changedMs = items.at(-1)?.atMs ?? shelved?.changedMs ?? createdAtMs;
  return { id, state, title, agents, servers, createdAtMs, changedMs, unread: countUnread(session) };
}

function fromShelf({ id, title, agents, servers, isEnded, createdAtMs, changedMs }: ShelvedSession): ListedSession {
  const state = isEnded ? 'ended' : 'resting';
  return { id, state, title, agents, servers, createdAtMs, changedMs, unread: null };
}

function toRow({ id, state, title, agents, servers, createdAtMs, changedMs, unread }: ListedSession): string[] {
  return [
    ...[id, state, agents.join(','), servers.join(',')].map((cell) => toSafeLine(cell) || '-'),
    ...[createdAtMs === null ? '-' : toLocalMinute(createdAtMs), toLocalMinute(changedMs)],
    ...[unread ? `${unread}` : '-', toReadableLine(title)],
  ];
}
