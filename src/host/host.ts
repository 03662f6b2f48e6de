/** The host: one process a user that owns connections, agents, the queue and the log. Screens are its clients; it runs without any. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import { OperationError } from '../core/codes.ts';
import { limits } from '../core/limits.ts';
import { toEmptyView } from '../protocol/reduce.ts';
import type { NoticeView, View } from '../protocol/view.ts';
import { acquireHostLock, runningSentence } from './acquire-host-lock.ts';
import { feedCards } from './approval-cards.ts';
import { feedAudit } from './audit-feed.ts';
import { ControlSocket } from './control-socket.ts';
import { feedDurables } from './durable-feed.ts';
import { feedFoundChanges } from './found-changes.ts';
import { feedLogins } from './login-feed.ts';
import { feedOpenItems } from './open-items.ts';
import { Panes } from './panes.ts';
import type { HostParts } from './parts.ts';
import { RecordingKeeper } from './recording-keeper.ts';
import type { Engine } from './request-handlers.ts';
import { feedRollbacks } from './rollback-news.ts';
import { RuleDesk } from './rule-desk.ts';
import { ServerBoard } from './server-board.ts';
import { ExternalSessions } from './sessions/external-sessions.ts';
import { Sessions } from './sessions/sessions.ts';
import { Shells } from './shells/shells.ts';
import { type ShutdownStep, shutDown } from './shutdown.ts';
import { ViewStore } from './view-store.ts';
import { feedNotifications } from './waiting-notifier.ts';

export interface Host {
  readonly pid: number;
  readonly controlSocket: string;
  /** The view as it is now. */
  readonly view: View;
  readonly connectionCount: number;
  /** Resolves when the host has stopped, whoever asked for it, with one sentence for each step that failed. */
  readonly stopped: Promise<readonly string[]>;
  /** Refuses what waits, lets running operations settle, ends agents and connections. A second call waits for the first. */
  stop(reason: string): Promise<readonly string[]>;
}

/**
 * Starts a host: takes the lock, unless its caller has it already, builds its view and listens. Throws CONFIG_INVALID with the pid
 * when another host runs; nothing is left behind then, and the parts still belong to the caller.
 */
export async function startHost(parts: HostParts, acquired: Disposable | null = null): Promise<Host> {
  const lifetimes = new Disposables();
  // Disposed last: while this process still holds a socket or an agent, no other host may start.
  const lock = acquired ?? acquireLock(parts.paths.hostLock);
  try {
    return await listen(parts, lifetimes, () => lock.dispose());
  } catch (error) {
    lifetimes.dispose();
    lock.dispose();
    throw error;
  }
}

function acquireLock(path: string): Disposable {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const acquired = acquireHostLock(path);
  if (acquired.kind === 'running') throw new OperationError('CONFIG_INVALID', runningSentence(acquired.holder));
  return acquired.lock;
}

async function listen(parts: HostParts, lifetimes: Disposables, releaseLock: () => void): Promise<Host> {
  const { clock, version, demo } = parts;
  const store = new ViewStore(toEmptyView({ pid: process.pid, version, startedAtMs: clock.nowMs(), demo }));
  const { sessions, externals, board, reloadAgents } = await fillView(parts, store, lifetimes);
  let stopping: Promise<readonly string[]> | null = null;
  const stop = (reason: string): Promise<readonly string[]> => {
    if (stopping) return stopping;
    parts.log(`stopping: ${reason}`);
    stopping = shutDown(toSteps(), clock, parts.log);
    void stopping.then(announceStopped);
    return stopping;
  };
  let announceStopped: (problems: readonly string[]) => void = () => undefined;
  const stopped = new Promise<readonly string[]>((resolve) => {
    announceStopped = resolve;
  });
  const shells = new Shells(parts.gate, clock, store);
  const engine: Engine = {
    ...{ parts, store, sessions, externals, board, reloadAgents, rules: new RuleDesk(parts), shells },
    recordingKeeper: keepRecordings(parts, store, lifetimes),
    isStopping: () => stopping !== null,
    stop: (reason) => void stop(reason),
  };
  const control = await ControlSocket.open(parts.paths.controlSocket, engine);
  const toSteps = (): readonly ShutdownStep[] => [
    { name: 'intake', timeoutMs: 1_000, run: () => (control.refuseIntake(), sessions.close()) },
    { name: 'shells', timeoutMs: 5_000, run: () => shells.dispose() },
    { name: 'waiting logins', timeoutMs: 1_000, run: () => parts.logins.dispose() },
    { name: 'waiting approvals', timeoutMs: 1_000, run: () => parts.approvals.close('signalbox is shutting down') },
    { name: 'running operations', timeoutMs: limits.shutdownGraceMs + 5_000, run: () => parts.gate.close() },
    {
      name: 'agents',
      timeoutMs: 10_000,
      run: async () => void (await Promise.all([sessions.dispose(), externals.dispose()])),
    },
    { name: 'clients', timeoutMs: 1_000, run: () => control.dispose() },
    { name: 'connections', timeoutMs: 5_000, run: () => parts.servers.dispose() },
    { name: 'audit log', timeoutMs: 5_000, run: () => parts.audit.close() },
    { name: 'subscriptions', timeoutMs: 1_000, run: () => lifetimes.dispose() },
    { name: 'lock', timeoutMs: 1_000, run: releaseLock },
  ];
  return {
    pid: process.pid,
    controlSocket: parts.paths.controlSocket,
    get view() {
      return store.view;
    },
    get connectionCount() {
      return control.connectionCount;
    },
    stopped,
    stop,
  };
}

