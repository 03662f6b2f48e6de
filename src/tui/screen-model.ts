/**
 * The state of one screen beside the host's view: what is shown, what has the focus, what was searched for. Answers what follows from both;
 * draws nothing and handles no key.
 */
import type { Clock } from '../base/clock.ts';
import type { AttachmentView, AuditRowView } from '../protocol/methods.ts';
import type { BlockView, SessionView, View } from '../protocol/view.ts';
import { toBaseScopes } from './base-scopes.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import type { CardDesk } from './card-desk.ts';
import { CardFollower } from './card-follower.ts';
import { CopyMemory } from './copy/copy-memory.ts';
import { FirstRunState } from './first-run-state.ts';
import { keepFocus, toFocusOrder } from './focus.ts';
import type { HostPort } from './host-port.ts';
import type { Scope } from './keymap.ts';
import type { WorkspaceLayout, WorkspaceRegion } from './layout.ts';
import { OlderItems } from './older-items.ts';
import { PaletteMemory } from './palette/palette-memory.ts';
import { PanePlaces } from './pane-places.ts';
import { Placements } from './placements.ts';
import type { DiffLayout } from './present/diff-beside.ts';
import type { Message } from './present/hint-line.ts';
import type { PaneModel } from './present/server-pane.ts';
import type { TestState } from './present/servers.ts';
import type { HostPresence } from './present/session-state.ts';
import { PromptAttachments } from './prompt-attachments.ts';
import { toQueue, toSessionOf } from './queue.ts';
import { toSearchPlace } from './search-place.ts';
import { ServerDesk } from './server-desk.ts';
import { ShellTabs } from './shells/shell-tabs.ts';
import type { Situation } from './situation.ts';
import type { PromptSituation } from './situation-prompt.ts';
import type { RecordSituation } from './situation-record.ts';
import { toPaneModel } from './to-pane-model.ts';
import { toSituation } from './to-situation.ts';
import { UndoStack } from './undo-stack.ts';
import type { ScreenWords, SearchPlace, ViewName } from './view-names.ts';
import { WatchedHost } from './watched-host.ts';
import { WrittenChanges } from './written-changes.ts';

export { type ScreenWords, type SearchPlace, type ViewName, viewNames } from './view-names.ts';

export class ScreenModel {
  readonly host: HostPort;
  readonly desk: CardDesk;
  readonly clock: Clock;
  readonly words: ScreenWords;
  readonly searches = new Map<SearchPlace, string>();
  readonly copying = new CopyMemory();
  readonly tests = new Map<string, TestState>();
  readonly probes = new Map<string, number>();
  readonly serverDesk = new ServerDesk();
  readonly firstRun: FirstRunState;
  /** Of the conversation that is shown: what only its transcript has. */
  readonly older: OlderItems;
  readonly written: WrittenChanges;
  readonly palette = new PaletteMemory();
  readonly undo = new UndoStack();
  readonly calls: CallsInFlight;
  readonly places: PanePlaces;
  readonly shells = new ShellTabs(this);
  viewName: ViewName = 'workspace';
  areThoughtsFolded = true;
  isPrefixPending = false;
  isAuditDetailOpen = false;
  /** Details of the chosen row of the audit log stand beside the list. */
  hasAuditPreview = false;
  /** How differences are shown where there is room for two columns. */
  diffLayout: DiffLayout = 'beside';
  message: Message | null = null;
  readonly attached = new PromptAttachments();
  /** Told by the field where prompts are written. */
  promptSituation: () => PromptSituation | null = () => null;
  /** The server, agent or session that its list has chosen. */
  chosenServer: string | null = null;
  chosenAgent: string | null = null;
  chosenSession: string | null = null;
  /** What the audit view has chosen or opened. */
  chosenRecord: RecordSituation | null = null;
  /** The item that the cursor of the conversation is on. */
  chosenItem: number | null = null;
  /** The block that the focused pane has chosen; no id: nothing ran there. */
  chosenBlock: { readonly server: string; readonly id: string | null } | null = null;
  /** A record that the audit view is to show as soon as it can. */
  wantedRecord: AuditRowView | null = null;
  /** The view where a record was asked for; null while the records that are open were opened in the list. */
  recordFrom: ViewName | null = null;
  /** The id of a block that the pane with the focus chooses next. */
  wantedBlock: string | null = null;
  #sessionId: string | null;
  #hasBegun = false;
  readonly follower = new CardFollower();
  #focus: WorkspaceRegion = 'prompt';
  /** What had the focus before it went to the cards. */
  #focusBefore: WorkspaceRegion = 'conversation';

  constructor(
    host: HostPort,
    desk: CardDesk,
    clock: Clock,
    session: string | null,
    words: ScreenWords,
    placements = new Placements(clock, null),
  ) {
    const ports = { view: () => host.view, session: () => this.session, nowMs: () => clock.nowMs() };
    const showsShell = (server: string): boolean => this.shells.shownOn(server) !== null;
    this.places = new PanePlaces(placements, { ...ports, showsShell });
    this.calls = new CallsInFlight(clock);
    this.host = new WatchedHost(host, this.calls);
    this.older = new OlderItems(this.host);
    this.written = new WrittenChanges(host);
    this.firstRun = new FirstRunState(host);
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
    const shown = this.#shownSession;
    return shown === null ? null : this.written.join(this.older.join(shown));
  }

