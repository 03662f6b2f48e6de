/**
 * How fast a channel is read: not while whoever takes its output is behind, and never all of a turn of the event loop, since a flood
 * would keep keys and other servers waiting. What is not read stays on the server once the window is full.
 */
import type { ClientChannel } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { TurnShare } from '../../base/turn-share.ts';

export interface ChannelPaceOptions {
  readonly channel: Pick<ClientChannel, 'pause' | 'resume'> & {
    readonly stderr: { pause(): unknown; resume(): unknown };
  };
  readonly clock: Clock;
  readonly isBehind: () => boolean;
  /** The turns that all channels share. */
  readonly turns?: TurnShare;
}

/** When somebody who is behind is asked whether it goes on: soon, since a disk is behind for a millisecond, and then less often. */
const behindFirstMs = 1;
const behindEveryMsMax = 5;
/** Of one turn of the event loop, all channels together. */
const allChannels = new TurnShare({ turnMs: 6 });

export class ChannelPace implements Disposable {
  readonly #options: ChannelPaceOptions;
  readonly #turns: TurnShare;
  #isPaused = false;
  #isEnded = false;
  #behind: Disposable = toDisposable(() => undefined);
  #behindMs = behindFirstMs;

  constructor(options: ChannelPaceOptions) {
    this.#options = options;
    this.#turns = options.turns ?? allChannels;
  }

  /** To be called after each chunk. */
  keep(): void {
    if (this.#isPaused || this.#isEnded) return;
    if (this.#options.isBehind()) {
      this.#pause();
      this.#behindMs = behindFirstMs;
      this.#waitForIt();
    } else if (this.#turns.isSpent) {
      this.#pause();
      this.#turns.goOnLater(() => this.#goOn());
    }
  }

  /** From here on it is read to its end as it comes. */
  dispose(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#behind.dispose();
    this.#resume();
  }

  #waitForIt(): void {
    this.#behind = this.#options.clock.after(this.#behindMs, () => this.#goOn());
    this.#behindMs = Math.min(2 * this.#behindMs, behindEveryMsMax);
  }

  #goOn(): void {
    if (this.#isEnded) return;
    if (this.#options.isBehind()) this.#waitForIt();
    else this.#resume();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#options.channel.pause();
    this.#options.channel.stderr.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#options.channel.resume();
    this.#options.channel.stderr.resume();
  }
}
