/** What the agents of one session wrote to stderr last, as screens are told: never more than once in a while, however much they write. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { AgentLink } from '../../core/agents.ts';
import type { StderrLineView } from '../../protocol/view.ts';
import type { Seat } from './seat.ts';

/** Nobody reads faster; an agent that logs each step makes no event of each. */
const pauseMs = 1_000;

export class LastStderr implements Disposable {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #links = new Map<Seat, AgentLink>();
  readonly #lines = new Map<Seat, readonly StderrLineView[]>();
  /** Those that wrote more since they were read. */
  readonly #grown = new Set<Seat>();
  #timer: Disposable | null = null;
  #isDisposed = false;

  /** `changed` is called when `of` says something else than before. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** It runs from now on: what its process before wrote is forgotten. The last lines of one that is gone stay. */
  follow(seat: Seat, link: AgentLink): void {
    this.#links.set(seat, link);
    this.#lines.set(seat, link.stderr);
    link.onStderr(() => {
      if (this.#links.get(seat) === link) this.#handleGrown(seat);
    });
  }

  of(seat: Seat): { readonly stderr?: readonly StderrLineView[] } {
    const lines = this.#lines.get(seat) ?? [];
    return lines.length === 0 ? {} : { stderr: lines };
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #handleGrown(seat: Seat): void {
    if (this.#isDisposed) return;
    this.#grown.add(seat);
    this.#timer ??= this.#clock.after(pauseMs, () => this.#read());
  }

  #read(): void {
    this.#timer = null;
    for (const seat of this.#grown) this.#lines.set(seat, this.#links.get(seat)?.stderr ?? []);
    this.#grown.clear();
    this.#changed();
  }
}
