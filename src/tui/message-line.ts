/**
 * The sentence in the hint line: how long it stands there and what takes it away. Knows no key and draws nothing.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { ScreenModel } from './screen-model.ts';
import type { Token } from './styled.ts';

/** How long a sentence stands in the hint line when no key is pressed. */
const messageMs = 6_000;

export class MessageLine implements Disposable {
  readonly #model: ScreenModel;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #timer: Disposable | null = null;

  /** `changed` is called when the line must be painted again. */
  constructor(model: ScreenModel, clock: Clock, changed: () => void) {
    this.#model = model;
    this.#clock = clock;
    this.#changed = changed;
  }

  say(text: string, token: Token): void {
    const message = { text, token };
    this.#model.message = message;
    this.#changed();
    this.#timer?.dispose();
    // What went wrong stays until the next key; the rest gives its place back to the keys.
    if (token === 'danger') return;
    this.#timer = this.#clock.after(messageMs, () => {
      if (this.#model.message === message) this.#model.message = null;
      this.#changed();
    });
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
