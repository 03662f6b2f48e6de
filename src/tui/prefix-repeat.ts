/**
 * After the prefix and a key that is pressed several times in a row, that key and its like count for a moment without the prefix, as in tmux.
 * Knows which keys these are from the table only.
 */
import type { Clock } from '../base/clock.ts';
import type { Action, KeyName } from './keymap.ts';
import { keysInForce } from './keys-in-force.ts';
import { isRepeatable } from './situation-panes.ts';

/** Long enough for a finger that comes back to the key, short enough that the next word is text. */
const repeatMs = 600;

export class PrefixRepeat {
  readonly #clock: Clock;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An action was done that the prefix had introduced. */
  note(action: Action): void {
    if (isRepeatable(action)) this.#untilMs = this.#clock.monotonicMs() + repeatMs;
  }

  /** Whether the key means what it does after the prefix; any other key ends the moment. */
  takes(key: KeyName): boolean {
    if (this.#clock.monotonicMs() >= this.#untilMs) return false;
    const binding = keysInForce().find((entry) => entry.scope === 'prefix' && entry.keys.includes(key));
    if (binding && isRepeatable(binding.action)) return true;
    this.#untilMs = Number.NEGATIVE_INFINITY;
    return false;
  }
}
