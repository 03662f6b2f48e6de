/**
 * The state of one screen beside the host's view: what is shown, what has the focus, what was searched for. Answers what follows from both;
 * draws nothing and handles no key.
 */
import type { Clock } from '../base/clock.ts';
import type { SessionView, View } from '../protocol/view.ts';
import type { CardDesk } from './card-desk.ts';
import { keepFocus, toFocusOrder } from './focus.ts';
import type { HostPort } from './host-port.ts';
import { type KeyName, type Scope, toKeyText } from './keymap.ts';
import type { Arrangement, WorkspaceRegion } from './layout.ts';
import type { Message } from './present/hint-line.ts';
import type { PaneModel } from './present/server-pane.ts';
import { hasUnknownKey, type TestState } from './present/servers.ts';
import { toQueue, toSessionOf } from './queue.ts';
import type { Situation } from './situation.ts';

export const viewNames = ['workspace', 'approvals', 'audit', 'servers', 'agents', 'sessions'] as const;
export type ViewName = (typeof viewNames)[number];

/** Where `/` searches. */
export type SearchPlace = 'conversation' | 'audit' | 'servers' | 'agents' | 'sessions' | `pane:${string}`;

/** How things outside of the screen are called on it. */
export interface ScreenWords {
  readonly prefix: KeyName;
  /** The program as a command line begins it, for this home. */
  readonly program: string;
  /** The command that brings this screen back. */
  readonly comeBack: string;
}

export class ScreenModel {
  readonly host: HostPort;
  readonly desk: CardDesk;
  readonly clock: Clock;
  readonly words: ScreenWords;
  readonly searches = new Map<SearchPlace, string>();
  readonly tests = new Map<string, TestState>();
  viewName: ViewName = 'workspace';
  focus: WorkspaceRegion = 'prompt';
  arrangement: Arrangement = 'grid';
  isZoomed = false;
  areThoughtsFolded = true;
  isPrefixPending = false;
  isAuditDetailOpen = false;
  message: Message | null = null;
  /** The server, agent or session that its list has chosen. */
  chosenServer: string | null = null;
  chosenAgent: string | null = null;
  chosenSession: string | null = null;
  #sessionId: string | null;
  #hasBegun = false;
  #visitedPane: string | null = null;

  constructor(host: HostPort, desk: CardDesk, clock: Clock, session: string | null, words: ScreenWords) {
    this.host = host;
    this.desk = desk;
    this.clock = clock;
    this.#sessionId = session;
    this.words = words;
  }

  get view(): View {
    return this.host.view;
  }

  /** The session in the workspace: the chosen one, else the newest that lives, else the newest. */
  get session(): SessionView | null {
    const chosen = this.#sessionId === null ? undefined : this.view.sessions[this.#sessionId];
    if (chosen) return chosen;
    const sessions = this.sessions;
    return sessions.findLast((session) => session.state !== 'ended') ?? sessions.at(-1) ?? null;
  }

