/**
 * How many handshakes are under way at once, in all and with one address: whoever turns some away (sshd's MaxStartups) is asked by fewer from
 * then on. It knows nothing of what a handshake is.
 */
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { limits } from '../../core/limits.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
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

/** Nobody else's handshake waits for a person's answer to this one, and no person is asked for nobody. */
export function withoutSlot(questions: LoginQuestions, slot: Disposable, signal: AbortSignal): LoginQuestions {
  return {
    ask(question) {
      slot.dispose();
      return questions.ask(question, signal);
    },
    tell(note) {
      slot.dispose();
      const told = questions.tell(note);
      signal.addEventListener('abort', () => told.dispose(), { once: true });
      return told;
    },
  };
}
