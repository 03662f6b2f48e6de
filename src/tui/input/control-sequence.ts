/**
 * What a complete CSI or SS3 sequence from the terminal means: xterm's keys, the kitty keyboard protocol, modifyOtherKeys, SGR mouse, focus.
 * Knows nothing of chunks and timers.
 */
import { type InputEvent, isNamed, type Key, type Mouse, makeKey } from './key.ts';

const byFinal: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

const byNumber: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
  25: 'f13',
  26: 'f14',
  28: 'f15',
  29: 'menu',
  31: 'f17',
  32: 'f18',
  33: 'f19',
  34: 'f20',
};

/** Keypad and function keys in the private-use area, as the kitty keyboard protocol numbers them. */
const kittyKeypad = '0123456789./*-+';
const kittyNavigation = [
  'left',
  'right',
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'insert',
  'delete',
  'begin',
];

/**
 * Meaning of `ESC [ parameters intermediates final`; null when it means nothing to us. `paste` is the start marker.
 * @param body everything between `[` and the final character
 */
export function readControlSequence(body: string, final: string): InputEvent | 'paste' | null {
  const mouse = /^<(\d+);(\d+);(\d+)$/.exec(body);
  if (mouse && (final === 'M' || final === 'm')) return readMouse(mouse.slice(1).map(Number), final);
  if (/^[?>=<]/.test(body) || /[ -/]/.test(body)) return reply(body, final);
  const parameters = body.split(';').map((part) => part.split(':').map(Number));
  const number = parameters[0]?.[0] ?? 0;
  const modifiers = parameters[1]?.[0] || 1;
  // Event type 3 of the kitty protocol: the key went up.
  if (parameters[1]?.[1] === 3) return null;
  if (body === '' && (final === 'I' || final === 'O')) return { kind: 'focus', focused: final === 'I' };
  if (final === 'Z') return key('tab', 2);
  if (final === '~') {
    if (number === 200) return 'paste';
    if (number === 27) return keyFromCode(parameters[2]?.[0] ?? 0, modifiers);
    return key(byNumber[number], modifiers);
  }
  if (final === 'u') return keyFromCode(number, modifiers, parameters[0]?.[1]);
  // rxvt: `^` is ctrl, `@` ctrl and shift.
  if (final === '^' || final === '@') return key(byNumber[number], final === '^' ? 5 : 6);
  if (/^[a-d]$/.test(final)) return key(byFinal[final.toUpperCase()], 2);
  // A cursor report has the form of a modified F3; keys have 1 as their first number.
  if (final === 'R' && body !== '' && number !== 1) return reply(body, final);
  if (/^[nctyx]$/.test(final)) return reply(body, final);
  return key(byFinal[final], modifiers);
}

/** Meaning of `ESC O x`: keys in application mode, and the keypad of old terminals. */
export function readSingleShift(final: string): InputEvent | null {
  if (final === 'M') return key('enter', 1);
  if (/^[j-y]$/.test(final)) return key(String.fromCharCode(final.charCodeAt(0) - 64), 1);
  if (/^[a-d]$/.test(final)) return key(byFinal[final.toUpperCase()], 5);
  return key(byFinal[final], 1);
}

function reply(body: string, final: string): InputEvent {
  return { kind: 'reply', text: `\x1b[${body}${final}` };
}

function key(name: string | undefined, modifiers: number): InputEvent | null {
  const made = name === undefined ? null : keyWith(name, modifiers);
  return made === null ? null : { kind: 'key', key: made };
}

/** Modifiers are xterm's: 1 plus 1 shift, 2 alt, 4 ctrl, 8 super, 16 hyper, 32 meta. */
function keyWith(name: string, modifiers: number): Key | null {
  const bits = Math.max(0, modifiers - 1);
  // Super and hyper belong to the desktop; typing the bare letter instead would be wrong.
  if (bits & (8 | 16)) return null;
  const held = { shift: (bits & 1) !== 0, alt: (bits & (2 | 32)) !== 0, ctrl: (bits & 4) !== 0 };
  if (isNamed(name)) return makeKey(name, held);
  // A printable key: shift is in the character, except with ctrl, where keyboards know no case.
  if (held.ctrl) return makeKey(name.toLowerCase(), held);
  return makeKey(held.shift ? name.toUpperCase() : name, { alt: held.alt });
}

function keyFromCode(code: number, modifiers: number, shifted?: number): InputEvent | null {
  const special: Readonly<Record<number, string>> = {
    8: 'backspace',
    9: 'tab',
    13: 'enter',
    27: 'escape',
    32: 'space',
    127: 'backspace',
  };
  if (special[code] !== undefined) return key(special[code], modifiers);
  if (code >= 57344 && code <= 63743) return key(kittyFunctionKey(code), modifiers);
  if (!Number.isInteger(code) || code < 32 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
  if (code >= 0x80 && code < 0xa0) return null;
  const isShifted = shifted && shifted > 32 && shifted <= 0x10ffff && (modifiers - 1) & 1 && !((modifiers - 1) & 4);
  return key(String.fromCodePoint(isShifted ? shifted : code), modifiers);
}

function kittyFunctionKey(code: number): string | undefined {
  if (code === 57361) return 'printscreen';
  if (code === 57362) return 'pause';
  if (code === 57363) return 'menu';
  if (code >= 57376 && code <= 57383) return `f${code - 57376 + 13}`;
  if (code >= 57399 && code <= 57413) return kittyKeypad[code - 57399];
  if (code === 57414) return 'enter';
  if (code === 57415) return '=';
  return kittyNavigation[code - 57417];
}

function readMouse(numbers: number[], final: string): InputEvent | null {
  const [code = 0, column = 1, row = 1] = numbers;
  const kind = mouseKind(code, final);
  if (kind === null || column < 1 || row < 1) return null;
  const buttons = ['left', 'middle', 'right', 'none'] as const;
  const mouse: Mouse = {
    kind,
    button: code & 64 ? 'none' : (buttons[code & 3] ?? 'none'),
    x: column - 1,
    y: row - 1,
    shift: (code & 4) !== 0,
    alt: (code & 8) !== 0,
    ctrl: (code & 16) !== 0,
  };
  return { kind: 'mouse', mouse };
}

function mouseKind(code: number, final: string): Mouse['kind'] | null {
  if (code & 128) return null;
  if (code & 64) return (code & 3) === 0 ? 'wheel-up' : (code & 3) === 1 ? 'wheel-down' : null;
  if (final === 'm') return 'release';
  if (code & 32) return (code & 3) === 3 ? 'move' : 'drag';
  return 'press';
}