/** Subscribes everything that changes the view, and fills in what is known at the start. */
async function fillView(
  parts: HostParts,
  store: ViewStore,
  lifetimes: Disposables,
): Promise<Pick<Engine, 'sessions' | 'externals' | 'board' | 'reloadAgents'>> {
  const addNotice = toNoticeAdder(parts, store);
  const board = lifetimes.add(new ServerBoard(parts, store, (text) => addNotice('warn', text)));
  await board.load(null);
  lifetimes.add(feedLogins(parts.logins, store));
  if (parts.durables) lifetimes.add(await feedDurables(parts.durables, store, parts.clock.nowMs()));
  lifetimes.add(feedCards(parts.approvals, store));
  lifetimes.add(new Panes(parts.gate, store, parts.clock));
  lifetimes.add(await feedOpenItems(parts.gate, parts.audit, store));
  lifetimes.add(feedAudit(parts.audit, store, parts.clock));
  lifetimes.add(parts.policies.onNotice(({ level, text }) => addNotice(level, text, 'always')));
  // A bad file is told as a notice, here and whenever something asks.
  await parts.policies.current(null).catch(() => undefined);
  const sessions = new Sessions(parts, store, (text) => addNotice('error', text));
  await sessions.restore();
  lifetimes.add(feedRollbacks(parts.audit, sessions, parts.log));
  const tellOperator = (text: string): void => addNotice('info', text, 'always');
  lifetimes.add(feedFoundChanges({ audit: parts.audit, store, sessions, addNotice: tellOperator, log: parts.log }));
  if (parts.notify)
    lifetimes.add(feedNotifications(store, parts.clock, parts.notify, (text) => addNotice('warn', text)));
  const reloadAgents = async (): Promise<void> => {
    store.publish({ type: 'agents.replaced', agents: await parts.agents.list() });
    for (const warning of (await parts.agents.warnings?.()) ?? []) addNotice('warn', warning);
  };
  // Looking for programs may take a moment; no client waits for it.
  reloadAgents().catch((error: Error) => addNotice('warn', `The agents could not be listed: ${error.message}`));
  const externals = new ExternalSessions(parts, store, (text) => addNotice('error', text));
  return { sessions, externals, board, reloadAgents };
}

function keepRecordings(parts: HostParts, store: ViewStore, lifetimes: Disposables): RecordingKeeper | null {
  const { audit, gate, clock, log, recordingShelf } = parts;
  if (recordingShelf === undefined) return null;
  const liveSessions = (): ReadonlySet<string> =>
    new Set(
      Object.values(store.view.sessions)
        .filter(({ state }) => state !== 'ended' && state !== 'failed')
        .map(({ id }) => id),
    );
  const keeper = lifetimes.add(new RecordingKeeper({ audit, gate, clock, log, ...recordingShelf, liveSessions }));
  void keeper.keepBound();
  return keeper;
}

type NoticeAdder = (level: NoticeView['level'], text: string, repeat?: 'always') => void;

function toNoticeAdder(parts: HostParts, store: ViewStore): NoticeAdder {
  let lastId = 0;
  return (level, text, repeat) => {
    // A warning of a file that is read again is the same warning.
    if (repeat !== 'always' && store.view.notices.some((notice) => notice.text === text)) return;
    lastId += 1;
    store.publish({ type: 'notice.added', notice: { id: lastId, level, text, atMs: parts.clock.nowMs() } });
  };
}
