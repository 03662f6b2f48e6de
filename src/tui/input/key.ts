/** What a person did at the terminal: keys, pastes, mouse and focus. Knows no byte sequences; the decoder makes these. */

export interface Key {
  /**
   * The character itself for a printable key (`a`, `A`, `é`, `?`), otherwise one of: escape, enter, tab, backspace, delete, insert, space, up, down,
   * left, right, home, end, pageup, pagedown, f1 … f20, menu, pause, printscreen, keypad keys by what they type.
   */
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** Set for named keys only: a shifted letter is its upper-case name. With ctrl (kitty protocol) it is set for letters, too. */
  readonly shift: boolean;
  /** What the key types into a text field; empty for keys that type nothing, and whenever ctrl or alt is held. */
  readonly text: string;
}

export interface Mouse {
  readonly kind: 'press' | 'release' | 'drag' | 'move' | 'wheel-up' | 'wheel-down';
  readonly button: 'left' | 'middle' | 'right' | 'none';
  /** Column and row of the cell, from 0 at the top left. */
  readonly x: number;
  readonly y: number;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export type InputEvent =
  | { readonly kind: 'key'; readonly key: Key }
  /** Pasted text: line ends are `\n`, other control characters are gone. A long paste arrives in several pieces. */
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'mouse'; readonly mouse: Mouse }
  | { readonly kind: 'focus'; readonly focused: boolean }
  /** An answer of the terminal to a question; never a key. */
  | { readonly kind: 'reply'; readonly text: string };

/** The canonical form that key maps use: `ctrl-b`, `alt-enter`, `shift-tab`, `a`, `A`, `pageup`, `space`; order is ctrl-alt-shift. */
export function keyId(key: Key): string {
  return `${key.ctrl ? 'ctrl-' : ''}${key.alt ? 'alt-' : ''}${key.shift ? 'shift-' : ''}${key.name}`;
}

/** Reads the canonical form back, for key maps and tests; `ctrl--` is the minus key with ctrl. */
export function keyFromId(id: string): Key {
  let rest = id;
  const held = { ctrl: false, alt: false, shift: false };
  for (const modifier of ['ctrl', 'alt', 'shift'] as const) {
    if (rest.startsWith(`${modifier}-`) && rest.length > modifier.length + 1) {
      held[modifier] = true;
      rest = rest.slice(modifier.length + 1);
    }
  }
  return makeKey(rest, held);
}

/** Makes a key; its text follows from its name and what is held. */
export function makeKey(name: string, held: { ctrl?: boolean; alt?: boolean; shift?: boolean } = {}): Key {
  const { ctrl = false, alt = false, shift = false } = held;
  const typed = name === 'space' ? ' ' : isNamed(name) ? '' : name;
  return { name, ctrl, alt, shift, text: ctrl || alt ? '' : typed };
}

/** Named keys are words in lower-case ASCII; a printable key is one character (one grapheme). */
export function isNamed(name: string): boolean {
  return /^[a-z][a-z0-9]+$/.test(name);
}
