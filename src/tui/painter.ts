/**
 * Owns the panes and paints each region with the one it shows. Knows which pane a region is; handles no key and calls no host.
 */
import type { Disposable } from '../base/lifecycle.ts';
import type { ViewChange } from './host-port.ts';
import { keyWord } from './key-words.ts';
import { type Action, type KeyName, toHints, toKeyText, toMeaning } from './keymap.ts';
import { isTooSmall } from './layout.ts';
import { type FocusState, type Overlay, type Pane, putLines, type Stage } from './pane.ts';
import { AuditPane } from './panes/audit-pane.ts';
import { CardPane } from './panes/card-pane.ts';
import { ConversationPane } from './panes/conversation-pane.ts';
import { FirstRunPane } from './panes/first-run-pane.ts';
import { PromptPane } from './panes/prompt-pane.ts';
import { createAgentsPane, createServersPane, createSessionsPane } from './panes/registry-panes.ts';
import { StripLine } from './panes/strip-line.ts';
import type { TabbedPane, TabSource } from './panes/tabbed-pane.ts';
import { toCallLine } from './present/call-in-flight.ts';
import { toTooSmallLines } from './present/first-run.ts';
import { toHintAt, toHintLine, toMessageLines } from './present/hint-line.ts';
import type { Page } from './present/page.ts';
import { toStatusActionAt, toStatusLine } from './present/status-line.ts';
import { clip, columnsOf } from './present/text.ts';
import type { PromptStore } from './prompt-memory.ts';
import type { Needs, Region, RegionName } from './regions.ts';
import type { ViewName } from './screen-model.ts';
import { summarizeServers } from './server-summary.ts';
import type { ShellTerminals } from './shells/shell-terminals.ts';
import { toShellsInSight } from './shells/shells-in-sight.ts';
import type { Situation } from './situation.ts';
import type { StyledLine } from './styled.ts';
import type { Surface } from './widgets/surface.ts';
import type { MouseMoves } from './widgets/terminal-modes.ts';

export interface PainterPorts {
  readonly prefix: KeyName;
  readonly prompts: PromptStore | null;
  situation(): Situation;
  overlay(): Overlay | null;
  changed(region: RegionName): void;
  hearMoves(moves: MouseMoves): void;
}

type ServerPaneFactory = (id: string) => TabbedPane;

export class Painter implements Disposable {
  readonly prompt: PromptPane;
  readonly conversation: ConversationPane;
  readonly #stage: Stage;
  readonly #ports: PainterPorts;
  readonly #docked: CardPane;
  readonly #firstRun: FirstRunPane;
  readonly #strip: StripLine;
  readonly #views: Readonly<Record<Exclude<ViewName, 'workspace'>, Pane>>;
  readonly #serverPanes = new Map<string, TabbedPane>();
  #createServerPane: ServerPaneFactory | null = null;
  #shells: ShellTerminals | null = null;
  #loading: Promise<void> | null = null;

