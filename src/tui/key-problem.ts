/** Says why a text is no key that could be given to an action. Knows the names of keys and what terminals can tell apart; no table. */
import { graphemes } from '../base/display/width.ts';
import { nearest } from '../base/nearest.ts';
import { type Key, keyId, makeKey } from './input/key.ts';
import type { KeyName } from './keymap.ts';

const words: readonly string[] = [
  ...['escape', 'enter', 'tab', 'backspace', 'delete', 'insert', 'space', 'up', 'down', 'left', 'right', 'home', 'end'],
  ...['pageup', 'pagedown', 'menu', 'pause', 'printscreen'],
  ...Array.from({ length: 20 }, (_, index) => `f${index + 1}`),
];

const otherNames: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  cr: 'enter',
  pgup: 'pageup',
  pgdn: 'pagedown',
  pgdown: 'pagedown',
  del: 'delete',
  ins: 'insert',
  bs: 'backspace',
};

/** What terminals send for these is the same byte (ECMA-48 controls). */
const sameByte: Readonly<Record<string, string>> = { 'ctrl-i': 'tab', 'ctrl-m': 'enter', 'ctrl-[': 'escape' };

/** Where letters are text, a key that types something cannot do something else, too. */
export type KeyPlace = 'text' | 'keys';

/** Half a sentence without its full stop, or null when the key can be given to an action in that place. */
export function findKeyProblem(key: KeyName, place: KeyPlace): string | null {
  if (key === '') return 'an empty text is no key; an empty list takes the keys away';
  const read = readKey(key);
  const { name, ctrl, alt, shift } = read;
  const quoted = JSON.stringify(key);
  const canonical = keyId(read);
  const same = sameByte[canonical];
  if (same !== undefined) return `terminals cannot tell "${canonical}" from "${same}"; write "${same}" if you mean it`;
  const isWord = words.includes(name);
  if (!isWord && !isCharacter(name)) {
    const meant = otherNames[name.toLowerCase()] ?? nearest(name.toLowerCase(), words);
    if (meant === null) return `there is no key ${quoted}; write a character, a name such as "pageup", or "ctrl-k"`;
    return `there is no key ${quoted}; did you mean "${keyId({ ...read, name: meant })}"?`;
  }
  if (!isWord && shift && !ctrl) return `${quoted} is written "${name.toUpperCase()}"`;
  if (canonical !== key) return `${quoted} is written "${canonical}"`;
  if (place === 'text' && !ctrl && !alt && (!isWord || name === 'space'))
    return `${quoted} is text there; take a named key, or one with "ctrl-" or "alt-"`;
  return null;
}

/** With modifiers in any order and case, as people write them. */
function readKey(key: KeyName): Key {
  let rest = key;
  const held = { ctrl: false, alt: false, shift: false };
  for (;;) {
    const [, modifier, after] = /^(ctrl|alt|shift)-(.+)$/is.exec(rest) ?? [];
    if (modifier === undefined || after === undefined) break;
    held[modifier.toLowerCase() as keyof typeof held] = true;
    rest = after;
  }
  return makeKey(toName(rest, held.ctrl), held);
}

/** Names are lower case, and with ctrl a keyboard knows no case. */
function toName(name: string, ctrl: boolean): string {
  const lower = name.toLowerCase();
  return ctrl || words.includes(lower) ? lower : name;
}

function isCharacter(name: string): boolean {
  return graphemes(name).length === 1 && !/[\p{Cc}\p{Z}]/u.test(name);
}
