/** All sessions of the host: creates them with their folder, token and socket, finds them, and ends them. One that fails never touches another. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Disposables } from '../../base/lifecycle.ts';
import type { AgentStart } from '../../core/agents.ts';
import type { Caller } from '../../core/caller.ts';
import { type Code, OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Repeated } from '../../core/repeat-guard.ts';
import type { Params } from '../../protocol/methods.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { HostParts } from '../parts.ts';
import type { ViewStore } from '../view-store.ts';
import { Session, toTitle } from './session.ts';
import { newSessionId } from './session-id.ts';
import { TokenBook, type TokenVerdict } from './token-book.ts';
import { ToolSocket } from './tool-socket.ts';
import { Transcript } from './transcript.ts';
import { prepareWorkFolder } from './work-folder.ts';

interface Entry {
  readonly session: Session;
  readonly lifetimes: Disposables;
}

/** An agent that tries tokens must not fill the log; past this only the host's own log counts on. */
const refusalsRecordedMax = 64;

export class Sessions {
  readonly #parts: HostParts;
  readonly #store: ViewStore;
  readonly #addNotice: (text: string) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #tokens = new TokenBook();
  readonly #subscriptions = new Disposables();
  #isClosed = false;

  /** @param addNotice tells all screens what an operator must know. */
  constructor(parts: HostParts, store: ViewStore, addNotice: (text: string) => void) {
    this.#parts = parts;
    this.#addNotice = addNotice;
    this.#store = store;
    for (const folder of [parts.paths.sessionsFolder, parts.paths.toolSocketsFolder, parts.paths.workFolder])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (parts.repeats) this.#subscriptions.add(parts.repeats.onRepeated((repeated) => this.#handleRepeated(repeated)));
    const refresh = (caller: Caller): void => {
      if (caller.session !== null) this.#entries.get(caller.session)?.session.refreshState();
    };
    this.#subscriptions.add(parts.approvals.onAdded((approval) => refresh(approval.caller)));
    this.#subscriptions.add(parts.approvals.onRemoved(({ approval }) => refresh(approval.caller)));
  }

