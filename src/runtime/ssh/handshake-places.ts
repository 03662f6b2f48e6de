/**
 * How many handshakes are under way at once, in all and with one address: whoever turns some away (sshd's MaxStartups) is asked by fewer from
 * then on. It knows nothing of what a handshake is.
 */
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { limits } from '../../core/limits.ts';
import { ChannelQueue } from './channel-queue.ts';

export class HandshakePlaces {
  readonly #all = new ChannelQueue(limits.handshakesAtOnceMax);
  readonly #byAddress = new Map<string, ChannelQueue>();

  /** First a place with its own address, so that those who wait for one busy server keep nobody from another. */
  async acquire(address: string): Promise<Disposable> {
    const queue = this.#byAddress.get(address) ?? new ChannelQueue(limits.handshakesAtOnceMax);
    this.#byAddress.set(address, queue);
    const own = await queue.acquire(null);
    const place = await this.#all.acquire(null);
    return toDisposable(() => {
      place.dispose();
      own.dispose();
      // Busy was then: the next who come find it as at first.
      if (queue.live === 0 && queue.waiting === 0) this.#byAddress.delete(address);
    });
  }

  /** It turned one away: as many as it has now are what it takes. */
  noteBusy(address: string): void {
    const queue = this.#byAddress.get(address);
    queue?.reduceTo(queue.live);
  }
}
