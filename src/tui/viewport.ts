/**
 * Where a text stands: the first line shown, and whether new lines at the end are followed. Numbers only.
 */
import type { Action } from './keymap.ts';

export class Viewport {
  readonly #kind: 'text' | 'stream';
  #top = 0;
  #isFollowing: boolean;
  #count = 0;
  #rows = 0;

  /** A `stream` stays at its end as lines arrive, until it is scrolled away from there. */
  constructor(kind: 'text' | 'stream' = 'text') {
    this.#kind = kind;
    this.#isFollowing = kind === 'stream';
  }

  get top(): number {
    return this.#top;
  }

  get rows(): number {
    return this.#rows;
  }

  get isAtEnd(): boolean {
    return this.#top + this.#rows >= this.#count;
  }

  /** Called before each painting, with what there is and what has room; returns the first line to show. */
  fit(count: number, rows: number): number {
    this.#count = count;
    this.#rows = rows;
    const last = Math.max(0, count - rows);
    this.#top = this.#isFollowing ? last : Math.min(this.#top, last);
    return this.#top;
  }

  scroll(lines: number): void {
    this.to(this.#top + lines);
  }

  page(direction: 1 | -1): void {
    this.scroll(direction * Math.max(1, this.#rows - 2));
  }

  to(line: number): void {
    const last = Math.max(0, this.#count - this.#rows);
    this.#top = Math.max(0, Math.min(line, last));
    this.#isFollowing = this.#kind === 'stream' && this.#top >= last;
  }

  /** The line shown first from the next painting on; whether new lines are followed stays as it is. */
  keep(line: number): void {
    this.#top = Math.max(0, line);
  }

  /** Keeps its place also at the end, until somebody asks for the end. */
  stay(): void {
    this.#isFollowing = false;
  }

  toEnd(): void {
    this.to(this.#count);
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** The scrolling actions; false for every other one. */
  handleAction(action: Action): boolean {
    switch (action) {
      case 'scrollDown':
        this.scroll(1);
        return true;
      case 'scrollUp':
        this.scroll(-1);
        return true;
      case 'pageDown':
        this.page(1);
        return true;
      case 'pageUp':
        this.page(-1);
        return true;
      case 'toStart':
        this.to(0);
        return true;
      case 'toEnd':
        this.toEnd();
        return true;
      default:
        return false;
    }
  }
}
