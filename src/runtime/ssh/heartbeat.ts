/**
 * Whether the other end of a connection still answers, how long a round trip takes, and whether this machine slept meanwhile. It asks every
 * few seconds; any byte that comes is an answer, since what we asked may wait behind a large file. It ends nothing itself.
 */
import type { Client } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, Disposables, toDisposable } from '../../base/lifecycle.ts';
import { limits } from '../../core/limits.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { onReceived, sendPing } from './ssh2-internals.ts';

export interface HeartbeatOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** How often it asks and how often it is not answered, as the user's own configuration says; null: our own rule. */
  readonly wanted: SshOptions['keepalive'];
  /** `again`: it is measured once more at once. */
  readonly onLatency: (latencyMs: number) => 'enough' | 'again';
  /** Nothing came for so long that nothing will; called once, and then no more is asked. */
  readonly onSilent: (silentMs: number) => void;
  /** This machine slept: whoever is at the other end may have given us up. */
  readonly onWoke: () => void;
}

export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  readonly #lifetimes = new Disposables();
  readonly #everyMs: number;
  readonly #missesMax: number;
  #next: Disposable = toDisposable(() => undefined);
  #wasHeard = true;
  #misses = 0;
  #uptimeMs: number;
  #awakeMs: number;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    ({ everyMs: this.#everyMs, missesMax: this.#missesMax } = toRule(options.wanted));
    this.#uptimeMs = options.clock.uptimeMs();
    this.#awakeMs = options.clock.monotonicMs();
    this.#lifetimes.add(
      onReceived(options.client, () => {
        this.#wasHeard = true;
      }),
    );
    this.#lifetimes.add(toDisposable(() => this.#next.dispose()));
    this.#beat();
  }

  /** Compares the two counts of time: a machine that sleeps stops one of them. */
  checkAwake(): void {
    const { clock, onWoke } = this.#options;
    const [uptimeMs, awakeMs] = [clock.uptimeMs(), clock.monotonicMs()];
    const sleptMs = uptimeMs - this.#uptimeMs - (awakeMs - this.#awakeMs);
    [this.#uptimeMs, this.#awakeMs] = [uptimeMs, awakeMs];
    if (sleptMs < limits.sleepMsMin) return;
    // A server that has given us up says so as soon as it is asked.
    this.#ask();
    onWoke();
  }

  dispose(): void {
    this.#lifetimes.dispose();
  }

  #beat(): void {
    const { clock, onSilent } = this.#options;
    this.#next = clock.after(this.#everyMs, () => this.#beat());
    this.#misses = this.#wasHeard ? 0 : this.#misses + 1;
    this.#wasHeard = false;
    if (this.#misses > this.#missesMax) {
      this.dispose();
      onSilent(this.#everyMs * this.#misses);
      return;
    }
    this.#ask();
    this.checkAwake();
  }

  #ask(): void {
    const { client, clock, onLatency } = this.#options;
    const sentMs = clock.monotonicMs();
    sendPing(client, () => {
      if (onLatency(clock.monotonicMs() - sentMs) === 'again') this.#ask();
    });
  }
}

/** Ours, unless the user's configuration gives a silent server up sooner. */
function toRule(wanted: SshOptions['keepalive']): { readonly everyMs: number; readonly missesMax: number } {
  const own = { everyMs: limits.keepaliveEveryMs, missesMax: limits.keepaliveMissesMax };
  return wanted === null || wanted.everyMs * wanted.missesMax >= own.everyMs * own.missesMax ? own : wanted;
}
