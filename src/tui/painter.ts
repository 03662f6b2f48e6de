/**
 * Owns the panes and paints each region with the one it shows. Knows which pane a region is; handles no key and calls no host.
 */
import type { Disposable } from '../base/lifecycle.ts';
import type { ViewChange } from './host-port.ts';
import { type KeyName, toHints } from './keymap.ts';
import { isTooSmall } from './layout.ts';
import { type FocusState, type Overlay, type Pane, putLines, type Stage } from './pane.ts';
import { AuditPane } from './panes/audit-pane.ts';
import { CardPane } from './panes/card-pane.ts';
import { ConversationPane } from './panes/conversation-pane.ts';
import { PromptPane } from './panes/prompt-pane.ts';
import { createAgentsPane, createServersPane, createSessionsPane } from './panes/registry-panes.ts';
import type { ServerPane } from './panes/server-pane.ts';
import { toFirstRunLines, toTooSmallLines } from './present/first-run.ts';
import { toHintLine } from './present/hint-line.ts';
import { toStrip } from './present/server-pane.ts';
import { toStatusLine } from './present/status-line.ts';
import type { Needs, RegionName } from './regions.ts';
import type { ViewName } from './screen-model.ts';
import type { Situation } from './situation.ts';
import type { Surface } from './widgets/surface.ts';

export interface PainterPorts {
  readonly prefix: KeyName;
  situation(): Situation;
  overlay(): Overlay | null;
  changed(region: RegionName): void;
}

type ServerPaneFactory = (id: string) => ServerPane;

export class Painter implements Disposable {
  readonly prompt: PromptPane;
  readonly #stage: Stage;
  readonly #ports: PainterPorts;
  readonly #conversation: ConversationPane;
  readonly #docked: CardPane;
  readonly #views: Readonly<Record<Exclude<ViewName, 'workspace'>, Pane>>;
  readonly #serverPanes = new Map<string, ServerPane>();
  #createServerPane: ServerPaneFactory | null = null;
  #isLoading = false;

  constructor(stage: Stage, ports: PainterPorts) {
    this.#stage = stage;
    this.#ports = ports;
    this.prompt = new PromptPane(stage);
    this.#conversation = new ConversationPane(stage);
    this.#docked = new CardPane(stage, 'docked');
    this.#views = {
      approvals: new CardPane(stage, 'full'),
      audit: new AuditPane(stage),
      servers: createServersPane(stage),
      agents: createAgentsPane(stage),
      sessions: createSessionsPane(stage),
    };
  }

  /** What the parts of the workspace need; the card's rows depend on the width it gets. */
  toNeeds(promptColumns: number): Needs {
    return {
      promptRows: this.prompt.rowsAt(promptColumns),
      cardRowsAt: (columns) => this.#docked.rowsAt(columns),
    };
  }

  paint(name: RegionName, surface: Surface, focus: FocusState): void {
    const page = this.#stage.page(surface.width);
    if (name === 'status') surface.put(0, 0, toStatusLine(this.#toStatus(), page));
    else if (name === 'hint') this.#paintHint(surface);
    else if (name === 'strip')
      surface.put(
        0,
        0,
        toStrip(
          this.#stage.model.paneIds.map((id) => this.#stage.model.toPaneModel(id)),
          page,
        ),
      );
    else if (name === 'main') this.#paintMain(surface, focus);
    else this.paneOf(name)?.paint(surface, focus);
  }

  /** The pane of a region, or null for lines that are no pane. */
  paneOf(name: RegionName): Pane | null {
    switch (name) {
      case 'conversation':
        return this.#conversation;
      case 'prompt':
        return this.prompt;
      case 'card':
        return this.#docked;
      case 'overlay':
        return this.#ports.overlay();
      case 'main':
        return this.#mainPane();
      case 'status':
      case 'hint':
      case 'strip':
        return null;
      default:
        return this.#serverPane(name.slice('pane:'.length));
    }
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
    const waits = model.desk.queue.length > 0;
    return [
      ...running,
      ...(waits ? (['card'] as const) : []),
      ...(model.viewName === 'approvals' && waits ? (['main'] as const) : []),
    ];
  }

  dispose(): void {
    for (const pane of this.#serverPanes.values()) pane.dispose();
    this.#serverPanes.clear();
  }

  #mainPane(): Pane | null {
    const { viewName } = this.#stage.model;
    return viewName === 'workspace' ? null : this.#views[viewName];
  }

  #paintMain(surface: Surface, focus: FocusState): void {
    const inner = surface.part({ x: 2, y: 1, width: Math.min(76, surface.width - 4), height: surface.height - 2 });
    if (isTooSmall(surface.width, surface.height + 2))
      putLines(surface, toTooSmallLines(this.#stage.page(Math.max(1, surface.width))));
    else if (this.#stage.model.viewName === 'workspace')
      putLines(inner, toFirstRunLines(this.#stage.page(Math.max(8, inner.width))));
    else this.#mainPane()?.paint(surface, focus);
  }

  #paintHint(surface: Surface): void {
    const { model } = this.#stage;
    const hints = toHints(this.#ports.situation(), this.#ports.prefix);
    surface.put(0, 0, toHintLine(hints, model.message, this.#stage.page(surface.width)));
  }

  #toStatus(): Parameters<typeof toStatusLine>[0] {
    const { model } = this.#stage;
    const { link } = model.host;
    const connection =
      link.kind === 'connected' ? null : link.kind === 'connecting' ? 'connecting' : `host lost, try ${link.attempt}`;
    return {
      view: model.view,
      session: model.session,
      viewName: model.viewName,
      waiting: model.desk.queue.length,
      connection,
    };
  }

  #serverPane(id: string): ServerPane | null {
    const known = this.#serverPanes.get(id);
    if (known) return known;
    if (!this.#createServerPane) {
      void this.#loadServerPanes();
      return null;
    }
    const pane = this.#createServerPane(id);
    this.#serverPanes.set(id, pane);
    return pane;
  }

  /** The emulator is the heaviest part of the screen: it is loaded when the first pane is shown. */
  async #loadServerPanes(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const [{ ServerPane: Type }, { Ingest }] = await Promise.all([
      import('./panes/server-pane.ts'),
      import('./widgets/ingest.ts'),
    ]);
    const ingest = new Ingest();
    this.#createServerPane = (id) => new Type(this.#stage, id, ingest, () => this.#ports.changed(`pane:${id}`));
    this.#stage.invalidate();
  }
}
