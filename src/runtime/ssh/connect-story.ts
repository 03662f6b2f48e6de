/**
 * What was seen while one connection was made, for `server test`: each part writes down here what it sees, as far as it came. Nothing
 * depends on it. What servers say of themselves in it is foreign text.
 */
import type { Clock } from '../../base/clock.ts';
import type { Target } from '../../core/server.ts';

export class ConnectStory {
  readonly target: Target;
  /** The jump host it leads through; null: directly. */
  through: ConnectStory | null = null;
  /** The command of this machine that carries the bytes (ProxyCommand); null: none does. */
  command: string | null = null;
  /** The system's ssh, where it made the connection, and why; null: this program did. */
  system: string | null = null;
  /** What the name stands for; none for an address, or behind a jump host. */
  readonly addresses: string[] = [];
  /** The one that answered. */
  address: string | null = null;
  software: string | null = null;
  algorithms: AgreedAlgorithms | null = null;
  key: SeenKey | null = null;
  banner: string | null = null;
  attempts: readonly LoginAttempt[] = [];
  /** The connection was there already. */
  wasOpen = false;
  isDone = false;
  /** Milliseconds since the beginning of the step. */
  readonly times: { lookedUp?: number; connected?: number; agreed?: number; loggedIn?: number } = {};
  readonly #clock: Clock;
  #beganMs: number;
  #pauses = 0;
  #pausedMs = 0;

  constructor(target: Target, clock: Clock) {
    this.target = target;
    this.#clock = clock;
    this.#beganMs = clock.monotonicMs();
  }

  begin(): void {
    this.#beganMs = this.#clock.monotonicMs();
  }

  /** The time in which a person or a program of this machine is waited for is nobody's step. */
  handleWaiting(state: 'waiting' | 'done'): void {
    const nowMs = this.#clock.monotonicMs();
    if (state === 'waiting' && this.#pauses++ === 0) this.#pausedMs = nowMs;
    if (state === 'done' && --this.#pauses === 0) this.#beganMs += nowMs - this.#pausedMs;
  }

  /** What was begun is done, and the next thing begins. */
  time(what: keyof ConnectStory['times']): void {
    const nowMs = this.#clock.monotonicMs();
    this.times[what] = nowMs - this.#beganMs;
    this.#beganMs = nowMs;
  }

  throughHop(target: Target): ConnectStory {
    this.through = new ConnectStory(target, this.#clock);
    return this.through;
  }
}

export interface AgreedAlgorithms {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipher: string;
  /** Empty where the cipher needs none. */
  readonly mac: string;
  readonly compression: string;
}

export interface SeenKey {
  readonly type: string;
  readonly fingerprint: string;
  /** Where it is known from, in words; null: it is not trusted. */
  readonly knownFrom: string | null;
}

export interface LoginAttempt {
  /** `the key /home/me/.ssh/id_ed25519` */
  readonly words: string;
  /** Null: it did not come to that, or the server never answered. */
  outcome: 'taken' | 'taken, but not enough' | 'refused' | 'not tried' | null;
  /** How often the server refused: an agent may hold many keys. */
  refusals: number;
  /** What the server goes on to take, or why it was not tried. */
  note: string | null;
}
