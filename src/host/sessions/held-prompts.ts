/** Prompts that an earlier host did not send: they wait for a person, since what they were written for may be over. */

import { OperationError } from '../../core/codes.ts';
import type { KeptPrompt, KeptSession } from '../../core/kept-session.ts';
import type { Result } from '../../protocol/methods.ts';
import type { Session } from './session.ts';

/** As many as a session keeps; the newest matter. */
const heldMax = 64;

/** Of a session as its host left it. */
export function toHeldPrompts(kept: Pick<KeptSession, 'heldPrompts' | 'waitingPrompts'>): KeptPrompt[] {
  return [...(kept.heldPrompts ?? []), ...(kept.waitingPrompts ?? [])].slice(-heldMax);
}

/** What the next host keeps of it: nothing waits any more, and no turn is open. */
export function toTakenOver(kept: KeptSession): Partial<KeptSession> {
  return { hasOpenTurn: false, waitingPrompts: [], heldPrompts: toHeldPrompts(kept) };
}

/**
 * Sends those that were kept whole, in order, or drops all. Those that are not whole stay, and are returned. Throws INVALID_ARGUMENT
 * when there is none, or too many prompts wait; then the rest stays.
 */
export function answerHeld(
  session: Pick<Session, 'id' | 'memory' | 'prompt'>,
  how: 'send' | 'drop',
  onChange: (held: readonly KeptPrompt[]) => void,
): Result<'session.resend'> {
  let held = session.memory.kept.heldPrompts ?? [];
  if (held.length === 0)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Session ${session.id} has no prompt that an earlier host did not send.`,
    );
  const answered = how === 'drop' ? held : held.filter(({ isWhole }) => isWhole);
  for (const prompt of answered) {
    if (how === 'send') session.prompt(prompt.text);
    held = held.filter((one) => one !== prompt);
    session.memory.change({ heldPrompts: held });
    onChange(held);
  }
  return { answered: answered.length, left: held.map(({ text }) => text) };
}
