/**
 * What passes by itself on the screen: the moments in which a new card takes no keys, and the durations that grow. Draws nothing.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';

const tickMs = 1_000;

export interface TimerPorts {
  /** Milliseconds until the current card's keys count; 0 when they do. */
  deafForMs(): number;
  /** The keys of the card count from now on. */
  handleHearing(): void;
  /** Once a second. */
  handleTick(): void;
}

export class Timers implements Disposable {
  readonly #clock: Clock;
  readonly #ports: TimerPorts;
  #deafTimer: Disposable | null = null;
  #tickTimer: Disposable | null = null;

  constructor(clock: Clock, ports: TimerPorts) {
    this.#clock = clock;
    this.#ports = ports;
    this.#tick();
  }

  /** The hint line says when the keys of a new card begin to count. */
  watchDeafness(): void {
    const left = this.#ports.deafForMs();
    if (left === 0 || this.#deafTimer) return;
    this.#deafTimer = this.#clock.after(left, () => {
      this.#deafTimer = null;
      this.#ports.handleHearing();
    });
  }

  dispose(): void {
    this.#deafTimer?.dispose();
    this.#tickTimer?.dispose();
  }

  #tick(): void {
    this.#tickTimer = this.#clock.after(tickMs, () => {
      this.#ports.handleTick();
      this.#tick();
    });
  }
}
