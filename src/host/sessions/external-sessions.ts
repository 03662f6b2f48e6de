/** The sessions of MCP clients, programs outside of signalbox: each has its own scope and door, and lives as long as the connection that asked for it. */
import { existsSync } from 'node:fs';
import { type Disposable, Disposables, toDisposable } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Params, Result } from '../../protocol/methods.ts';
import type { HostParts } from '../parts.ts';
import type { ViewStore } from '../view-store.ts';
import { type AgentDoor, openAgentDoor } from './agent-door.ts';
import { ExternalSession, externalAgent } from './external-session.ts';
import { newSessionId } from './session-id.ts';
import { TokenBook } from './token-book.ts';
import { Transcript } from './transcript.ts';
import { toTranscriptPath } from './transcript-file.ts';

interface Open {
  readonly session: ExternalSession;
  readonly door: AgentDoor;
}

export class ExternalSessions {
  readonly #parts: HostParts;
  readonly #store: ViewStore;
  readonly #onProblem: (text: string) => void;
  readonly #open = new Map<string, Open>();
  /** Those that are on their way count, too. */
  #opening = 0;
  readonly #tokens = new TokenBook();
  readonly #subscriptions = new Disposables();
  #isClosed = false;

  /** @param onProblem tells all screens what an operator must know. */
  constructor(parts: HostParts, store: ViewStore, onProblem: (text: string) => void) {
    this.#parts = parts;
    this.#store = store;
    this.#onProblem = onProblem;
    const refresh = ({ session }: Caller): void => this.#find(session)?.refreshState();
    this.#subscriptions.add(parts.approvals.onAdded(({ caller }) => refresh(caller)));
    this.#subscriptions.add(parts.approvals.onRemoved(({ approval }) => refresh(approval.caller)));
    const owners = new Map<string, ExternalSession>();
    this.#subscriptions.add(
      parts.gate.onActivity((activity) => {
        const begun = activity.kind === 'started' ? this.#find(activity.caller.session) : undefined;
        if (begun) owners.set(activity.id, begun);
        owners.get(activity.id)?.handleActivity(activity);
        if (activity.kind === 'ended') owners.delete(activity.id);
      }),
    );
  }

  /**
   * Opens one with a door of its own. Rejects with OperationError: unknown server, too many sessions, the host is stopping.
   * @param hold gets what ends it, for when whoever asked is gone.
   */
  async create(
    params: Params<'session.external'>,
    workspace: string | null,
    hold: (lifetime: Disposable) => void,
  ): Promise<Result<'session.external'>> {
    const { approvals, clock, paths, redactor, registry, settings } = this.#parts;
    if (settings.requireIsolation)
      throw new OperationError(
        'UNSUPPORTED',
        'config.json demands isolation (requireIsolation), and an MCP client has none; take that out to let one in.',
      );
    const servers = [...new Set(params.servers)];
    for (const server of servers) await registry.resolve(server, workspace);
    if (this.#isClosed) throw toStopping();
    if (this.#open.size + this.#opening >= limits.externalSessionsMax)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `${limits.externalSessionsMax} MCP clients use the tools already; end one of them first.`,
      );
    const id = newSessionId((taken) => this.#isTaken(taken));
    const readonly = params.readonly ?? false;
    const session: ExternalSession = new ExternalSession({
      ...{ id, servers, workspace, readonly, clock, title: params.title ?? `MCP client on ${servers.join(', ')}` },
      transcript: new Transcript(toTranscriptPath(paths.sessionsFolder, id), redactor, this.#onProblem),
      publish: (event) => this.#store.publish(event),
      waitingCards: () => approvals.list().filter(({ caller }) => caller.session === id).length,
    });
    this.#opening += 1;
    try {
      const caller = { origin: 'external', door: 'mcp', session: id, agent: externalAgent } as const;
      const door = await openAgentDoor(this.#parts, {
        caller: { ...caller, servers, workspace, readonly },
        ...{ tokens: this.#tokens, place: 0, isClosed: () => this.#isClosed },
        onToolsListed: () => undefined,
        onClient: (name, version) => session.handleClient(name, version),
        takeNews: () => [],
      });
      if (this.#isClosed) {
        door.dispose();
        throw toStopping();
      }
      this.#open.set(id, { session, door });
      hold(toDisposable(() => void this.end(id)));
      return { id, socket: door.socket, token: door.token };
    } catch (error) {
      await session.end();
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** Refuses what needs an agent of ours to be there. */
  checkMethod(method: string, id: string): void {
    if (!this.has(id) || !method.startsWith('session.') || allowed.has(method)) return;
    throw new OperationError(
      'UNSUPPORTED',
      `Session ${id} belongs to an MCP client: talk to it there; here you see what it does, and answer its cards.`,
    );
  }

  rename(id: string, title: string): void {
    this.#open.get(id)?.session.rename(title);
  }

  /** Closes the door, withdraws what waits and takes it out of the view; its transcript stays. One that is over already is no error. */
  async end(id: string): Promise<void> {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    open.door.dispose();
    this.#parts.gate.endSession(id);
    await open.session.end();
  }

  async dispose(): Promise<void> {
    this.#isClosed = true;
    this.#subscriptions.dispose();
    await Promise.all([...this.#open.keys()].map((id) => this.end(id)));
  }

  #find(id: string | null): ExternalSession | undefined {
    return id === null ? undefined : this.#open.get(id)?.session;
  }

  #isTaken(id: string): boolean {
    return id in this.#store.view.sessions || existsSync(toTranscriptPath(this.#parts.paths.sessionsFolder, id));
  }
}

function toStopping(): OperationError {
  return new OperationError('CANCELLED', 'The host is stopping; start it again for new sessions.');
}

const allowed: ReadonlySet<string> = new Set(['session.kill', 'session.rename', 'session.changes', 'session.seen']);
