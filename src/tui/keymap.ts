/**
 * What a key means, given what has the focus: the one place that the hint line, the help and the handlers ask. Knows no widget.
 */
import { bindings } from './keymap-table.ts';
import { hasUse, type Situation, whyNot } from './situation.ts';

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
  | 'help'
  | 'openItems'
  | 'rollback'
  | 'changes'
  | 'recording'
  | 'document'
  | 'news'
  | 'form'
  | 'editor'
  | 'palette'
  | 'search';

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
  | 'cancelTurn'
  | 'detach'
  | 'zoom'
  | 'nextPane'
  | 'previousPane'
  | 'focusUp'
  | 'focusDown'
  | 'focusLeft'
  | 'focusRight'
  | 'arrange'
  | 'goToCard'
  | 'help'
  | 'palette'
  | 'search'
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
  | 'pageUp'
  | 'toStart'
  | 'toEnd'
  | 'foldThoughts'
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
  | 'explain'
  | 'nextCard'
  | 'previousCard'
  | 'open'
  | 'verifyChain'
  | 'rollBack'
  | 'rollBackAll'
  | 'showChanges'
  | 'togglePlay'
  | 'seekForward'
  | 'seekBack'
  | 'faster'
  | 'slower'
  | 'testServer'
  | 'trustKey'
  | 'reloadServers'
  | 'probeAgent'
  | 'killSession'
  | 'renameSession'
  | 'acknowledge'
  | 'storeImage'
  | 'submit'
  | 'saveEdit'
  | 'complete'
  | 'nextField'
  | 'previousField'
  | 'nextChoice'
  | 'previousChoice'
  | 'toggleChoice'
  | 'restartHost';

export type Meaning =
  | { readonly kind: 'action'; readonly action: Action; readonly binding: Binding }
  /** The key is known here, but cannot do its work now. */
  | { readonly kind: 'disabled'; readonly binding: Binding; readonly reason: string }
  /** Nothing here, but the waiting card has this key. */
  | { readonly kind: 'of the card'; readonly binding: Binding }
  | { readonly kind: 'none' };

/** What the key does here and now. Scopes with a text field take only what their own table names; letters go to the text. */
export function toMeaning(key: KeyName, situation: Situation): Meaning {
  for (const scope of situation.scopes) {
    const binding = bindings.find((entry) => entry.scope === scope && entry.keys.includes(key));
    if (!binding) continue;
    const reason = whyNot(binding.action, situation);
    if (reason !== null) return { kind: 'disabled', binding, reason };
    return { kind: 'action', action: binding.action, binding };
  }
  const ofCard = toCardBinding(key, situation);
  return ofCard ? { kind: 'of the card', binding: ofCard } : { kind: 'none' };
}

/** An answer's key that was pressed beside its card. In a text field letters are text, so nothing is meant by them. */
function toCardBinding(key: KeyName, { scopes, waiting }: Situation): Binding | undefined {
  if (waiting === 0 || !scopes.includes('global')) return undefined;
  return bindings.find((entry) => entry.scope === 'card' && entry.rank > 0 && entry.keys.includes(key));
}

export interface Hint {
  readonly action: Action;
  readonly key: string;
  readonly label: string;
  /** Why the key does nothing now; null when it works. */
  readonly disabled: string | null;
  /** The first key of its place: the one people look for. */
  readonly isMain: boolean;
}

/** The keys that work here, the most useful first. A key that an inner scope took is not repeated for an outer one. */
export function toHints(situation: Situation, prefix: KeyName): readonly Hint[] {
  return [...toBindings(situation), ...toPrefixBindings(situation)]
    .filter((binding) => binding.rank > 0 && hasUse(binding.action, situation))
    .sort((a, b) => a.rank - b.rank)
    .map((binding) => ({
      action: binding.action,
      key: toKeyLabel(binding, prefix),
      label: binding.label,
      disabled: whyNot(binding.action, situation),
      isMain: binding.rank === 1,
    }));
}

/** What the prefix reaches and no key of its own does: in a text field that is all of it. */
function toPrefixBindings(situation: Situation): readonly Binding[] {
  if (!situation.scopes.includes('always') || situation.scopes.includes('prefix')) return [];
  const own = new Set(toBindings(situation).map((binding) => binding.action));
  return bindings.filter((binding) => binding.scope === 'prefix' && !own.has(binding.action));
}

/** Every binding that is reachable now, innermost scope first. */
export function toBindings(situation: Situation): readonly Binding[] {
  const taken = new Set<KeyName>();
  const reachable: Binding[] = [];
  for (const scope of situation.scopes) {
    for (const binding of bindings.filter((entry) => entry.scope === scope)) {
      if (binding.keys.every((key) => taken.has(key))) continue;
      reachable.push(binding);
    }
    for (const binding of bindings) if (binding.scope === scope) for (const key of binding.keys) taken.add(key);
  }
  return reachable;
}

const keyLabels: Readonly<Record<string, string>> = {
  space: 'Space',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
};

/** The first key of a binding as people write it; with the prefix in front where it needs one. */
export function toKeyLabel(binding: Binding, prefix: KeyName): string {
  const label = toKeyText(binding.keys[0] ?? '');
  return binding.scope === 'prefix' ? `${toKeyText(prefix)} ${label}` : label;
}

export function toKeyText(key: KeyName): string {
  const control = /^ctrl-(.)$/.exec(key);
  if (control?.[1]) return `^${control[1].toUpperCase()}`;
  const shifted = /^(alt|shift)-(.+)$/.exec(key);
  if (shifted?.[1] && shifted[2]) return `${shifted[1] === 'alt' ? 'Alt' : 'Shift'}-${toKeyText(shifted[2])}`;
  return keyLabels[key] ?? key;
}