  constructor(stage: Stage, ports: PainterPorts) {
    this.#stage = stage;
    this.#ports = ports;
    this.prompt = new PromptPane(stage, ports.prompts);
    this.conversation = new ConversationPane(stage);
    this.#docked = new CardPane(stage, 'docked');
    this.#firstRun = new FirstRunPane(stage);
    this.#strip = new StripLine(stage);
    this.#views = {
      approvals: new CardPane(stage, 'full'),
      audit: new AuditPane(stage),
      servers: createServersPane(stage),
      agents: createAgentsPane(stage),
      sessions: createSessionsPane(stage),
    };
  }

  /** What the parts of the workspace need; the card's rows depend on the width it gets. */
  toNeeds(promptColumns: number, size: { readonly columns: number; readonly rows: number }): Needs {
    return {
      promptRows: this.prompt.rowsAt(promptColumns),
      cardRowsAt: (columns) => this.#docked.rowsAt(columns),
      // A message may be longer than a line: it is shown whole, and takes at most half of the screen.
      hintRows: Math.min(this.#toHintLines(size.columns).length, Math.max(1, Math.floor(size.rows / 2))),
    };
  }

  paint(name: RegionName, surface: Surface, focus: FocusState): void {
    const page = this.#stage.page(surface.width);
    if (name === 'status') surface.put(0, 0, toStatusLine(this.#toStatus(), page));
    else if (name === 'hint') this.#paintHint(surface);
    else if (name === 'strip') this.#strip.paint(surface);
    else if (name === 'main') this.#paintMain(surface, focus);
    else this.paneOf(name)?.paint(surface, focus);
    if (focus === 'focused') this.#ports.hearMoves(this.paneOf(name)?.wantsMoves ? 'moves' : 'no-moves');
  }

  /** The pane of a region, or null for lines that are no pane. */
  paneOf(name: RegionName): Pane | null {
    switch (name) {
      case 'conversation':
        return this.conversation;
      case 'prompt':
        return this.prompt;
      case 'card':
        return this.#docked;
      case 'overlay':
        return this.#ports.overlay();
      case 'main':
        return this.#mainPane();
      case 'strip':
        return this.#strip;
      case 'status':
      case 'hint':
        return null;
      default:
        return this.#serverPane(name.slice('pane:'.length));
    }
  }

  /** The texts of a server's tabs, also while its pane is out of sight. */
  tabsOf(server: string): readonly TabSource[] {
    return this.#serverPane(server)?.tabSources ?? [];
  }

  /** What a click on a word of the first or the last line means; null where it stands for nothing. */
  actionAt(name: 'status' | 'hint', x: number, y: number, columns: number): Action | null {
    const page = this.#stage.page(columns);
    if (name === 'status') return toStatusActionAt(this.#toStatus(), page, x);
    if (y > 0 || this.#stage.model.message !== null) return null;
    const { call, room } = this.#toHintParts(page);
    return toHintAt(toHints(this.#ports.situation(), this.#ports.prefix), room, x - columnsOf(call));
  }

  /** What has the focus below any overlay. */
  focusedPane(): Pane | null {
    const { model } = this.#stage;
    if (model.viewName !== 'workspace' || model.hasFirstRun) return this.#mainPane();
    return this.paneOf(model.focus);
  }

  handleChange(change: ViewChange): void {
    for (const pane of this.#serverPanes.values()) pane.handleChange(change);
    const ids = this.#stage.model.paneIds;
    for (const [id, pane] of [...this.#serverPanes]) {
      if (ids.includes(id)) continue;
      pane.dispose();
      this.#serverPanes.delete(id);
    }
  }

  /** Regions that show a time that passes. */
  timedRegions(): readonly RegionName[] {
    const { model } = this.#stage;
    const running = Object.values(model.view.panes)
      .filter((pane) => pane.blocks.some((block) => block.state === 'running'))
      .map((pane): RegionName => `pane:${pane.server}`);
    const { retried } = summarizeServers(model.view.servers);
    const waits = model.desk.queue.length > 0;
    const goesOn = model.sessions.some(({ state }) => ['restarting', 'starting', 'working'].includes(state));
    return [
      ...running,
      ...retried.map((id): RegionName => `pane:${id}`),
      ...(retried.length > 0 ? (['strip', 'main', 'overlay'] as const) : []),
      ...(goesOn ? (['status', 'conversation', 'main'] as const) : []),
      ...(waits ? (['card'] as const) : []),
      ...(model.viewName === 'approvals' && waits ? (['main'] as const) : []),
    ];
  }

  /** These are on the screen now: their shells are attached to, and no others. */
  handleRegions(regions: readonly Region[]): void {
    this.#shells?.show(toShellsInSight(this.#stage.model, regions));
  }

  /** The emulator is the heaviest part of the screen: it is loaded when the first pane is shown. */
  loadPanes(): Promise<void> {
    this.#loading ??= this.#loadServerPanes();
    return this.#loading;
  }

  handleTerminalFocus(isFocused: boolean): void {
    this.#shells?.handleTerminalFocus(isFocused);
  }

  dispose(): void {
    this.prompt.dispose();
    this.#shells?.dispose();
    for (const pane of this.#serverPanes.values()) pane.dispose();
    this.#serverPanes.clear();
  }

  #mainPane(): Pane | null {
    const { viewName, hasFirstRun } = this.#stage.model;
    if (viewName !== 'workspace') return this.#views[viewName];
    return hasFirstRun ? this.#firstRun : null;
  }

  #paintMain(surface: Surface, focus: FocusState): void {
    if (isTooSmall(surface.width, surface.height + 2))
      putLines(surface, toTooSmallLines(this.#stage.page(Math.max(1, surface.width))));
    else this.#mainPane()?.paint(surface, focus);
  }

  #paintHint(surface: Surface): void {
    const lines = this.#toHintLines(surface.width);
    if (lines.length <= surface.height) return putLines(surface, lines);
    const { ellipsis } = this.#stage.page(surface.width).glyphs;
    putLines(surface, [...lines.slice(0, surface.height - 1), [{ text: ` ${ellipsis}`, token: 'warn' }]]);
  }

  #toHintLines(columns: number): readonly StyledLine[] {
    const { message } = this.#stage.model;
    const page = this.#stage.page(columns);
    const { call, room } = this.#toHintParts(page);
    if (message) return [...toMessageLines(message, page), ...(call.length > 0 ? [call] : [])];
    return [[...call, ...toHintLine(toHints(this.#ports.situation(), this.#ports.prefix), room)]];
  }

  /** What the host takes long with stands before the keys, which have what is left. */
  #toHintParts(page: Page): { readonly call: StyledLine; readonly room: Page } {
    const { calls, clock } = this.#stage.model;
    // A card says itself what it is about, and its keys need the line.
    const isAtCard = this.#ports.situation().scopes.includes('card');
    if (calls.shown === null || isAtCard) return { call: [], room: page };
    // Esc may mean something else here; above the view, where it closes, nothing else leads to the call.
    const escape = toMeaning('escape', this.#ports.situation());
    const isFree = escape.kind === 'action' && escape.action === 'cancelCall';
    const keys = isFree
      ? keyWord('call', 'cancelCall')
      : `${toKeyText(this.#ports.prefix)} ${keyWord('prefix', 'cancelCall')}`;
    const canCancel = calls.shown.canCancel && this.#ports.overlay() === null;
    const whole = toCallLine({ ...calls.shown, canCancel }, clock.monotonicMs(), keys, page);
    const call = clip(whole, page.columns, page.glyphs.ellipsis);
    return { call, room: { ...page, columns: Math.max(1, page.columns - columnsOf(call)) } };
  }

  #toStatus(): Parameters<typeof toStatusLine>[0] {
    const { model } = this.#stage;
    const { link } = model.host;
    const connection =
      link.kind === 'connected'
        ? null
        : link.kind === 'connecting'
          ? 'connecting'
          : link.starting
            ? 'host lost, starting one'
            : `host lost, reconnecting (try ${link.attempt})`;
    return {
      view: model.view,
      session: model.session,
      viewName: model.viewName,
      isZoomed: model.isZoomed,
      waiting: model.desk.queue.length,
      connection,
    };
  }

  #serverPane(id: string): TabbedPane | null {
    const known = this.#serverPanes.get(id);
    if (known) return known;
    if (!this.#createServerPane) {
      void this.loadPanes();
      return null;
    }
    const pane = this.#createServerPane(id);
    this.#serverPanes.set(id, pane);
    return pane;
  }

  async #loadServerPanes(): Promise<void> {
    const { createPanes } = await import('./panes/create-panes.ts');
    const { shells, createPane } = createPanes(this.#stage, (id) => {
      this.#ports.changed(`pane:${id}`);
      // Whoever searches all texts gets a shell's as soon as it is there.
      if (this.#stage.model.shells.searched.length > 0) this.#ports.changed('overlay');
    });
    this.#shells = shells;
    this.#createServerPane = createPane;
    this.#stage.invalidate();
  }
}