  /** Oldest first. */
  get sessions(): readonly SessionView[] {
    return Object.values(this.view.sessions).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  showSession(id: string): void {
    if (id !== this.session?.id) this.#visitedPane = null;
    this.#sessionId = id;
  }

  /** Shows the pane of a server, also of one that the session may not use; that one stays until another session is shown. */
  showPane(server: string): void {
    this.#visitedPane = server;
    this.viewName = 'workspace';
    this.focus = `pane:${server}`;
  }

  moveSession(step: 1 | -1): void {
    const sessions = this.sessions;
    const at = sessions.findIndex((session) => session.id === this.session?.id);
    const next = sessions[(at + step + sessions.length) % sessions.length];
    if (next) this.showSession(next.id);
  }

  /**
   * The session's servers, then the one that was asked for in the Servers view. Without a session, or with one that names no server, every
   * server where something happened.
   */
  get paneIds(): readonly string[] {
    const own = this.session?.servers ?? [];
    const shown = own.length > 0 ? own : Object.keys(this.view.panes);
    const visited = this.#visitedPane;
    const isKnown =
      visited !== null && (Object.hasOwn(this.view.servers, visited) || Object.hasOwn(this.view.panes, visited));
    return isKnown && !shown.includes(visited) ? [...shown, visited] : shown;
  }

  /** How many requests of the session wait for an answer. */
  cardsOf(session: string): number {
    return this.desk.queue.filter((entry) => toSessionOf(entry) === session).length;
  }

  toPaneModel(id: string): PaneModel {
    return { id, server: this.view.servers[id] ?? null, pane: this.view.panes[id] ?? null };
  }

  get hasFirstRun(): boolean {
    return (
      this.host.link.kind === 'connected' && Object.keys(this.view.servers).length === 0 && this.sessions.length === 0
    );
  }

  /** Takes over what the host says now. Returns the ids of cards that are new. */
  synchronise(): readonly string[] {
    const added = this.desk.update(toQueue(this.view));
    this.focus = keepFocus(toFocusOrder(this.paneIds, this.desk.queue.length), this.focus);
    if (!this.#hasBegun && this.host.link.kind === 'connected') {
      this.#hasBegun = true;
      // Without a session there is nothing to write to: letters are keys from the start, as the page says.
      if (this.focus === 'prompt' && this.session === null) this.focus = 'conversation';
    }
    return added;
  }

  get searchPlace(): SearchPlace | null {
    switch (this.viewName) {
      case 'workspace':
        return this.focus.startsWith('pane:') ? (this.focus as `pane:${string}`) : 'conversation';
      case 'approvals':
        return null;
      case 'audit':
      case 'servers':
      case 'agents':
      case 'sessions':
        return this.viewName;
    }
  }

  /** Scopes without those of an overlay, innermost first. */
  get baseScopes(): readonly Scope[] {
    if (this.viewName === 'workspace') {
      if (this.hasFirstRun) return ['firstRun', 'global', 'always'];
      if (this.focus === 'prompt') return ['prompt', 'always'];
      if (this.focus === 'card') return ['card', 'global', 'always'];
      return [this.focus === 'conversation' ? 'conversation' : 'pane', 'global', 'always'];
    }
    if (this.viewName === 'approvals') return ['card', 'global', 'always'];
    if (this.viewName === 'audit') return [this.isAuditDetailOpen ? 'auditDetail' : 'audit', 'global', 'always'];
    return [this.viewName, 'global', 'always'];
  }

  toSituation(scopes: readonly Scope[]): Situation {
    const chosen = this.chosenServer === null ? undefined : this.view.servers[this.chosenServer];
    const place = this.searchPlace;
    const target = this.viewName === 'sessions' ? this.view.sessions[this.chosenSession ?? ''] : this.session;
    return {
      scopes,
      waiting: this.desk.queue.length,
      card: this.desk.toSituation(),
      markedCards: this.desk.marked.length,
      hasSession: Boolean(target),
      isTurnRunning: this.session?.state === 'working' || this.session?.state === 'waiting for you',
      promptProblem: this.#promptProblem(),
      sessions: this.sessions.length,
      panes: this.paneIds.length,
      openItems: this.view.openItems.length,
      server: chosen
        ? {
            id: chosen.id,
            hasUnknownKey: hasUnknownKey(chosen, this.tests.get(chosen.id) ?? null),
            isTesting: this.tests.get(chosen.id)?.kind === 'running',
          }
        : null,
      registeredServers: Object.keys(this.view.servers).length,
      isConnected: this.host.link.kind === 'connected',
      hasSearch: place !== null && (this.searches.get(place) ?? '') !== '',
      isClosable: this.viewName !== 'workspace' || this.isZoomed,
      detachKeys: `${toKeyText(this.words.prefix)} d`,
      form: null,
    };
  }

  #promptProblem(): string | null {
    if (this.host.link.kind !== 'connected') return 'not connected to the host';
    const { session } = this;
    if (!session) return 'no session is open; c opens one';
    if (session.origin === 'external') return 'another program drives this session';
    if (session.state === 'ended') return 'this session has ended';
    return session.state === 'failed' ? 'this session has failed' : null;
  }
}
