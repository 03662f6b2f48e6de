/** How many refusals of one door are recorded, so that whoever tries tokens fills no log and yet cannot make the log go blind. It writes nothing. */
import type { Clock } from '../../base/clock.ts';

/** Which check refused: of the token, of where a request came from, or of the user whose connection it is. Each has places of its own. */
export type RefusalRule = 'door.token' | 'door.address' | 'door.user';

/** Recorded one by one; more is somebody who tries. */
const oneByOneMax = 64;
/** After that one record in this time says how many there were. */
const summaryMs = 60_000;

interface Count {
  recorded: number;
  leftOut: number;
  lastMs: number;
}

export class RefusalBudget {
  readonly #clock: Clock;
  readonly #counts = new Map<RefusalRule, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null when this one is not recorded; else what is added to its reason: nothing, or how many were left out before it. */
  take(rule: RefusalRule): string | null {
    const count = this.#counts.get(rule) ?? { recorded: 0, leftOut: 0, lastMs: 0 };
    this.#counts.set(rule, count);
    const nowMs = this.#clock.nowMs();
    if (count.recorded >= oneByOneMax && nowMs - count.lastMs < summaryMs) {
      count.leftOut += 1;
      return null;
    }
    const words = count.leftOut === 0 ? '' : ` ${count.leftOut} more were refused and not recorded before it.`;
    Object.assign(count, { recorded: count.recorded + 1, leftOut: 0, lastMs: nowMs });
    return words;
  }
}
