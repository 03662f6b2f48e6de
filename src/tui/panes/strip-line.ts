/**
 * The line of panes that have no room: the wheel scrolls it, a click goes to what it names. Takes no keys; the keys that go on among panes
 * reach all of it.
 */
import type { Action } from '../keymap.ts';
import type { Pane, Stage } from '../pane.ts';
import { type Strip, type StripPane, type StripTarget, toStrip } from '../present/strip.ts';
import type { Surface } from '../widgets/surface.ts';

export class StripLine implements Pane {
  readonly #stage: Stage;
  #first = 0;
  /** The pane whose card waits and which was scrolled to for it; null for none. */
  #calling: string | null = null;
  #strip: Strip | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  paint(surface: Surface): void {
    const { model } = this.#stage;
    const waiting = new Map<string, number>();
    const { approvals, logins } = model.view;
    for (const id of [...approvals.map(({ server }) => server.id), ...logins.map(({ server }) => server)])
      if (id !== null) waiting.set(id, (waiting.get(id) ?? 0) + 1);
    const conversation = model.places.layout?.conversation === null ? this.#toConversation() : null;
    const outOfSight = model.places.layout?.outOfSight ?? [];
    this.#follow(outOfSight, waiting, conversation === null ? 0 : 1);
    const strip = toStrip(
      {
        conversation,
        panes: outOfSight.map((id) => this.#toPane(id, waiting)),
        hidden: model.places.paneSet.hidden.map((id) => this.#toPane(id, waiting)),
        first: this.#first,
      },
      this.#stage.page(surface.width),
    );
    this.#first = strip.first;
    this.#strip = strip;
    surface.put(0, 0, strip.line);
  }

  handleAction(_action: Action): boolean {
    return false;
  }

  handleWheel(lines: number): void {
    const last = Math.max(0, (this.#strip?.count ?? 1) - 1);
    this.#first = Math.max(0, Math.min(this.#first + Math.sign(lines), last));
  }

  handleClick(x: number): void {
    const hit = this.#strip?.hits.find(({ from, to }) => x >= from && x < to);
    if (hit) this.#goTo(hit.target);
  }

  /** A pane about which a card waits comes into sight, and the beginning of the line again when none does. */
  #follow(ids: readonly string[], waiting: ReadonlyMap<string, number>, before: number): void {
    const at = waiting.size === 0 ? -1 : ids.findIndex((id) => waiting.has(id));
    const calling = ids[at] ?? null;
    if (calling === this.#calling) return;
    this.#calling = calling;
    this.#first = at === -1 ? 0 : at + before;
  }

  #goTo(target: StripTarget): void {
    const { model } = this.#stage;
    switch (target.kind) {
      case 'conversation':
        model.focus = 'conversation';
        return;
      case 'pane':
        model.focus = `pane:${target.server}`;
        return;
      case 'scroll':
        this.#first = target.to;
        return;
      case 'hidden':
        return this.#stage.perform('showPanes');
    }
  }

  #toConversation(): { readonly state: string; readonly waiting: number } {
    const { model } = this.#stage;
    return { state: model.session?.state ?? 'no session', waiting: model.desk.queue.length };
  }

  #toPane(id: string, waiting: ReadonlyMap<string, number>): StripPane {
    const { model } = this.#stage;
    return {
      // Only for those that the line shows.
      get model() {
        return model.toPaneModel(id);
      },
      mark: model.places.activity.markOf(id),
      waiting: waiting.get(id) ?? 0,
    };
  }
}
