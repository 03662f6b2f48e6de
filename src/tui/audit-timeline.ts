/**
 * The time line of the audit log as the screen keeps it: asked for again when the log or the filter changes, and the stretch that is chosen
 * in it. Draws nothing.
 */
import type { Clock } from '../base/clock.ts';
import type { Params, Result } from '../protocol/methods.ts';

export type Timeline = Result<'audit.timeline'>;
export type TimelineFetch = (params: Params<'audit.timeline'>) => Promise<Timeline | null>;

/** As many stretches as a host counts. */
const bucketsMax = 500;
/** A log that grows is not counted anew with every action. */
const pauseMs = 2_000;

export class AuditTimeline {
  readonly #fetch: TimelineFetch;
  readonly #changed: () => void;
  readonly #clock: Clock;
  #timeline: Timeline | null = null;
  #text = '';
  #key = '';
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isWaiting = false;
  #chosen: { readonly fromMs: number; readonly toMs: number } | null = null;

  constructor(fetch: TimelineFetch, clock: Clock, changed: () => void) {
    this.#fetch = fetch;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Null before the first answer, and where there is nothing to show. */
  get timeline(): Timeline | null {
    return this.#timeline && this.#timeline.buckets.length > 0 ? this.#timeline : null;
  }

  /** Index of the chosen bucket; -1 for none, or when it has left the line. */
  get chosen(): number {
    const { timeline } = this;
    if (!this.#chosen || !timeline) return -1;
    const at = Math.floor((this.#chosen.fromMs - (timeline.buckets[0]?.atMs ?? 0)) / timeline.bucketMs);
    return at < timeline.buckets.length ? at : -1;
  }

  /** What narrows the log to the chosen stretch, in the filter language; empty for all of it. */
  get filter(): string {
    if (!this.#chosen) return '';
    const { fromMs, toMs } = this.#chosen;
    return `since:${new Date(fromMs).toISOString()} until:${new Date(toMs).toISOString()}`;
  }

  /** Called with each painting: asks when something is other than before. `state` is another one whenever the log is. */
  follow(text: string, state: string, columns: number): void {
    if (text !== this.#text) this.#askedAtMs = Number.NEGATIVE_INFINITY;
    const key = `${text} ${state} ${columns}`;
    if (key === this.#key || this.#isWaiting || columns < 1) return;
    const pause = this.#askedAtMs + pauseMs - this.#clock.monotonicMs();
    if (pause > 0) {
      this.#isWaiting = true;
      this.#clock.after(pause, () => {
        this.#isWaiting = false;
        this.#changed();
      });
      return;
    }
    this.#key = key;
    this.#text = text;
    this.#askedAtMs = this.#clock.monotonicMs();
    void this.#ask(key, columns);
  }

  /** To the next stretch with actions in it; past the newest there is all of the log again. */
  move(step: 1 | -1): void {
    const { timeline } = this;
    if (!timeline) return;
    const { buckets, bucketMs } = timeline;
    const from = this.chosen === -1 ? buckets.length : this.chosen;
    if (this.chosen === -1 && step === 1) return;
    for (let at = from + step; at >= 0 && at < buckets.length; at += step) {
      const bucket = buckets[at];
      if (!bucket || bucket.ok + bucket.stopped + bucket.failed + bucket.running === 0) continue;
      this.#chosen = { fromMs: bucket.atMs, toMs: bucket.atMs + bucketMs };
      return;
    }
    if (step === 1) this.#chosen = null;
  }

  clear(): void {
    this.#chosen = null;
  }

  async #ask(key: string, columns: number): Promise<void> {
    const filter = this.#text === '' ? {} : { filter: this.#text };
    const answer = await this.#fetch({ buckets: Math.min(bucketsMax, columns), ...filter });
    if (key !== this.#key) return;
    // A host of an earlier version has no time line.
    this.#timeline = answer?.buckets ? answer : null;
    this.#changed();
  }
}
