/**
 * What happened in the streams of panes that nobody sees: new output, a command that failed. One that comes into sight has no marks any more; what
 * nobody saw before this screen came is marked, too, where it is known what was seen. Knows no layout; draws nothing.
 */
import type { BlockView, View } from '../protocol/view.ts';
import type { ViewChange } from './host-port.ts';
import {
  hasFailed,
  type PaneMark,
  type SeenPane,
  type SeenPanes,
  toMark,
  toSeenPane,
  unseenPane,
} from './seen-panes.ts';

export interface PaneActivityPorts {
  view(): View;
  nowMs(): number;
  /** What was seen before this screen came; null when nobody keeps that. */
  readonly kept: SeenPanes | null;
  /** A pane is not looked at any more. */
  left(): void;
}

export class PaneActivity {
  readonly #ports: PaneActivityPorts;
  readonly #marks = new Map<string, PaneMark>();
  readonly #seen: Map<string, SeenPane>;
  /** Whose time was not handed on yet. */
  readonly #changed = new Set<string>();
  #inSight: ReadonlySet<string> = new Set();

  constructor(ports: PaneActivityPorts) {
    this.#ports = ports;
    this.#seen = new Map(ports.kept ?? []);
  }

  markOf(server: string): PaneMark | null {
    return this.#marks.get(server) ?? null;
  }

  /** The streams of these panes are on the screen now, and no others. */
  look(servers: Iterable<string>): void {
    const before = this.#inSight;
    this.#inSight = new Set(servers);
    for (const server of this.#inSight) this.#marks.delete(server);
    const gone = [...before].filter((server) => !this.#inSight.has(server));
    for (const server of gone) this.#note(server);
    if (gone.length > 0) this.#ports.left();
  }

  /** Up to when panes were looked at, of those where that has changed since the last call. */
  takeSeen(): SeenPanes {
    for (const server of this.#inSight) this.#note(server);
    const taken = [...this.#changed].map((server) => [server, this.#seen.get(server) ?? unseenPane] as const);
    this.#changed.clear();
    return new Map(taken);
  }

  handleChange(change: ViewChange): void {
    switch (change.type) {
      case 'snapshot':
        return this.begin();
      case 'block.added':
        // A shell is a tab of its own.
        if (change.block.tool === 'shell_open') return;
        return this.#markEnd(change.server, change.block);
      case 'block.output':
        return this.#mark(change.server, 'output');
      case 'block.changed': {
        if (change.change.status && !this.#isShell(change.server, change.block))
          this.#markEnd(change.server, change.change);
        return;
      }
      case 'servers.replaced':
        for (const server of this.#marks.keys()) if (!Object.hasOwn(change.servers, server)) this.#marks.delete(server);
        return;
      default:
        return;
    }
  }

  /** The host said anew what is in all panes: what came since each was looked at is marked. */
  begin(): void {
    for (const { server, blocks } of Object.values(this.#ports.view().panes)) {
      const seen = this.#seen.get(server) ?? (this.#ports.kept === null ? null : unseenPane);
      const mark = seen && !this.#inSight.has(server) ? toMark(blocks, seen) : null;
      if (mark !== null) this.#mark(server, mark);
    }
  }

  #isShell(server: string, id: string): boolean {
    const blocks: readonly BlockView[] = this.#ports.view().panes[server]?.blocks ?? [];
    return blocks.findLast((block) => block.id === id)?.tool === 'shell_open';
  }

  #note(server: string): void {
    const blocks: readonly BlockView[] = this.#ports.view().panes[server]?.blocks ?? [];
    this.#seen.set(server, toSeenPane(blocks, this.#ports.nowMs()));
    this.#changed.add(server);
  }

  /** What went well after a failure takes its place: the mark says how things are now. */
  #markEnd(server: string, block: Partial<Pick<BlockView, 'status' | 'code'>>): void {
    if (block.status === 'ok') this.#marks.delete(server);
    this.#mark(server, hasFailed(block) ? 'failed' : 'output');
  }

  #mark(server: string, mark: PaneMark): void {
    if (this.#inSight.has(server) || this.#marks.get(server) === 'failed') return;
    this.#marks.set(server, mark);
  }
}
