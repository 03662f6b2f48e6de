/**
 * The facts that decide whether a key does its work now, and the sentence that says why not. Pure; knows no key and no widget.
 */
import type { Action, Scope } from './keymap.ts';

export interface CardSituation {
  readonly kind: 'command' | 'write' | 'read' | 'local';
  readonly isEndShown: boolean;
  /** The first moments after it appeared: its keys were meant for something else. */
  readonly isDeaf: boolean;
  readonly isAnswering: boolean;
  readonly isProduction: boolean;
  readonly isGrantPossible: boolean;
  readonly isEditable: boolean;
  readonly isMarked: boolean;
  readonly hasDiff: boolean;
}

/** What the dialog on top consists of. */
export interface FormSituation {
  readonly fields: number;
  /** Places the focus can be: text fields and options. */
  readonly stops: number;
  readonly isAtOption: boolean;
}

export interface Situation {
  /** Innermost first. */
  readonly scopes: readonly Scope[];
  readonly waiting: number;
  readonly card: CardSituation | null;
  readonly markedCards: number;
  readonly hasSession: boolean;
  readonly isTurnRunning: boolean;
  /** Null when a prompt can be sent; else why not. */
  readonly promptProblem: string | null;
  readonly sessions: number;
  readonly panes: number;
  readonly openItems: number;
  readonly server: { readonly id: string; readonly hasUnknownKey: boolean; readonly isTesting: boolean } | null;
  readonly registeredServers: number;
  readonly isConnected: boolean;
  readonly hasSearch: boolean;
  /** Whether there is something behind this view to go back to. */
  readonly isClosable: boolean;
  /** The keys that leave the screen, as people write them. */
  readonly detachKeys: string;
  readonly form: FormSituation | null;
}

/** Whether the key has anything to do in this dialog; one that has not is still taken, so that it never becomes text. */
export function hasUse(action: Action, { form }: Situation): boolean {
  if (!form) return true;
  switch (action) {
    case 'nextField':
    case 'previousField':
      return form.fields > 1;
    case 'nextChoice':
    case 'previousChoice':
      return form.stops > 1;
    case 'toggleChoice':
      return form.isAtOption;
    default:
      return true;
  }
}

/** Null when the action can be done, else one short sentence for the hint line. */
export function whyNot(action: Action, facts: Situation): string | null {
  switch (action) {
    case 'approve':
    case 'deny':
    case 'denyWithReason':
    case 'edit':
    case 'approveForSession':
    case 'mark':
    case 'approveMarked':
    case 'makeRule':
    case 'explain':
      return whyNotCard(action, facts);
    case 'close':
      if (facts.isClosable || !facts.scopes.includes('global')) return null;
      return `this is the last view; ${facts.detachKeys} leaves the screen`;
    case 'toggleDiff':
      return facts.scopes.includes('card') && !facts.card?.hasDiff ? 'it changes no text file' : null;
    case 'goToCard':
      if (facts.scopes.includes('card')) return 'you are there';
      return facts.waiting === 0 ? 'nothing waits' : null;
    case 'nextPane':
    case 'previousPane':
    case 'arrange':
      return facts.panes === 0 ? 'no server pane is open' : null;
    case 'send':
      return facts.promptProblem;
    case 'nextCard':
    case 'previousCard':
      return facts.waiting < 2 ? 'no other card waits' : null;
    case 'nextSession':
    case 'previousSession':
      return facts.sessions < 2 ? 'there is no other session' : null;
    case 'restartHost':
      return facts.isConnected ? 'the host is there' : null;
    case 'openItems':
      return facts.openItems === 0 ? 'nothing is open' : null;
    case 'newSession':
      return facts.registeredServers === 0 ? 'register a server first' : disconnected(facts);
    case 'trustKey':
      return facts.server?.hasUnknownKey ? disconnected(facts) : 'its host key is not in question';
    case 'testServer':
      if (!facts.server) return 'no server is selected';
      return facts.server.isTesting ? 'a test runs' : disconnected(facts);
    case 'killSession':
    case 'renameSession':
      return facts.hasSession ? disconnected(facts) : 'no session is selected';
    case 'searchNext':
    case 'searchPrevious':
      return facts.hasSearch ? null : 'search first, with /';
    case 'showChanges':
      return facts.hasSession ? disconnected(facts) : 'no session is selected';
    case 'rollBack':
    case 'rollBackAll':
    case 'verifyChain':
    case 'reloadServers':
    case 'probeAgent':
    case 'acknowledge':
    case 'storeImage':
    case 'saveEdit':
      return disconnected(facts);
    default:
      return null;
  }
}

type CardAction =
  | 'approve'
  | 'deny'
  | 'denyWithReason'
  | 'edit'
  | 'approveForSession'
  | 'mark'
  | 'approveMarked'
  | 'makeRule'
  | 'explain';

function whyNotCard(action: CardAction, facts: Situation): string | null {
  const { card } = facts;
  if (!card) return 'nothing waits';
  if (card.isDeaf) return 'the card has just appeared';
  if (card.isAnswering) return 'the answer is on its way';
  if (action === 'explain') return null;
  if (!facts.isConnected) return 'not connected to the host';
  if (action === 'deny') return null;
  if (card.kind === 'local' && action !== 'approve') return 'a local tool can only be allowed or denied';
  switch (action) {
    case 'denyWithReason':
      return null;
    case 'approve':
      return card.isEndShown ? null : 'scroll to the end first';
    case 'edit':
      return card.isEditable ? null : 'only commands and file contents can be edited';
    case 'approveForSession':
      if (card.isProduction) return 'never on production';
      if (card.kind !== 'command') return 'only for commands';
      if (!card.isGrantPossible) return 'not for this request';
      return card.isEndShown ? null : 'scroll to the end first';
    case 'mark':
      if (card.isMarked) return null;
      if (card.isProduction) return 'production is approved one by one';
      return card.isEndShown ? null : 'scroll to the end first';
    case 'makeRule':
      return card.kind === 'command' ? null : 'only commands get a rule';
    case 'approveMarked':
      return facts.markedCards === 0 ? 'no card is marked' : null;
  }
}

function disconnected(facts: Situation): string | null {
  return facts.isConnected ? null : 'not connected to the host';
}
