/**
 * The table of keys as this screen uses it: the usual one, or with what the operator changed. A process has one screen and one keyboard,
 * so there is one table; it is set before the first frame. Knows neither files nor what keys do.
 */
import type { Action, Binding, KeyName, Scope } from './keymap.ts';
import { bindings } from './keymap-table.ts';

let inForce: readonly Binding[] = bindings;

export function keysInForce(): readonly Binding[] {
  return inForce;
}

/** Without a table the usual one is in force again. */
export function setKeysInForce(table: readonly Binding[] = bindings): void {
  inForce = table;
}

/** Whether this key does it there. */
export function hasKey(scope: Scope, action: Action, key: KeyName): boolean {
  return inForce.some((binding) => binding.scope === scope && binding.action === action && binding.keys.includes(key));
}

/** The first key of an action in one place, for sentences that name it; null when it has none there. */
export function keyOf(scope: Scope, action: Action): KeyName | null {
  return inForce.find((binding) => binding.scope === scope && binding.action === action)?.keys[0] ?? null;
}
