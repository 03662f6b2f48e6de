/** How an agent is logged in and out, and what it keeps of earlier sessions: each question is a short visit. It knows no screen. */
import type { AgentAccounts, AgentLogin, AgentSessionInfo } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { type AgentListOptions, findProfile } from './agent-list.ts';
import { fieldsOf, textOf } from './fields.ts';
import { inTime } from './in-time.ts';
import { prepareLaunch } from './launch.ts';
import { findLoaderVariable } from './loader-variables.ts';
import { inEmptyFolder, type Visit, visitAgent } from './visit.ts';

/** Pages of one list: an agent that never ends it is not asked for ever. */
const pagesMax = 50;
/** A browser on this machine sends what it was given to an address of this machine, where the agent listens meanwhile. */
const loginNetwork = { network: 'host' } as const;
const patience = { timeoutMs: limits.agentRequestTimeoutMs, phase: 'before it answered' };

export function createAgentAccounts(options: AgentListOptions): AgentAccounts {
  const visit = async <T>(id: string, use: (visit: Visit) => Promise<T>): Promise<T> =>
    await visitAgent(options, await findProfile(options.catalogue, id), {}, use);
  return {
    logins: async (id) =>
      await visit(id, async ({ connected }) => ({
        logins: connected.abilities.logins,
        logout: connected.abilities.logout,
      })),
    async login(id, methodId, hooks = {}) {
      const profile = await findProfile(options.catalogue, id);
      await visitAgent(options, profile, { ...hooks, ...loginNetwork }, async ({ connected, starting }) => {
        const method = findLogin(connected.abilities.logins, connected.name, methodId);
        if (method.kind === 'terminal')
          throw new OperationError(
            'UNSUPPORTED',
            `"${method.name}" needs a terminal; run \`signalbox agent login ${id} --method ${methodId}\` in one.`,
          );
        const bounds = { timeoutMs: limits.agentLoginTimeoutMs, phase: 'while it logged in' };
        await inTime(
          starting,
          (more) => connected.wire.login(methodId, more),
          hooks.signal ? { ...bounds, signal: hooks.signal } : bounds,
        );
      });
    },
    async terminalLogin(id, methodId, run) {
      const profile = await findProfile(options.catalogue, id);
      const { logins } = await this.logins(id);
      const method = findLogin(logins, profile.label, methodId);
      if (method.kind !== 'terminal')
        throw new OperationError('UNSUPPORTED', `"${method.name}" needs no terminal: the agent does it by itself.`);
      const loader = findLoaderVariable(method.env);
      if (loader !== null)
        throw new OperationError(
          'UNSUPPORTED',
          `"${method.name}" sets ${loader}, which decides what programs load outside of its isolation, too; choose another login.`,
        );
      return await inEmptyFolder(async (workFolder) => {
        const requireIsolation = (await options.requireIsolation?.()) ?? false;
        const request = { profile, workFolder, toolSocket: null, requireIsolation, ...loginNetwork };
        const more = { arguments: method.arguments, variables: method.env };
        const { spec, verdict } = await prepareLaunch(options, { ...request, ...more });
        return await run({ argv: spec.argv, env: spec.env, cwd: spec.cwd, verdict });
      });
    },
    logout: async (id) =>
      await visit(id, async ({ connected, starting }) => {
        if (!connected.abilities.logout) throw notOffered(connected.name, 'to log out');
        await inTime(starting, (more) => connected.wire.logout(more), patience);
      }),
    sessions: async (id) => await visit(id, listSessions),
    deleteSession: async (id, session) =>
      await visit(id, async ({ connected, starting }) => {
        if (!connected.abilities.delete) throw notOffered(connected.name, 'to delete sessions');
        await inTime(starting, (more) => connected.wire.deleteSession(session, more), patience);
      }),
  };
}

async function listSessions({ connected, starting }: Visit): Promise<readonly AgentSessionInfo[]> {
  if (!connected.abilities.list) throw notOffered(connected.name, 'to list its sessions');
  const found: AgentSessionInfo[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < pagesMax && found.length < limits.agentListEntriesMax; pages += 1) {
    const page: string | null = cursor;
    const answer = await inTime(starting, (more) => connected.wire.listSessions(page, more), patience);
    const sessions: readonly unknown[] = Array.isArray(answer.sessions) ? answer.sessions : [];
    found.push(...sessions.flatMap(toSessionInfo));
    cursor = textOf(answer.nextCursor);
    if (cursor === null || cursor === '') break;
  }
  return found.slice(0, limits.agentListEntriesMax);
}

function toSessionInfo(value: unknown): readonly AgentSessionInfo[] {
  const { sessionId, cwd, title, updatedAt } = fieldsOf(value);
  const id = textOf(sessionId);
  if (id === null || id === '') return [];
  return [{ id, cwd: textOf(cwd) ?? '', title: textOf(title), updatedAt: textOf(updatedAt) }];
}

/** Throws OperationError INVALID_ARGUMENT that names what there is. */
function findLogin(logins: readonly AgentLogin[], agent: string, methodId: string): AgentLogin {
  const found = logins.find(({ id }) => id === methodId);
  if (found) return found;
  const known = logins.map(({ id }) => id).join(', ');
  const what = known === '' ? 'it offers none' : `choose one of ${known}`;
  throw new OperationError('INVALID_ARGUMENT', `${agent} has no login "${methodId}": ${what}.`);
}

function notOffered(agent: string, what: string): OperationError {
  return new OperationError('UNSUPPORTED', `${agent} does not offer ${what} through its protocol.`);
}
