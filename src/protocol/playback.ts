/** A recording as it is played: where one is, how fast, and what comes next. Pure; it knows no clock, file or screen. */

export interface PlaybackEvent {
  readonly atSeconds: number;
  readonly text: string;
}

export interface PlaybackOptions {
  /** Longer pauses are cut to this; the time shown is the one that is left. */
  readonly pauseSecondsMax: number;
}

/** What to write next, and whether it follows what was written or begins anew. */
export interface PlaybackOutput {
  readonly from: 'here' | 'beginning';
  readonly text: string;
}

/** Speeds that keys go through. */
export const playbackSpeeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

export class Playback {
  readonly #events: readonly PlaybackEvent[];
  readonly durationSeconds: number;
  /** Events before this one were given out. */
  #next = 0;
  #positionSeconds = 0;

  constructor(events: readonly PlaybackEvent[], { pauseSecondsMax }: PlaybackOptions) {
    let cut = 0;
    let last = 0;
    this.#events = events.map(({ atSeconds, text }) => {
      // A line of a damaged file may go back in time; playing does not.
      const at = Math.max(last, atSeconds);
      cut += Math.max(0, at - last - pauseSecondsMax);
      last = at;
      return { atSeconds: at - cut, text };
    });
    this.durationSeconds = this.#events.at(-1)?.atSeconds ?? 0;
  }

  get positionSeconds(): number {
    return this.#positionSeconds;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#events.length;
  }

  /** Seconds until something is to be written; null at the end. */
  get untilNextSeconds(): number | null {
    const next = this.#events[this.#next];
    return next ? Math.max(0, next.atSeconds - this.#positionSeconds) : null;
  }

  /** Goes to a time, forwards or back. Going back begins anew: what a terminal was told cannot be taken back. */
  goTo(seconds: number): PlaybackOutput {
    const target = Math.max(0, Math.min(seconds, this.durationSeconds));
    const from = target < this.#positionSeconds ? 'beginning' : 'here';
    if (from === 'beginning') this.#next = 0;
    const begin = this.#next;
    while ((this.#events[this.#next]?.atSeconds ?? Number.POSITIVE_INFINITY) <= target) this.#next += 1;
    this.#positionSeconds = target;
    const text = this.#events
      .slice(begin, this.#next)
      .map((event) => event.text)
      .join('');
    return { from, text };
  }

  advance(seconds: number): PlaybackOutput {
    return this.goTo(this.#positionSeconds + Math.max(0, seconds));
  }
}

/** The next faster or slower speed. */
export function toSpeed(speed: number, step: 1 | -1): number {
  const faster = step === 1 ? playbackSpeeds.find((one) => one > speed) : playbackSpeeds.findLast((one) => one < speed);
  return faster ?? speed;
}
