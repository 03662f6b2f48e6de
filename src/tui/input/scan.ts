/** Finds where the escape sequence at the front of a text ends (ECMA-48 5.4, xterm). Gives no meaning to it. */

export type Scan =
  | { readonly kind: 'incomplete' }
  /** A control string longer than anything a terminal answers. */
  | { readonly kind: 'endless' }
  | { readonly kind: 'escape' | 'alt' | 'string' | 'dropped'; readonly length: number }
  | {
      readonly kind: 'control';
      readonly length: number;
      readonly body: string;
      readonly final: string;
      readonly alt: boolean;
    }
  | { readonly kind: 'single-shift'; readonly length: number; readonly final: string; readonly alt: boolean };

/** Far more parameters than any key has. */
const controlCharactersMax = 1_024;
/** The longest answers (a clipboard, a termcap string) are dropped anyway; past this they are not even kept. */
const stringCharactersMax = 16 * 1024;

/** @param text begins with ESC */
export function scanSequence(text: string): Scan {
  const second = text[1];
  if (second === undefined) return { kind: 'incomplete' };
  if (second === '\x1b') {
    const third = text[2];
    if (third === undefined) return { kind: 'incomplete' };
    if (third !== '[' && third !== 'O') return { kind: 'escape', length: 1 };
    const inner = scanSequence(text.slice(1));
    if (inner.kind === 'control' || inner.kind === 'single-shift')
      return { ...inner, length: inner.length + 1, alt: true };
    return inner.kind === 'dropped' ? { ...inner, length: inner.length + 1 } : inner;
  }
  if (second === '[') return scanControl(text);
  if (second === 'O') return scanSingleShift(text);
  if (']P_^X'.includes(second)) return scanString(text);
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
  return { kind: 'alt', length: 1 + character.length };
}

function scanControl(text: string): Scan {
  // The Linux console's F1 to F5, and the mouse reports of old terminals, break the standard's form.
  if (text[2] === '[') return text.length < 4 ? { kind: 'incomplete' } : { kind: 'dropped', length: 4 };
  if (text[2] === 'M') return text.length < 6 ? { kind: 'incomplete' } : { kind: 'dropped', length: 6 };
  for (let at = 2; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x40 && code <= 0x7e && at > controlCharactersMax) return { kind: 'dropped', length: at + 1 };
    if (code >= 0x40 && code <= 0x7e)
      return { kind: 'control', length: at + 1, body: text.slice(2, at), final: text.charAt(at), alt: false };
    // Something else began in the middle: what was read so far means nothing.
    if (code < 0x20 || code > 0x7e) return { kind: 'dropped', length: at };
  }
  return text.length > stringCharactersMax ? { kind: 'dropped', length: text.length } : { kind: 'incomplete' };
}

function scanSingleShift(text: string): Scan {
  // Some terminals put a modifier digit between.
  const found = /^\x1bO\d?([^\d])/.exec(text);
  if (!found) return text.length > 3 ? { kind: 'dropped', length: 3 } : { kind: 'incomplete' };
  const final = found[1] ?? '';
  if (!/[ -~]/.test(final)) return { kind: 'dropped', length: found[0].length - final.length };
  return { kind: 'single-shift', length: found[0].length, final, alt: false };
}

function scanString(text: string): Scan {
  const end = /\x07|\x1b\\|\x9c/.exec(text.slice(2));
  if (end) return { kind: 'string', length: 2 + end.index + end[0].length };
  return text.length > stringCharactersMax ? { kind: 'endless' } : { kind: 'incomplete' };
}
