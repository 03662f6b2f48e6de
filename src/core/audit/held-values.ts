/** Finds the values the program itself holds, also when they were base64-, hex-, URL- or JSON-encoded; time does not grow with how many there are. */
import { Buffer } from 'node:buffer';
import { limits } from '../limits.ts';
import type { Span } from './spans.ts';

/** Shorter values would redact half of every text. */
export const heldCharactersMin = 6;
/** The part of a base64 text that does not depend on its neighbours must be this long to mean something. */
const encodedCharactersMin = 10;

export interface HeldValues {
  add(value: string): void;
  find(text: string): Span[];
}

/** An index over the first six characters of every form; looking up a window of the text is one table access. */
export function createHeldValues(): HeldValues {
  const byPrefix = new Map<string, string[]>();
  const quick = new Uint8Array(65_536);
  const later = new Uint8Array(65_536);
  const known = new Set<string>();

  function addForm(form: string): void {
    if (form.length < heldCharactersMin || known.has(form)) return;
    known.add(form);
    const prefix = form.slice(0, heldCharactersMin);
    const forms = byPrefix.get(prefix) ?? [];
    forms.push(form);
    forms.sort((a, b) => b.length - a.length);
    byPrefix.set(prefix, forms);
    quick[toKey(form.charCodeAt(0), form.charCodeAt(1))] = 1;
    later[toKey(form.charCodeAt(3), form.charCodeAt(4))] = 1;
  }

  return {
    add(value) {
      if (value.length < heldCharactersMin || known.size >= limits.heldFormsMax) return;
      for (const form of toForms(value)) addForm(form);
    },
    find(text) {
      const spans: Span[] = [];
      if (known.size === 0) return spans;
      const last = text.length - heldCharactersMin;
      // A character beyond Latin-1 becomes another one here, and in the tables alike; the text itself decides.
      const codes = Buffer.from(text, 'latin1');
      for (let at = 0, pair = codes[0] ?? 0; at <= last; at += 1) {
        pair = ((pair << 8) | (codes[at + 1] as number)) & 0xffff;
        if (quick[pair] === 0) continue;
        if (later[toKey(codes[at + 3] as number, codes[at + 4] as number)] === 0) continue;
        const forms = byPrefix.get(text.slice(at, at + heldCharactersMin));
        const form = forms?.find((candidate) => text.startsWith(candidate, at));
        if (form === undefined) continue;
        spans.push({ start: at, end: at + form.length });
        at += form.length - 1;
        pair = codes[at + 1] as number;
      }
      return spans;
    },
  };
}

function toKey(first: number, second: number): number {
  return ((first & 0xff) << 8) | (second & 0xff);
}

function toForms(value: string): string[] {
  const trimmed = value.trim();
  const forms = [value, trimmed];
  // A program may print a value of several lines (a key) with other line ends or indented.
  for (const line of value.split(/\r?\n/)) if (line.trim().length >= 12) forms.push(line.trim());
  const bytes = Buffer.from(trimmed, 'utf8');
  for (const shift of [0, 1, 2]) forms.push(...toBase64Core(bytes, shift));
  if (bytes.length >= encodedCharactersMin / 2) forms.push(bytes.toString('hex'));
  forms.push(encodeURIComponent(trimmed.toWellFormed()), JSON.stringify(trimmed).slice(1, -1));
  return forms;
}

/** The characters of the base64 form that stay the same whatever stands `shift` bytes before and anything after. */
function toBase64Core(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const encoded = padded.toString('base64').replace(/=+$/, '');
  const from = shift === 0 ? 0 : shift + 1;
  const to = padded.length % 3 === 0 ? encoded.length : encoded.length - 1;
  const core = encoded.slice(from, to);
  if (core.length < encodedCharactersMin) return [];
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
}
