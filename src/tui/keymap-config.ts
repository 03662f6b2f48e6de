/**
 * Reads what the operator changed about keys: `{"pane.zoom": ["z"]}`, each name a place and an action. What cannot be used leaves the usual keys
 * and is said in one sentence. Reads no file.
 */
import { graphemes } from '../base/display/width.ts';
import { nearest } from '../base/nearest.ts';
import { findKeyProblem, type KeyPlace } from './key-problem.ts';
import type { Action, Binding, KeyName, Scope } from './keymap.ts';
import { bindings } from './keymap-table.ts';

export interface ConfiguredKeys {
  readonly bindings: readonly Binding[];
  /** One sentence each; what it speaks of has its usual keys. */
  readonly problems: readonly string[];
  /** What works, but not everywhere where one may expect it. */
  readonly notes: readonly string[];
}

/** Without these, somebody could be kept in a place, or not find out how to leave it. */
const mustStay: readonly Action[] = ['detach', 'help', 'close', 'leaveEditor'];
/** A list as long as this is no longer about convenience. */
const keysMax = 8;

type Changes = ReadonlyMap<string, readonly KeyName[]>;

/** What `config.json` calls an action in a place. */
export function toKeyId({ scope, action }: Pick<Binding, 'scope' | 'action'>): string {
  return `${scope}.${action}`;
}

/**
 * The table with the changes. An entry replaces all keys of its action in its place; an empty list takes them away. Of two that want one
 * key in one place the later one is left out.
 * @param value what stands under "screen.keys"; anything that is no object changes nothing
 */
export function toConfiguredKeys(value: unknown, prefix: KeyName): ConfiguredKeys {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { bindings, problems: [], notes: [] };
  const problems: string[] = [];
  const changes = new Map<string, readonly KeyName[]>();
  for (const [name, wanted] of Object.entries(value)) {
    const keys = Array.isArray(wanted) ? wanted : [wanted];
    const problem = findNameProblem(name) ?? findKeysProblem(name, keys, prefix);
    if (problem === null) changes.set(name, [...new Set(keys as readonly KeyName[])]);
    else problems.push(problem);
  }
  for (;;) {
    const table = apply(changes);
    const conflict = findConflict(table, changes);
    if (conflict === null) return { bindings: table, problems, notes: toNotes(table, changes) };
    changes.delete(conflict.leftOut);
    problems.push(conflict.sentence);
  }
}

function apply(changes: Changes): readonly Binding[] {
  return bindings.map((binding) => {
    const keys = changes.get(toKeyId(binding));
    return keys === undefined ? binding : { ...binding, keys };
  });
}

function findNameProblem(name: string): string | null {
  if (bindings.some((binding) => toKeyId(binding) === name)) return null;
  const [place = '', action = ''] = name.split('.');
  const places = [...new Set(bindings.map(({ scope }) => scope))];
  if (!places.some((scope) => scope === place)) {
    const meant = nearest(place, places);
    const next = meant === null ? `places are ${places.join(', ')}` : `did you mean "${meant}"?`;
    return toSentence(name, `there is no place "${place}"; ${next}`);
  }
  const here = bindings.filter(({ scope }) => scope === place).map((binding) => binding.action as string);
  const holding = here.filter((one) => action.length > 2 && one.toLowerCase().includes(action.toLowerCase()));
  const meant = nearest(action, here) ?? (holding.length === 1 ? (holding[0] ?? null) : null);
  if (meant !== null) return toSentence(name, `there is no such action; did you mean "${place}.${meant}"?`);
  const elsewhere = bindings.filter((binding) => binding.action === action).map(toKeyId);
  if (elsewhere.length > 0) return toSentence(name, `that action is not there; it is ${elsewhere.join(', ')}`);
  return toSentence(name, `there is no such action; "${place}" has ${here.join(', ')}`);
}

function findKeysProblem(name: string, keys: readonly unknown[], prefix: KeyName): string | null {
  const [place, action] = name.split('.') as [Scope, Action];
  if (keys.length === 0 && mustStay.includes(action))
    return toSentence(name, 'this must have a key, or nobody finds the way out');
  if (keys.length > keysMax) return toSentence(name, `it has ${keys.length} keys; ${keysMax} are enough`);
  for (const key of keys) {
    if (typeof key !== 'string') return toSentence(name, 'a key is a text, such as "z" or "ctrl-k"');
    // After the prefix: the prefix once more, whatever key that is.
    if (place === 'prefix' && key === 'prefix') continue;
    const problem = key === prefix ? `"${key}" is the prefix` : findKeyProblem(key, toKeyPlace(place));
    if (problem !== null) return toSentence(name, problem);
  }
  return null;
}

/** A place whose usual keys are all named ones, or held with ctrl or alt, has a text field, or may lie above one. */
function toKeyPlace(place: Scope): KeyPlace {
  const keys = bindings.filter(({ scope }) => scope === place).flatMap((binding) => binding.keys);
  return keys.some((key) => graphemes(key).length === 1) ? 'keys' : 'text';
}

interface Conflict {
  readonly sentence: string;
  readonly leftOut: string;
}

function findConflict(table: readonly Binding[], changes: Changes): Conflict | null {
  const owners = new Map<string, string>();
  for (const binding of table) {
    for (const key of binding.keys) {
      const id = toKeyId(binding);
      const place = `${binding.scope} ${key}`;
      const other = owners.get(place);
      if (other === undefined) owners.set(place, id);
      else {
        const leftOut = toLater(changes, other, id);
        const sentence = `"${other}" and "${id}" cannot both be "${key}"; "${leftOut}" keeps its usual keys until one of them has another`;
        return { leftOut, sentence: toSentence(null, sentence) };
      }
    }
  }
  return null;
}

/** Of two of which one or both were changed, the change that came later in the file. */
function toLater(changes: Changes, one: string, other: string): string {
  const order = [...changes.keys()];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

/** A key of `global` that an inner place has, too, means there what it means there. */
function toNotes(table: readonly Binding[], changes: Changes): readonly string[] {
  const inner: readonly Scope[] = ['conversation', 'pane', 'card', 'audit', 'servers', 'agents', 'sessions'];
  return table
    .filter((binding) => binding.scope === 'global' && changes.has(toKeyId(binding)))
    .flatMap((binding) =>
      binding.keys.flatMap((key) => {
        const hidden = inner.filter((scope) =>
          table.some((other) => other.scope === scope && other.keys.includes(key)),
        );
        const where = hidden.join(', ');
        return hidden.length === 0 ? [] : [`"${key}" of "${toKeyId(binding)}" means something else in ${where}.`];
      }),
    );
}

function toSentence(name: string | null, problem: string): string {
  const end = /[.?]$/.test(problem) ? '' : '.';
  return `In "screen.keys"${name === null ? '' : ` "${name}" is not used`}: ${problem}${end}`;
}
