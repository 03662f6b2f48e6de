/** Runs the operator's notification when something begins to wait, with or without a screen. Knows no program and no terminal. */
import { Burst } from '../base/burst.ts';
import type { Clock } from '../base/clock.ts';
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import { limits } from '../core/limits.ts';
import { countWaiting, toWaitingText } from '../protocol/waiting-text.ts';
import type { ViewStore } from './view-store.ts';

/** @param notify rejects with the sentence that `tellProblem` gets. */
export function feedNotifications(
  store: ViewStore,
  clock: Clock,
  notify: (text: string) => Promise<void>,
  tellProblem: (sentence: string) => void,
): Disposable {
  const lifetimes = new Disposables();
  const call = async (): Promise<void> => {
    const text = toWaitingText(store.view);
    if (text === null) return;
    try {
      await notify(text);
    } catch (error) {
      tellProblem((error as Error).message);
    }
  };
  const { notifySettleMs, notifyEveryMs } = limits;
  const burst = lifetimes.add(new Burst({ clock, settleMs: notifySettleMs, everyMs: notifyEveryMs, call }));
  let waiting = countWaiting(store.view);
  if (waiting > 0) burst.add();
  lifetimes.add(
    store.onPublished(({ event }) => {
      if (event.type !== 'session.changed' && !event.type.startsWith('approval.')) return;
      const now = countWaiting(store.view);
      if (now > waiting) burst.add();
      waiting = now;
    }),
  );
  return lifetimes;
}
