/** The bytes a terminal sends for a key: for a remote shell that a person types into. Knows xterm's usual encoding only. */
import { isNamed, type Key } from './key.ts';

export interface EncodeOptions {
  /** The program asked for application cursor keys (DECCKM). */
  readonly applicationCursor?: boolean;
}

const letterKeys: Readonly<Record<string, string>> = {
  up: 'A',
  down: 'B',
  right: 'C',
  left: 'D',
  begin: 'E',
  end: 'F',
  home: 'H',
  f1: 'P',
  f2: 'Q',
  f3: 'R',
  f4: 'S',
};

const numberKeys: Readonly<Record<string, number>> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
  f13: 25,
  f14: 26,
  f15: 28,
  menu: 29,
  f17: 31,
  f18: 32,
  f19: 33,
  f20: 34,
};

/** The C0 control of a key with ctrl; other keys have none and are sent without it, as xterm does. */
const controls: Readonly<Record<string, string>> = {
  space: '\x00',
  '@': '\x00',
  '[': '\x1b',
  '\\': '\x1c',
  ']': '\x1d',
  '^': '\x1e',
  _: '\x1f',
  '-': '\x1f',
  '/': '\x1f',
  '?': '\x7f',
  backspace: '\x08',
  // The digits that stand for controls without a key of their own, as on a VT220.
  '2': '\x00',
  '3': '\x1b',
  '4': '\x1c',
  '5': '\x1d',
  '6': '\x1e',
  '7': '\x1f',
  '8': '\x7f',
};

/** The bytes of a key; '' for keys that no terminal sends. */
export function encodeKey(key: Key, options: EncodeOptions = {}): string {
  const modifiers = 1 + (key.shift ? 1 : 0) + (key.alt ? 2 : 0) + (key.ctrl ? 4 : 0);
  const letter = Object.hasOwn(letterKeys, key.name) ? letterKeys[key.name] : undefined;
  if (letter !== undefined) {
    if (modifiers > 1) return `\x1b[1;${modifiers}${letter}`;
    return options.applicationCursor || key.name.startsWith('f') ? `\x1bO${letter}` : `\x1b[${letter}`;
  }
  const number = Object.hasOwn(numberKeys, key.name) ? numberKeys[key.name] : undefined;
  if (number !== undefined) return modifiers > 1 ? `\x1b[${number};${modifiers}~` : `\x1b[${number}~`;
  const plain = encodePlain(key);
  return plain !== '' && key.alt ? `\x1b${plain}` : plain;
}

/** The text of a paste as a program with or without bracketed paste expects it; line ends are what Enter sends. */
export function encodePaste(text: string, form: 'bracketed' | 'plain'): string {
  const clean = text.replace(/[^\P{Cc}\n\t]/gu, '').replaceAll('\n', '\r');
  return form === 'bracketed' ? `\x1b[200~${clean}\x1b[201~` : clean;
}

function encodePlain(key: Key): string {
  if (key.ctrl && Object.hasOwn(controls, key.name)) return controls[key.name] ?? '';
  switch (key.name) {
    case 'enter':
      return '\r';
    case 'tab':
      return key.shift ? '\x1b[Z' : '\t';
    case 'backspace':
      return '\x7f';
    case 'escape':
      return '\x1b';
    case 'space':
      return ' ';
    default:
  }
  if (isNamed(key.name)) return '';
  if (key.ctrl && /^[a-zA-Z]$/.test(key.name)) return String.fromCharCode(key.name.toLowerCase().charCodeAt(0) - 96);
  return key.name;
}
