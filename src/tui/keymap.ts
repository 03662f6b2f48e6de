/**
 * What a key means, given what has the focus: the one place that the hint line, the help and the handlers ask. Knows no widget.
 */
import type { ItemAction } from './item-action.ts';
import type { CopyAction, CopyScope } from './keymap-copy.ts';
import { keysInForce } from './keys-in-force.ts';
import { type Situation, whyNot } from './situation.ts';
import type { DurableAction } from './situation-durable.ts';
import type { ShellAction, ShellScope } from './situation-shell.ts';

export { type Hint, toHints } from './hints.ts';
export { toKeyLabel, toKeyText } from './key-text.ts';

/** Where a binding applies; the innermost scope that knows a key wins. */
export type Scope =
  | 'always'
  | 'global'
  | 'prefix'
  | 'prompt'
  | 'conversation'
  | 'pane'
  | 'card'
  | 'audit'
  | 'auditDetail'
  | 'servers'
  | 'agents'
  | 'sessions'
  | 'firstRun'
  | ShellScope
  | 'help'
  | 'openItems'
  | 'durables'
  | 'rollback'
  | 'changes'
  | 'fileHistory'
  | 'recording'
  | 'document'
  | 'news'
  | 'opening'
  | 'form'
  | 'formCard'
  | 'picker'
  | 'queue'
  | 'agentForm'
  | 'editor'
  | 'palette'
  | 'history'
  | 'call'
  | 'attach'
  | 'export'
  | 'search'
  | 'filter'
  | 'auditSearch'
  | CopyScope;

/** A key as the decoder names it: modifiers in the order ctrl, alt, shift, then the name; a printable one stands for itself. */
export type KeyName = string;

export interface Binding {
  readonly scope: Scope;
  readonly keys: readonly KeyName[];
  readonly action: Action;
  /** One to three words for the hint line. */
  readonly label: string;
  /** One sentence for the help. */
  readonly help: string;
  /** Place in the hint line, smaller first; 0 leaves it to the help. */
  readonly rank: number;
}

export type Action =
  | CopyAction
  | 'cancelTurn'
  | 'suspend'
  | 'detach'
  | 'zoom'
  | 'nextPane'
  | 'previousPane'
  | 'focusUp'
  | 'focusDown'
  | 'focusLeft'
  | 'focusRight'
  | 'arrange'
  | 'evenBorders'
  | 'borderUp'
  | 'borderDown'
  | 'borderLeft'
  | 'borderRight'
  | 'borderFarUp'
  | 'borderFarDown'
  | 'borderFarLeft'
  | 'borderFarRight'
  | 'swapPrevious'
  | 'swapNext'
  | 'splitBeside'
  | 'splitBelow'
  | 'hidePane'
  | 'showPanes'
  | 'pinPane'
  | 'allServers'
  | 'goToCard'
  | 'help'
  | 'palette'
  | 'search'
  | 'showAllRows'
  | 'focusNext'
  | 'focusPrevious'
  | 'viewWorkspace'
  | 'viewApprovals'
  | 'viewAudit'
  | 'viewServers'
  | 'viewAgents'
  | 'viewSessions'
  | 'editPrompt'
  | 'leaveEditor'
  | 'send'
  | 'newLine'
  | 'close'
  | 'openItems'
  | 'newSession'
  | 'nextSession'
  | 'previousSession'
  | 'scrollDown'
  | 'scrollUp'
  | 'pageDown'
  | 'detailsDown'
  | 'detailsUp'
  | 'pageUp'
  | 'toStart'
  | 'toEnd'
  | 'foldThoughts'
  | ItemAction
  | 'exportConversation'
  | 'previousBlock'
  | 'nextBlock'
  | 'toggleFold'
  | 'toggleAllFolds'
  | 'toggleWrap'
  | 'toggleTimes'
  | 'filterLines'
  | 'moveLeft'
  | 'moveRight'
  | 'copyCommand'
  | 'copyOutput'
  | 'showBlockRecord'
  | 'playBlock'
  | 'runAgain'
  | 'stopCommand'
  | 'searchNext'
  | 'searchPrevious'
  | 'approve'
  | 'deny'
  | 'denyWithReason'
  | 'edit'
  | 'approveForSession'
  | 'mark'
  | 'approveMarked'
  | 'makeRule'
  | 'toggleDiff'
  | 'toggleBeside'
  | 'nextHunk'
  | 'previousHunk'
  | 'explain'
  | 'nextCard'
  | 'previousCard'
  | 'open'
  | 'verifyChain'
  | 'fileHistory'
  | 'playRecord'
  | 'playRecord'
  | 'earlier'
  | 'later'
  | 'allTimes'
  | 'rollBack'
  | 'rollBackAll'
  | 'showChanges'
  | 'togglePlay'
  | 'seekForward'
  | 'seekBack'
  | 'faster'
  | 'slower'
  | 'testServer'
  | 'testServers'
  | 'retryConnection'
  | 'trustKey'
  | 'reloadServers'
  | 'addServer'
  | 'editServer'
  | 'removeServer'
  | 'importServers'
  | 'serverFacts'
  | 'probeAgent'
  | 'killSession'
  | 'renameSession'
  | 'acknowledge'
  | DurableAction
  | 'storeImage'
  | 'submit'
  | 'saveEdit'
  | 'complete'
  | 'nextField'
  | 'previousField'
  | 'nextChoice'
  | 'previousChoice'
  | 'toggleAll'
  | 'toggleChoice'
  | 'chooseMode'
  | 'chooseOption'
  | 'switchAgent'
  | 'startAgent'
  | 'confirmServers'
  | 'showQueue'
  | 'editLast'
  | 'takeBack'
  | 'deletePrompt'
  | 'showWaiting'
  | 'loginAgent'
  | 'installAgent'
  | 'toggleAgent'
  | 'removeAgent'
  | 'addAgent'
  | 'attach'
  | 'removeAttachment'
  | 'completePrompt'
  | 'searchHistory'
  | 'editOutside'
  | 'unfoldPaste'
  | 'undo'
  | 'cancelCall'
  | 'fillIn'
  | 'declineForm'
  | 'cancelForm'
  | 'copyLink'
  | ShellAction
  | 'restartHost';

