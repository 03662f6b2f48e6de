/**
 * The placements of all sessions on this screen and up to when its panes were looked at, and when both are handed to the file that keeps them. A
 * screen that comes later starts with them; screens that run at the same time have each their own. Knows no file; forgets nothing that was not
 * written yet.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import { isPlain, type Placement, plainPlacement } from './placement.ts';
import type { KeptPlacements } from './placement-text.ts';
import type { SeenPanes } from './seen-panes.ts';

/** Where placements outlive the screen. Both never throw: a screen without a file of its own works, and says so once. */
export interface PlacementStore {
  read(): KeptPlacements;
  /** Puts these in place of what is kept for the same sessions. */
  write(changed: KeptPlacements): void;
  readSeen(): SeenPanes;
  /** Puts these in place of what is kept for the same servers. */
  writeSeen(changed: SeenPanes): void;
}

/** Moving a border with the mouse is many changes in a second. */
const writeAfterMs = 500;

export class Placements implements Disposable {
  readonly #clock: Clock;
  readonly #store: PlacementStore | null;
  readonly #known = new Map<string, Placement>();
  readonly #changed = new Set<string>();
  #timer: Disposable | null = null;
  /** Told by who knows what is in sight: the panes that were looked at since the last call, up to now. */
  seen: () => SeenPanes = () => new Map();

  constructor(clock: Clock, store: PlacementStore | null) {
    this.#clock = clock;
    this.#store = store;
    for (const [session, { placement }] of store?.read() ?? []) this.#known.set(session, placement);
  }

  of(session: string): Placement {
    return this.#known.get(session) ?? plainPlacement;
  }

  set(session: string, placement: Placement): void {
    const before = this.of(session);
    if (before === placement || JSON.stringify(before) === JSON.stringify(placement)) return;
    if (isPlain(placement)) this.#known.delete(session);
    else this.#known.set(session, placement);
    this.#changed.add(session);
    this.writeSoon();
  }

  /** What the screen before this one saw; null when nobody keeps that. */
  readSeen(): SeenPanes | null {
    return this.#store?.readSeen() ?? null;
  }

  writeSoon(): void {
    this.#timer ??= this.#clock.after(writeAfterMs, () => this.#write());
  }

  /** Writes what is left to write. */
  dispose(): void {
    this.#write();
  }

  #write(): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (!this.#store) return;
    const seen = this.seen();
    if (seen.size > 0) this.#store.writeSeen(seen);
    if (this.#changed.size === 0) return;
    const usedAtMs = this.#clock.nowMs();
    const changed = [...this.#changed].map((session) => [session, { usedAtMs, placement: this.of(session) }] as const);
    this.#changed.clear();
    this.#store.write(new Map(changed));
  }
}
