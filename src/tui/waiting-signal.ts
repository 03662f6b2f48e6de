/** Calls the operator when something waits: bell, notification of the terminal, window title. Draws nothing and answers nothing. */
import { Burst } from '../base/burst.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { View } from '../protocol/view.ts';
import { countWaiting, toWaitingText } from '../protocol/waiting-text.ts';
import { type NotificationForm, notificationSequence } from './widgets/notification-sequence.ts';
import type { Terminal } from './widgets/screen.ts';

export interface SignalSettings {
  readonly bell: 'bell' | 'silent';
  /** Null: the terminal is not asked for notifications. */
  readonly notification: NotificationForm | null;
  readonly multiplexer: 'tmux' | 'none';
}

/** A bell alone disturbs nobody and works everywhere. */
export const plainSignals: SignalSettings = { bell: 'bell', notification: null, multiplexer: 'none' };

/** Requests of one agent come in volleys: they are one call. */
const settleMs = 250;
const everyMs = 5_000;

export class WaitingSignal implements Disposable {
  readonly #terminal: Pick<Terminal, 'bell' | 'notify' | 'setTitle'>;
  readonly #settings: SignalSettings;
  readonly #view: () => View;
  readonly #burst: Burst;
  #shownTitle = '';

  constructor(
    terminal: Pick<Terminal, 'bell' | 'notify' | 'setTitle'>,
    clock: Clock,
    settings: SignalSettings,
    view: () => View,
  ) {
    this.#terminal = terminal;
    this.#settings = settings;
    this.#view = view;
    this.#burst = new Burst({ clock, settleMs, everyMs, call: () => this.#call() });
  }

  /** New requests have come; what was answered before the burst is over calls nobody. */
  handleAdded(): void {
    this.#burst.add();
  }

  /** The window's title tells what waits, also where the bell is silent. */
  nameWindow(): void {
    const waiting = countWaiting(this.#view());
    const title = waiting === 0 ? 'signalbox' : `(${waiting} waiting) signalbox`;
    if (title === this.#shownTitle) return;
    this.#shownTitle = title;
    this.#terminal.setTitle(title);
  }

  dispose(): void {
    this.#burst.dispose();
  }

  #call(): void {
    const text = toWaitingText(this.#view());
    if (text === null) return;
    const { bell, notification, multiplexer } = this.#settings;
    if (bell === 'bell') this.#terminal.bell();
    if (notification === null) return;
    this.#terminal.notify(notificationSequence(notification, { title: 'signalbox', text }, multiplexer));
  }
}