  /**
   * Starts an agent and resolves with the session's id once it runs. Rejects with OperationError: unknown server, too many
   * sessions, an agent that is unknown, not installed or disabled (nothing is left behind), or one that ends while it starts (the
   * session stays visible as failed, with the reason).
   */
  async create(params: Params<'session.new'>, workspace: string | null): Promise<string> {
    if (this.#isClosed) throw new OperationError('CANCELLED', 'The host is stopping; start it again for new sessions.');
    const servers = [...new Set(params.servers)];
    for (const server of servers) await this.#parts.registry.resolve(server, workspace);
    await this.#makeRoom();
    const id = newSessionId((taken) => this.#isTaken(taken));
    const entry = this.#add(id, params, servers, workspace);
    try {
      const start = await this.#openDoor(entry, id, params, servers, workspace);
      const link = await this.#parts.agents.start(start);
      if (!entry.session.isAlive) await link.dispose();
      else entry.session.attachAgent(link);
    } catch (error) {
      // Nothing ever ran, so there is nothing to look at; the answer to whoever asked says it all.
      if (isNeverStarted(error)) await this.kill(id);
      else entry.session.fail((error as Error).message);
      throw error;
    }
    return id;
  }

  /** Says something to a session's operator and agent; one that is gone has nobody to hear it. */
  tell(id: string, sentence: string): void {
    this.#entries.get(id)?.session.tell(sentence);
  }

  /** Throws INVALID_ARGUMENT for an id that is not there. */
  find(id: string): Session {
    const entry = this.#entries.get(id);
    if (!entry) throw new OperationError('INVALID_ARGUMENT', `There is no session ${id}; \`signalbox ls\` shows them.`);
    return entry.session;
  }

  /** Ends the agent, closes its door and takes the session out of the view; its transcript and work folder stay. */
  async kill(id: string): Promise<void> {
    const session = this.find(id);
    const entry = this.#entries.get(id);
    if (entry) this.#closeDoor(id, entry.lifetimes);
    try {
      await session.end();
    } finally {
      this.#entries.delete(id);
      this.#store.publish({ type: 'session.removed', id });
    }
  }

  /** No new sessions, and no new tool clients in those that run. */
  close(): void {
    this.#isClosed = true;
  }

  /** Ends all agents at once; rejects with the errors of those that could not be ended, after all were tried. */
  async dispose(): Promise<void> {
    this.close();
    this.#subscriptions.dispose();
    const ends = await Promise.allSettled([...this.#entries.keys()].map((id) => this.kill(id)));
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'Some agents could not be ended.');
  }

  #add(id: string, params: Params<'session.new'>, servers: readonly string[], workspace: string | null): Entry {
    const { clock, paths, redactor } = this.#parts;
    const transcript = new Transcript(join(paths.sessionsFolder, `${id}.jsonl`), redactor, this.#addNotice);
    const createdAtMs = clock.nowMs();
    const view = toNewSessionView(id, params, servers, workspace, createdAtMs);
    const lifetimes = new Disposables();
    const session = new Session({
      id,
      clock,
      transcript,
      publish: (event) => this.#store.publish(event),
      onTurnBegin: () => this.#parts.repeats?.beginTurn(id),
      waitingCards: () => this.#parts.approvals.list().filter(({ caller }) => caller.session === id).length,
      onGone: () => this.#closeDoor(id, lifetimes),
    });
    const entry = { session, lifetimes };
    this.#entries.set(id, entry);
    transcript.append({ type: 'open', id, agent: view.agent, servers, workspace, atMs: createdAtMs });
    this.#store.publish({ type: 'session.added', session: view });
    if (params.title !== undefined) session.rename(params.title);
    if (params.prompt !== undefined) session.prompt(params.prompt);
    return entry;
  }

  async #openDoor(
    entry: Entry,
    id: string,
    params: Params<'session.new'>,
    servers: readonly string[],
    workspace: string | null,
  ): Promise<AgentStart> {
    const { paths, redactor, toolDoor, clock, settings } = this.#parts;
    const workFolder = prepareWorkFolder(paths.workFolder, id, servers);
    const toolToken = this.#tokens.issue(id);
    redactor.hold(toolToken);
    const agent = 'id' in params.agent ? params.agent.id : null;
    const caller: Caller = {
      ...{ origin: 'agent', door: 'mcp', session: id, agent, servers, workspace, readonly: params.readonly ?? false },
    };
    const toolSocket = join(paths.toolSocketsFolder, `${id}.sock`);
    let refusals = 0;
    const admit = (token: string | null): string | null => {
      if (this.#isClosed) return 'The host is stopping.';
      const verdict: TokenVerdict | 'none' = token === null ? 'none' : this.#tokens.check(id, token);
      if (verdict === 'valid') return null;
      refusals += 1;
      if (refusals <= refusalsRecordedMax) this.#recordRefusal(id, agent, refusalReasons[verdict]);
      return refusalReasons[verdict];
    };
    const onToolsListed = (): void => entry.session.handleToolsListed();
    const takeNews = (): readonly string[] => entry.session.takeNews();
    entry.lifetimes.add(
      await ToolSocket.open({ path: toolSocket, caller, door: toolDoor, clock, admit, onToolsListed, takeNews }),
    );
    return {
      session: id,
      agent: params.agent,
      servers,
      workspace,
      workFolder,
      toolSocket,
      toolToken,
      requireIsolation: settings.requireIsolation,
      readonly: params.readonly ?? false,
    };
  }

  #handleRepeated({ session, tool, server, refusals, message }: Repeated): void {
    const what = `${tool}${server === null ? '' : ` on ${server}`}`;
    const why = `Paused after ${refusals} identical refusals of ${what} (${message}); prompt it again to go on.`;
    if (!this.#entries.get(session)?.session.pause(why)) return;
    this.#parts.log(`session ${session}: paused after ${refusals} identical refusals of ${what}`);
    this.#addNotice(
      `Session ${session} is paused after ${refusals} identical refusals of ${what}; prompt it again to go on.`,
    );
  }

  #closeDoor(id: string, lifetimes: Disposables): void {
    this.#tokens.end(id);
    this.#parts.gate.endSession(id);
    this.#parts.repeats?.endSession(id);
    lifetimes.dispose();
  }

  #recordRefusal(session: string, agent: string | null, reason: string): void {
    const id = `t${randomBytes(6).toString('hex')}`;
    this.#parts.log(`session ${session}: refused a tool client: ${reason}`);
    this.#parts.audit
      .append([{ type: 'refused', id, session, agent, origin: 'agent', rule: 'door.token', reason }])
      .catch((error: Error) => this.#parts.log(`the refusal could not be recorded: ${error.message}`));
  }

  /** Sessions whose agent is gone make room for new ones, the oldest first. */
  async #makeRoom(): Promise<void> {
    if (this.#entries.size < limits.sessionsMax) return;
    const gone = [...this.#entries.values()].find(({ session }) => !session.isAlive);
    if (!gone)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `${limits.sessionsMax} sessions run already; end one with \`signalbox kill\` before starting another.`,
      );
    await this.kill(gone.session.id);
  }

  #isTaken(id: string): boolean {
    const { sessionsFolder, workFolder } = this.#parts.paths;
    return this.#entries.has(id) || existsSync(join(sessionsFolder, `${id}.jsonl`)) || existsSync(join(workFolder, id));
  }
}

/** The agent is not in the catalogue, is disabled, is not there, or may not run as it would have to. */
function isNeverStarted(error: unknown): boolean {
  const never: readonly Code[] = ['INVALID_ARGUMENT', 'CONFIG_INVALID', 'UNSUPPORTED'];
  return error instanceof OperationError && never.includes(error.code);
}

const refusalReasons: Readonly<Record<Exclude<TokenVerdict, 'valid'> | 'none', string>> = {
  none: 'It did not open with a token.',
  foreign: 'The token belongs to another session.',
  ended: 'The token belongs to a session that is over.',
  unknown: 'The token is unknown: made up, or of an earlier run of the host.',
};

function toNewSessionView(
  id: string,
  params: Params<'session.new'>,
  servers: readonly string[],
  workspace: string | null,
  createdAtMs: number,
): SessionView {
  const agent = 'id' in params.agent ? params.agent.id : (params.agent.command[0] ?? '');
  return {
    id,
    title: params.title ?? (params.prompt === undefined ? `${agent} on ${servers.join(', ')}` : toTitle(params.prompt)),
    agent,
    agentVersion: null,
    origin: 'agent',
    servers,
    state: 'starting',
    problem: null,
    isolation: { state: 'no agent', reason: 'The agent is starting.' },
    createdAtMs,
    workspace,
    items: [],
    plan: [],
    commands: [],
    modes: [],
    currentMode: null,
    usage: null,
    queuedPrompts: [],
    localCards: [],
  };
}
