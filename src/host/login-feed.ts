/** What logins wait for from a person, as every screen sees it. It answers nothing. */
import { Disposables } from '../base/lifecycle.ts';
import type { LoginDesk, WaitingQuestion } from '../core/login/login-desk.ts';
import type { LoginView } from '../protocol/view.ts';
import type { ViewStore } from './view-store.ts';

/** While it lives, questions wait for an answer: a screen may attach at any time. */
export function feedLogins(logins: LoginDesk, store: ViewStore): Disposables {
  const lifetimes = new Disposables();
  lifetimes.add(logins.attend());
  lifetimes.add(logins.onChange((waiting) => store.publish({ type: 'logins.replaced', logins: waiting.map(toView) })));
  return lifetimes;
}

function toView(question: WaitingQuestion): LoginView {
  const { id, server, what, note, isNoteOurs, command, prompts, askedAtMs, expiresAtMs } = question;
  return {
    ...{ id, server, what, note, prompts, askedAtMs, expiresAtMs },
    ...(isNoteOurs ? { isNoteOurs } : {}),
    ...(command === undefined ? {} : { command }),
  };
}
