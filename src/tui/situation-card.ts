/**
 * What can be done with the card that is shown, and why not. Pure.
 */
import { keyWord } from './key-words.ts';

export interface CardSituation {
  readonly kind: 'command' | 'write' | 'read' | 'local' | 'form' | 'login';
  readonly isEndShown: boolean;
  /** What of it is on the screen. */
  readonly shows: 'card' | 'diff';
  /** The first moments after it appeared: its keys were meant for something else. */
  readonly isDeaf: boolean;
  readonly isAnswering: boolean;
  readonly isProduction: boolean;
  readonly isGrantPossible: boolean;
  readonly isEditable: boolean;
  readonly isMarked: boolean;
  readonly hasDiff: boolean;
  /** Something can be typed into it, or a page opened. */
  readonly hasFields: boolean;
  /** A page to open stands in it. */
  readonly hasLink: boolean;
}

export type CardAction =
  | 'approve'
  | 'deny'
  | 'denyWithReason'
  | 'edit'
  | 'approveForSession'
  | 'mark'
  | 'approveMarked'
  | 'makeRule'
  | 'explain';

/** @param whyNoHost null when the host is there, else the sentence that it is not. */
export function whyNotCard(
  action: CardAction,
  { card, markedCards }: { readonly card: CardSituation | null; readonly markedCards: number },
  whyNoHost: string | null,
): string | null {
  if (!card) return 'nothing waits';
  if (card.isDeaf) return 'the card has just appeared';
  if (card.isAnswering) return 'the answer is on its way';
  if (action === 'explain') return null;
  if (whyNoHost !== null) return whyNoHost;
  if (action === 'deny') return null;
  if (card.kind === 'local' && action !== 'approve') return 'a local tool can only be allowed or denied';
  switch (action) {
    case 'denyWithReason':
      return null;
    case 'approve':
      return whyNotRead(card);
    case 'edit':
      return card.isEditable ? null : 'only commands and file contents can be edited';
    case 'approveForSession':
      if (card.isProduction) return 'never on production';
      if (card.kind !== 'command') return 'only for commands';
      if (!card.isGrantPossible) return 'only for one exact command of an agent that is not known to change files';
      return whyNotRead(card);
    case 'mark':
      if (card.isMarked) return null;
      if (card.isProduction) return 'production is approved one by one';
      return whyNotRead(card);
    case 'makeRule':
      return card.kind === 'command' ? null : 'only commands get a rule';
    case 'approveMarked':
      return markedCards === 0 ? 'no card is marked' : null;
  }
}

/** What was approved is what was seen: the diff alone leaves out who asks and why it was stopped. */
function whyNotRead(card: CardSituation): string | null {
  if (card.isEndShown) return null;
  if (card.shows === 'diff') return `first the whole card, with ${keyWord('card', 'toggleDiff')}`;
  return `scroll to the end first, with ${keyWord('card', 'pageDown')}`;
}

export function whyNotForm(
  action: 'fillIn' | 'declineForm' | 'cancelForm' | 'copyLink',
  card: CardSituation | null,
  whyNoHost: string | null,
): string | null {
  if (!card) return 'nothing waits';
  if (card.isDeaf) return 'the question has just appeared';
  if (card.isAnswering) return 'the answer is on its way';
  const isLogin = card.kind === 'login';
  switch (action) {
    case 'fillIn':
      return card.hasFields ? whyNoHost : 'there is nothing to type';
    case 'declineForm':
      return isLogin && !card.hasFields ? 'it ends by itself' : whyNoHost;
    case 'cancelForm':
      return isLogin ? `a login is declined, with ${keyWord('formCard', 'declineForm')}` : whyNoHost;
    case 'copyLink':
      return card.hasLink ? null : 'it names no page';
  }
}
