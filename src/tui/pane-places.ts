/**
 * Where the panes of the shown session are on this screen: their placement, which of them have room now, and what happened in the others.
 * Knows which pane was used last, but gives the focus to none.
 */
import type { SessionView, View } from '../protocol/view.ts';
import type { WorkspaceLayout, WorkspaceRegion } from './layout.ts';
import { PaneActivity } from './pane-activity.ts';
import { type PaneSet, toPaneSet } from './pane-set.ts';
import type { Placement } from './placement.ts';
import type { Placements } from './placements.ts';

export interface PanePlacesPorts {
  view(): View;
  session(): SessionView | null;
  nowMs(): number;
  /** A shell is in front of the pane's stream. */
  showsShell(server: string): boolean;
}

const nobody: readonly string[] = [];
/** What the panes are arranged under while no session is open. */
const noSession = 'none';

export class PanePlaces {
  readonly #placements: Placements;
  readonly #ports: PanePlacesPorts;
  readonly activity: PaneActivity;
  /** The pane that had the focus last: it stays in sight. */
  last: string | null = null;
  /** The server that was asked for beside those of the session. */
  visited: string | null = null;
  #layout: WorkspaceLayout | null = null;
  #source: readonly unknown[] = [null];
  #set: PaneSet = { panes: [], hidden: [] };

  constructor(placements: Placements, ports: PanePlacesPorts) {
    this.#placements = placements;
    this.#ports = ports;
    const { view, nowMs } = ports;
    const left = (): void => placements.writeSoon();
    this.activity = new PaneActivity({ view, nowMs, left, kept: placements.readSeen() });
    placements.seen = () => this.activity.takeSeen();
  }

  get placement(): Placement {
    return this.#placements.of(this.#session);
  }

  set placement(placement: Placement) {
    this.#placements.set(this.#session, placement);
  }

  /** Of the workspace; null before the first frame and while the screen is too small. */
  get layout(): WorkspaceLayout | null {
    return this.#layout;
  }

  get paneSet(): PaneSet {
    const view = this.#ports.view();
    const own = this.#ports.session()?.servers ?? nobody;
    const { placement, visited } = this;
    // Asked for many times a frame, and with a thousand servers not for nothing. Views and placements are values: the same one says the same.
    const needsPanes = own.length === 0 || visited !== null || placement.scope === 'all';
    const source = [own, visited, placement, view.servers, needsPanes ? view.panes : null];
    if (this.#source.every((part, index) => part === source[index])) return this.#set;
    this.#source = source;
    this.#set = toPaneSet(view, own, visited, placement);
    return this.#set;
  }

  /** Called with each new layout: a stream in sight has nothing unseen. */
  handleLayout(layout: WorkspaceLayout | null, sight: 'workspace' | 'elsewhere'): void {
    this.#layout = layout;
    const shown = sight === 'workspace' ? (layout?.panes ?? []) : [];
    const seen = shown.filter(({ isCollapsed, server }) => !isCollapsed && !this.#ports.showsShell(server));
    this.activity.look(seen.map(({ server }) => server));
  }

  /** Shows it, also where the session may not use its server. */
  visit(server: string): void {
    this.visited = server;
    this.show(server);
  }

  /** A hidden pane is shown again. */
  show(server: string): void {
    const { placement } = this;
    this.placement = { ...placement, hidden: placement.hidden.filter((other) => other !== server) };
  }

  /** What was zoomed when the session was left; a card has the focus only when somebody goes to it. */
  toZoomed(order: readonly WorkspaceRegion[]): WorkspaceRegion | null {
    const { zoomed } = this.placement;
    if (zoomed === null) return null;
    const region = zoomed === 'card' ? 'conversation' : order.find((other) => other === zoomed);
    if (region === undefined) this.placement = { ...this.placement, zoomed: null };
    return region ?? null;
  }

  get #session(): string {
    return this.#ports.session()?.id ?? noSession;
  }
}
