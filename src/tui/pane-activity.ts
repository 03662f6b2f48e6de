/**
 * What happened in the panes that nobody sees: new output, a command that failed. A pane that comes into sight has no marks any more.
 * Knows no layout; draws nothing.
 */
import type { ViewChange } from './host-port.ts';

/** `failed` stands for what a person must know; `output` for everything else. */
export type PaneMark = 'failed' | 'output';

export class PaneActivity {
  readonly #marks = new Map<string, PaneMark>();
  #inSight: ReadonlySet<string> = new Set();

  markOf(server: string): PaneMark | null {
    return this.#marks.get(server) ?? null;
  }

  /** These panes are on the screen now, and no others. */
  look(servers: Iterable<string>): void {
    this.#inSight = new Set(servers);
    for (const server of this.#inSight) this.#marks.delete(server);
  }

  handleChange(change: ViewChange): void {
    switch (change.type) {
      case 'block.added':
        return this.#mark(change.server, change.block.status === 'error' ? 'failed' : 'output');
      case 'block.output':
        return this.#mark(change.server, 'output');
      case 'block.changed': {
        const { status } = change.change;
        const hasFailed = status === 'error' || status === 'partial_failure';
        if (status) this.#mark(change.server, hasFailed ? 'failed' : 'output');
        return;
      }
      case 'servers.replaced':
        for (const server of this.#marks.keys()) if (!Object.hasOwn(change.servers, server)) this.#marks.delete(server);
        return;
      default:
        return;
    }
  }

  #mark(server: string, mark: PaneMark): void {
    if (this.#inSight.has(server) || this.#marks.get(server) === 'failed') return;
    this.#marks.set(server, mark);
  }
}
