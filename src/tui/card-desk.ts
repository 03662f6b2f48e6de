/**
 * Keeps what the operator has seen of each waiting card: since when it is shown, whether its end was shown, what is marked, what was
 * answered. Decides when a card's keys count; knows no widget and sends nothing.
 */
import type { Clock } from '../base/clock.ts';
import { isProduction, type QueueEntry, toEditable } from './queue.ts';
import type { CardSituation } from './situation-card.ts';

interface Seen {
  entry: QueueEntry;
  isEndShown: boolean;
  shows: CardSituation['shows'];
  isAnswering: boolean;
}

export class CardDesk {
  readonly #clock: Clock;
  readonly #deafMs: number;
  readonly #seen = new Map<string, Seen>();
  readonly #marked = new Set<string>();
  #queue: readonly QueueEntry[] = [];
  #currentId: string | null = null;
  #shownSinceMs = 0;

  /** @param deafMs how long a card that has just appeared ignores its keys. */
  constructor(clock: Clock, deafMs: number) {
    this.#clock = clock;
    this.#deafMs = deafMs;
  }

  get queue(): readonly QueueEntry[] {
    return this.#queue;
  }

  get current(): QueueEntry | null {
    return this.#queue.find((entry) => entry.id === this.#currentId) ?? null;
  }

  /** From 1; 0 when nothing waits. */
  get position(): number {
    return this.#queue.findIndex((entry) => entry.id === this.#currentId) + 1;
  }

  get marked(): readonly QueueEntry[] {
    return this.#queue.filter((entry) => this.#marked.has(entry.id));
  }

  /** Takes the new queue. A card that was replaced by another with its id must be read anew. Returns the ids that are new. */
  update(queue: readonly QueueEntry[]): readonly string[] {
    const place = this.position - 1;
    const added: string[] = [];
    for (const entry of queue) {
      const known = this.#seen.get(entry.id);
      if (known && known.entry.card === entry.card) continue;
      if (!known) added.push(entry.id);
      this.#seen.set(entry.id, { entry, isEndShown: false, shows: 'card', isAnswering: false });
      this.#marked.delete(entry.id);
      if (entry.id === this.#currentId) this.#shownSinceMs = this.#clock.monotonicMs();
    }
    this.#queue = queue;
    const ids = new Set(queue.map((entry) => entry.id));
    for (const id of [...this.#seen.keys()]) if (!ids.has(id)) this.#seen.delete(id);
    for (const id of [...this.#marked]) if (!ids.has(id)) this.#marked.delete(id);
    if (this.#currentId === null || !ids.has(this.#currentId)) {
      this.#show(queue[Math.min(Math.max(0, place), queue.length - 1)]?.id ?? null);
    }
    return added;
  }

  select(id: string): void {
    if (id !== this.#currentId && this.#seen.has(id)) this.#show(id);
  }

  /** The current card has come onto the screen again: its keys rest anew. */
  reappear(): void {
    this.#shownSinceMs = this.#clock.monotonicMs();
  }

  move(step: 1 | -1): void {
    const count = this.#queue.length;
    if (count === 0) return;
    const next = this.#queue[(this.position - 1 + step + count) % count];
    if (next) this.select(next.id);
  }

  /** The last line of the current card is on the screen. Returns whether that is news. */
  markEndShown(): boolean {
    const seen = this.#currentSeen();
    if (!seen || seen.isEndShown) return false;
    seen.isEndShown = true;
    return true;
  }

  /** The current card, or only its diff, is on the screen. Returns whether that is news. */
  markShown(shows: CardSituation['shows']): boolean {
    const seen = this.#currentSeen();
    if (!seen || seen.shows === shows) return false;
    seen.shows = shows;
    return true;
  }

  toggleMark(): void {
    const id = this.#currentId;
    if (id === null) return;
    if (!this.#marked.delete(id)) this.#marked.add(id);
  }

  markOf(id: string): 'marked' | 'unmarked' {
    return this.#marked.has(id) ? 'marked' : 'unmarked';
  }

  setAnswering(id: string, state: 'answering' | 'open'): void {
    const seen = this.#seen.get(id);
    if (seen) seen.isAnswering = state === 'answering';
  }

  /** Milliseconds until the current card's keys count; 0 when they do. */
  get deafForMs(): number {
    if (this.#currentId === null) return 0;
    return Math.max(0, this.#deafMs - (this.#clock.monotonicMs() - this.#shownSinceMs));
  }

  toSituation(): CardSituation | null {
    const entry = this.current;
    const seen = this.#currentSeen();
    if (!entry || !seen) return null;
    return {
      kind: entry.kind === 'gate' ? entry.card.subject.kind : entry.kind,
      isEndShown: seen.isEndShown,
      shows: seen.shows,
      isDeaf: this.deafForMs > 0,
      isAnswering: seen.isAnswering,
      isProduction: isProduction(entry),
      isGrantPossible: entry.kind === 'gate' && entry.card.sessionGrantPossible,
      isEditable: toEditable(entry) !== null,
      isMarked: this.#marked.has(entry.id),
      hasFields: entry.kind === 'form' || (entry.kind === 'login' && entry.card.prompts.length > 0),
      hasLink: entry.kind === 'form' && entry.card.url !== null,
      hasDiff: entry.kind === 'gate' && entry.card.subject.kind === 'write' && entry.card.subject.diff !== null,
    };
  }

  #currentSeen(): Seen | undefined {
    return this.#currentId === null ? undefined : this.#seen.get(this.#currentId);
  }

  #show(id: string | null): void {
    this.#currentId = id;
    this.#shownSinceMs = this.#clock.monotonicMs();
  }
}
