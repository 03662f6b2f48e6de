/** Asks the terminal whether its background is light, and tells once, or never. Chooses no theme. */
import type { Clock } from '../base/clock.ts';
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import { isLight, RGB } from './theme-color.ts';
import { backgroundQuestion, readBackgroundAnswer } from './widgets/background-color.ts';
import type { Terminal } from './widgets/screen.ts';

/** Over a slow ssh connection an answer takes a few round trips; later, a change of colours would only startle. */
const answerWithinMs = 1_000;

/** `tell` is called at most once. What is disposed, or answered too late, tells nothing. */
export function followBackground(
  terminal: Pick<Terminal, 'onReply' | 'ask'>,
  clock: Clock,
  tell: (background: 'light' | 'dark') => void,
): Disposable {
  const lifetimes = new Disposables();
  lifetimes.add(
    terminal.onReply((reply) => {
      const rgb = readBackgroundAnswer(reply);
      if (rgb === null) return;
      lifetimes.dispose();
      tell(isLight(RGB + rgb) ? 'light' : 'dark');
    }),
  );
  lifetimes.add(clock.after(answerWithinMs, () => lifetimes.dispose()));
  terminal.ask(backgroundQuestion);
  return lifetimes;
}
