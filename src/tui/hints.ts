/**
 * The keys that the hint line names, here and now, the most useful first. Pure; draws nothing.
 */
import { toKeyLabel } from './key-text.ts';
import { type Action, type Binding, type KeyName, toBindings } from './keymap.ts';
import { keysInForce } from './keys-in-force.ts';
import { hasUse, type Situation, whyNot } from './situation.ts';

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
    .filter((binding) => binding.rank > 0 && binding.keys.length > 0 && hasUse(binding.action, situation))
    .sort((a, b) => a.rank - b.rank)
    .map((binding) => ({
      action: binding.action,
      key: toKeyLabel(binding, prefix),
      label: toLabel(binding, situation),
      disabled: whyNot(binding.action, situation),
      isMain: binding.rank === 1,
    }));
}

/** What a key will ask for is said before it is pressed. */
function toLabel({ action, label }: Binding, { card }: Situation): string {
  return action === 'approve' && card?.isProduction ? `${label}, typing the id` : label;
}

/** What the prefix reaches and no key of its own does: in a text field that is all of it. */
function toPrefixBindings(situation: Situation): readonly Binding[] {
  const isBase = situation.scopes.includes('always') || situation.scopes.includes('shell');
  if (!isBase || situation.scopes.includes('prefix')) return [];
  const own = new Set(toBindings(situation).map((binding) => binding.action));
  return keysInForce().filter((binding) => binding.scope === 'prefix' && !own.has(binding.action));
}
