/** How many requests each session has under way and how much memory they hold, and the bounds on both. It knows nothing of what they ask. */
import { type Disposable, toDisposable } from '../base/lifecycle.ts';
import { OperationError } from './codes.ts';
import { limits } from './limits.ts';

export class SessionPlaces {
  readonly #taken = new Map<string, number>();
  readonly #bytes = new Map<string, number>();

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
    return count(this.#taken, session, 1);
  }

  /**
   * The same for memory that a request keeps until it ends: its texts, and both sides of a change while its card waits.
   * Throws POLICY_REJECTED when the session's requests would hold more than `limits.heldBytesPerSessionMax`.
   */
  hold(session: string | null, bytes: number): Disposable {
    if (session === null) return toDisposable(() => undefined);
    const held = this.#bytes.get(session) ?? 0;
    if (held + bytes > limits.heldBytesPerSessionMax) {
      throw new OperationError(
        'POLICY_REJECTED',
        `The requests of this session that are under way hold ${toMiB(held)} of ${toMiB(limits.heldBytesPerSessionMax)} MiB, and this one needs ${toMiB(bytes)}; wait for their answers before asking for more.`,
      );
    }
    return count(this.#bytes, session, bytes);
  }
}

/** Adds now, and takes away once. */
function count(counts: Map<string, number>, session: string, by: number): Disposable {
  counts.set(session, (counts.get(session) ?? 0) + by);
  return toDisposable(() => {
    const left = (counts.get(session) ?? 0) - by;
    if (left > 0) counts.set(session, left);
    else counts.delete(session);
  });
}

function toMiB(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
