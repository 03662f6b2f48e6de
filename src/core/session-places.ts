/** How many requests each session has under way, and the bound on it. It knows nothing of what they ask. */
import { type Disposable, toDisposable } from '../base/lifecycle.ts';
import { OperationError } from './codes.ts';
import { limits } from './limits.ts';

export class SessionPlaces {
  readonly #taken = new Map<string, number>();

  /**
   * Dispose it when the request has ended. Null is the operator, whose connection has a bound of its own.
   * Throws POLICY_REJECTED when the session has `limits.requestsPerSessionMax` requests under way.
   */
  take(session: string | null): Disposable {
    if (session === null) return toDisposable(() => undefined);
    const taken = this.#taken.get(session) ?? 0;
    if (taken >= limits.requestsPerSessionMax) {
      throw new OperationError(
        'POLICY_REJECTED',
        `${taken} requests of this session are under way already; wait for their answers before asking for more.`,
      );
    }
    this.#taken.set(session, taken + 1);
    return toDisposable(() => this.#giveBack(session));
  }

  #giveBack(session: string): void {
    const left = (this.#taken.get(session) ?? 0) - 1;
    if (left > 0) this.#taken.set(session, left);
    else this.#taken.delete(session);
  }
}