  get #shownSession(): SessionView | null {
    const chosen = this.#sessionId === null ? undefined : this.view.sessions[this.#sessionId];
    if (chosen) return chosen;
    const sessions = this.sessions;
    const living = sessions.filter((session) => session.state !== 'ended');
    // A program that comes in through the other door never takes a prompt's place.
    return living.findLast(({ origin }) => origin === 'agent') ?? living.at(-1) ?? sessions.at(-1) ?? null;
  }

  /** Oldest first. */
  get sessions(): readonly SessionView[] {
    return Object.values(this.view.sessions).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  showSession(id: string): void {
    const isOther = id !== this.session?.id;
    if (isOther) this.places.visited = null;
    this.#sessionId = id;
    if (isOther) this.#restoreZoom();
    this.keepFocus();
  }

  /** Shows the pane of a server, also of one that the session may not use; that one stays until another session is shown. */
  showPane(server: string): void {
    this.places.visit(server);
    this.firstRun.leave();
    this.viewName = 'workspace';
    this.focus = `pane:${server}`;
  }

  moveSession(step: 1 | -1): void {
    const sessions = this.sessions;
    const at = sessions.findIndex((session) => session.id === this.session?.id);
    const next = sessions[(at + step + sessions.length) % sessions.length];
    if (next) this.showSession(next.id);
  }

  /** From the records that are open to where they were asked for. */
  leaveRecord(): void {
    this.isAuditDetailOpen = false;
    this.viewName = this.recordFrom ?? this.viewName;
    this.recordFrom = null;
  }

  get focus(): WorkspaceRegion {
    return this.#focus;
  }

  set focus(region: WorkspaceRegion) {
    if (region === 'card' && this.#focus !== 'card') this.#focusBefore = this.#focus;
    this.#focus = region;
    this.places.last = this.focusedPane ?? this.places.last;
    if (this.isZoomed) this.isZoomed = true;
  }

  /** The server whose pane has the focus. */
  get focusedPane(): string | null {
    return this.#focus.startsWith('pane:') ? this.#focus.slice('pane:'.length) : null;
  }

  get isZoomed(): boolean {
    return this.places.placement.zoomed !== null;
  }

  set isZoomed(isZoomed: boolean) {
    this.places.placement = { ...this.places.placement, zoomed: isZoomed ? this.#focus : null };
  }

  /** The last card leaves the focus to what had it before; all else that is gone or hidden, to the conversation. */
  keepFocus(): void {
    const order = this.focusOrder;
    const isLast = this.focus === 'card' && !order.includes('card');
    this.focus = keepFocus(order, isLast ? this.#focusBefore : this.focus);
  }

  #restoreZoom(): void {
    const region = this.places.toZoomed(this.focusOrder);
    if (region !== null) this.focus = region;
  }

  /** Called with each new layout; null while the screen is too small for one. */
  handleLayout(layout: WorkspaceLayout | null): void {
    const isShown = this.viewName === 'workspace' && !this.hasFirstRun;
    this.places.handleLayout(layout, isShown ? 'workspace' : 'elsewhere');
  }

  get paneIds(): readonly string[] {
    return this.places.paneSet.panes;
  }

  /** Whether something can be written to what drives the session. */
  get hasPrompt(): boolean {
    return this.session?.origin !== 'external';
  }

  /** What can have the focus in the workspace, in the order of Tab. */
  get focusOrder(): readonly WorkspaceRegion[] {
    return toFocusOrder(this.paneIds, this.desk.queue.length, this.hasPrompt ? 'prompt' : 'none');
  }

  /** What goes with the next prompt of the session that is shown. */
  get attachments(): readonly AttachmentView[] {
    return this.attached.of(this.session?.id ?? '');
  }

  /** How many requests of the session wait for an answer. */
  cardsOf(session: string): number {
    return this.desk.queue.filter((entry) => toSessionOf(entry) === session).length;
  }

  toPaneModel(id: string): PaneModel {
    return toPaneModel(this, id);
  }

  /** What the chosen block is now. */
  get block(): BlockView | null {
    const { server, id } = this.chosenBlock ?? { server: '', id: null };
    return this.view.panes[server]?.blocks.findLast((block) => block.id === id) ?? null;
  }

  /** While the host is lost the view is what it said last. */
  get hostPresence(): HostPresence {
    return this.host.link.kind === 'lost' ? 'lost' : 'there';
  }

  get hasFirstRun(): boolean {
    return this.firstRun.isShown;
  }

  /** Takes over what the host says now. Returns the ids of cards that are new. */
  synchronise(): readonly string[] {
    const focused = this.focus === 'card' ? this.desk.current : null;
    const added = this.desk.update(toQueue(this.view));
    this.firstRun.follow();
    if (!this.#hasBegun && this.host.link.kind === 'connected') {
      this.places.activity.begin();
      this.#restoreZoom();
    }
    this.keepFocus();
    const again = this.follower.follow(focused, this.focus, this.desk.queue);
    if (again) {
      this.desk.select(again.id);
      this.focus = 'card';
    }
    if (!this.#hasBegun && this.host.link.kind === 'connected') {
      this.#hasBegun = true;
      // Without a session there is nothing to write to: letters are keys from the start, as the page says.
      if (this.focus === 'prompt' && this.session === null) this.focus = this.#placeWithoutSession;
    }
    return added;
  }

  /** Whoever comes back to shells alone comes back to the newest one. */
  get #placeWithoutSession(): WorkspaceRegion {
    const pane = `pane:${this.shells.open.at(-1)?.server}` as const;
    return this.focusOrder.includes(pane) ? pane : 'conversation';
  }

  get searchPlace(): SearchPlace | null {
    return toSearchPlace(this);
  }

  /** Scopes without those of an overlay, innermost first. */
  get baseScopes(): readonly Scope[] {
    return toBaseScopes(this);
  }

  toSituation(scopes: readonly Scope[]): Situation {
    return toSituation(this, scopes);
  }
}