export type Meaning =
  | { readonly kind: 'action'; readonly action: Action; readonly binding: Binding }
  /** The key is known here, but cannot do its work now. */
  | { readonly kind: 'disabled'; readonly binding: Binding; readonly reason: string }
  /** Nothing here, but the waiting card has this key. */
  | { readonly kind: 'of the card'; readonly binding: Binding }
  | { readonly kind: 'none' };

/**
 * What the key does here and now. Scopes with a text field take only what their own table names; letters go to the text. A key that the
 * innermost scope cannot use now is not another scope's; Esc is, which goes back from whatever there is to go back from.
 */
export function toMeaning(key: KeyName, situation: Situation): Meaning {
  let disabled: Meaning | null = null;
  for (const scope of situation.scopes) {
    const binding = keysInForce().find((entry) => entry.scope === scope && entry.keys.includes(key));
    if (!binding) continue;
    const reason = whyNot(binding.action, situation);
    if (reason === null) return { kind: 'action', action: binding.action, binding };
    disabled ??= { kind: 'disabled', binding, reason };
    if (key !== 'escape') break;
  }
  if (disabled !== null) return disabled;
  const ofCard = toCardBinding(key, situation);
  return ofCard ? { kind: 'of the card', binding: ofCard } : { kind: 'none' };
}

/** An answer's key that was pressed beside its card. In a text field letters are text, so nothing is meant by them. */
function toCardBinding(key: KeyName, { scopes, waiting, card }: Situation): Binding | undefined {
  if (waiting === 0 || !scopes.includes('global')) return undefined;
  const scope = card?.kind === 'form' || card?.kind === 'login' ? 'formCard' : 'card';
  return keysInForce().find((entry) => entry.scope === scope && entry.rank > 0 && entry.keys.includes(key));
}

/** Every binding that is reachable now, innermost scope first. */
export function toBindings(situation: Situation): readonly Binding[] {
  const taken = new Set<KeyName>();
  const reachable: Binding[] = [];
  for (const scope of situation.scopes) {
    for (const binding of keysInForce().filter((entry) => entry.scope === scope)) {
      if (binding.keys.every((key) => taken.has(key))) continue;
      reachable.push(binding);
    }
    for (const binding of keysInForce()) if (binding.scope === scope) for (const key of binding.keys) taken.add(key);
  }
  return reachable;
}

/** What the hint line would tell first comes first; keys that only move, which everybody knows, come last. */
export function toByUse(bindings: readonly Binding[]): readonly Binding[] {
  return [...bindings].sort((a, b) => (a.rank || Number.MAX_VALUE) - (b.rank || Number.MAX_VALUE));
}
