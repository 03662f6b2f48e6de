/** Single characters as keys: what the C0 controls mean on a keyboard. Knows no escape sequences. */
import { type Key, makeKey } from './key.ts';

const named: Readonly<Record<number, string>> = { 9: 'tab', 13: 'enter', 27: 'escape', 32: 'space', 127: 'backspace' };

/** The key for one character (or grapheme) as a terminal sends it; null for characters no key makes. */
export function keyFromCharacter(character: string, held: { alt?: boolean } = {}): Key | null {
  const code = character.codePointAt(0) ?? 0;
  const name = named[code];
  if (name !== undefined) return makeKey(name, held);
  if (code === 0) return makeKey('space', { ...held, ctrl: true });
  if (code < 27) return makeKey(String.fromCharCode(code + 96), { ...held, ctrl: true });
  if (code < 32) return makeKey(String.fromCharCode(code + 64), { ...held, ctrl: true });
  if (code < 0xa0 && code > 0x7e) return null;
  return makeKey(character, held);
}
