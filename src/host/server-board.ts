/** Which servers a client sees: the registered ones of its workspace with the state of their connections. Two workspaces may give one id to two machines. */
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import type { LocalCommands } from '../core/login/local-command.ts';
import type { BrokenServer, Registry, ServerStatus, Servers } from '../core/ports.ts';
import type { Target } from '../core/server.ts';
import type { HostEvent } from '../protocol/events.ts';
import type { ServerView } from '../protocol/view.ts';
import type { ViewStore } from './view-store.ts';

type Board = Readonly<Record<string, ServerView>>;

export class ServerBoard implements Disposable {
  readonly #registry: Registry;
  readonly #servers: Servers;
  readonly #store: ViewStore;
  readonly #boards = new Map<string | null, Board>();
  /** What each record was when it was read, by id. */
  readonly #records = new Map<string | null, ReadonlyMap<string, string>>();
  readonly #notices: (text: string) => void;
  readonly #localCommands: LocalCommands | null;
  readonly #subscriptions = new Disposables();

  constructor(
    parts: { readonly registry: Registry; readonly servers: Servers; readonly localCommands?: LocalCommands },
    store: ViewStore,
    addNotice: (text: string) => void,
  ) {
    this.#registry = parts.registry;
    this.#servers = parts.servers;
    this.#store = store;
    this.#notices = addNotice;
    this.#localCommands = parts.localCommands ?? null;
    this.#subscriptions.add(parts.servers.onStatus((status) => this.#handleStatus(status)));
    // Servers whose configuration could not be read without it can be used now.
    const allowed = parts.localCommands?.onAllowed(() => void this.reload().catch((error) => addNotice(error.message)));
    if (allowed) this.#subscriptions.add(allowed);
  }

  /** Reads the servers of a workspace (null: the global ones only). Throws CONFIG_INVALID when the registry cannot be read at all. */
  async load(workspace: string | null): Promise<void> {
    const { servers, broken, warnings } = await this.#registry.list(workspace);
    const allowed = await this.#allowedOf(servers);
    const views = [
      ...servers.map((target) => toServerView(target, this.#servers.status(target.id), allowed)),
      ...broken.map(toBrokenView),
    ];
    this.#boards.set(workspace, Object.fromEntries(views.map((view) => [view.id, view])));
    const usable = servers.map(({ id, recordHash }) => [id, recordHash] as const);
    this.#records.set(workspace, new Map([...usable, ...broken.map(({ id, problem }) => [id, problem] as const)]));
    for (const warning of warnings) this.#notices(warning);
  }

  /** Reads all again, and tells every screen. Resolves with the ids whose records are others than before, or came, or went. */
  async reload(): Promise<readonly string[]> {
    const changed = new Set<string>();
    for (const workspace of this.#boards.keys()) {
      const before = this.#records.get(workspace) ?? new Map<string, string>();
      await this.load(workspace);
      const now = this.#records.get(workspace) ?? new Map<string, string>();
      for (const id of [...before.keys(), ...now.keys()]) if (before.get(id) !== now.get(id)) changed.add(id);
    }
    this.#store.publish({ type: 'servers.replaced', servers: this.of(null) });
    return [...changed];
  }

  of(workspace: string | null): Board {
    return this.#boards.get(workspace) ?? {};
  }

  /** The event as a client of this workspace must see it: with its own servers. What does not concern it changes nothing there. */
  toEventFor(workspace: string | null, event: HostEvent): HostEvent {
    if (event.type === 'servers.replaced') return { ...event, servers: this.of(workspace) };
    if (event.type !== 'server.changed') return event;
    const server = this.of(workspace)[event.server.id];
    return server ? { ...event, server } : { type: 'servers.replaced', servers: this.of(workspace) };
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #allowedOf(servers: readonly Target[]): Promise<ReadonlySet<Target>> {
    const allowed = new Set<Target>();
    for (const target of servers) {
      const { id: server, proxyCommand: text } = target;
      if (text !== undefined && (await this.#localCommands?.isAllowed({ server, text }))) allowed.add(target);
    }
    return allowed;
  }

  #handleStatus(status: ServerStatus): void {
    let changed: ServerView | null = null;
    for (const [workspace, board] of this.#boards) {
      const known = board[status.id];
      if (!known || known.state === 'broken') continue;
      changed = { ...known, ...toStatusView(status) };
      this.#boards.set(workspace, { ...board, [status.id]: changed });
    }
    if (changed) this.#store.publish({ type: 'server.changed', server: changed });
  }
}

function toServerView(target: Target, status: ServerStatus, allowed: ReadonlySet<Target>): ServerView {
  const { id, address, environment, environmentAssumed, labels, groups, readonly, scope, shadowsGlobal } = target;
  return {
    ...{ id, address, environment, environmentAssumed, labels, groups, readonly, scope, shadowsGlobal },
    ...toStatusView(status),
    ...(target.through ? { through: target.through } : {}),
    ...(target.proxyCommand === undefined
      ? {}
      : { proxyCommand: { text: target.proxyCommand, isAllowed: allowed.has(target) } }),
  };
}

function toStatusView({ state, latencyMs, hostKey, problem, line, retryAtMs = null }: ServerStatus) {
  return { state, latencyMs, hostKey, problem, retryAtMs, ...(line ? { line } : {}) };
}

/** A server that cannot be used shows as the most careful reading of what is known of it. */
function toBrokenView({ id, problem, environment }: BrokenServer): ServerView {
  return {
    id,
    address: '',
    environment: environment ?? 'production',
    environmentAssumed: environment === undefined,
    labels: [],
    groups: [],
    readonly: true,
    scope: 'global',
    shadowsGlobal: false,
    state: 'broken',
    latencyMs: null,
    hostKey: null,
    problem,
  };
}
