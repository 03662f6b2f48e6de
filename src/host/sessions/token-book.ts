/** The tokens of the sessions' tool sockets: who may come through which. Holds digests only; comparing takes the same time for every answer. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `foreign`: of another session; `ended`: of a session that is over; `unknown`: of an earlier run of the host, or made up. */
export type TokenVerdict = 'valid' | 'foreign' | 'ended' | 'unknown';

/** Ended sessions remembered, so that a late agent is told apart from a guess. */
const endedMax = 256;

export class TokenBook {
  readonly #live = new Map<string, Buffer>();
  #ended: Buffer[] = [];

  /** A new token of 32 random bytes, as hex. The caller registers it with the redactor before anyone sees it. */
  issue(session: string): string {
    const token = randomBytes(32).toString('hex');
    this.#live.set(session, toDigest(token));
    return token;
  }

  end(session: string): void {
    const digest = this.#live.get(session);
    if (!digest) return;
    this.#live.delete(session);
    this.#ended = [...this.#ended, digest].slice(-endedMax);
  }

  check(session: string, token: string): TokenVerdict {
    const digest = toDigest(token);
    let verdict: TokenVerdict = 'unknown';
    // Every digest is compared, whatever was found before.
    for (const ended of this.#ended) if (timingSafeEqual(ended, digest)) verdict = 'ended';
    for (const [owner, live] of this.#live) {
      if (timingSafeEqual(live, digest)) verdict = owner === session ? 'valid' : 'foreign';
    }
    return verdict;
  }
}

function toDigest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
