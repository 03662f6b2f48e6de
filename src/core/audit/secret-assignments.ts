/** Finds values by the name beside them: key=value, JSON, YAML, HTTP headers, query strings, environment files. One pass over the separators. */

import { Buffer } from 'node:buffer';
import { isHarmlessValue } from './harmless-values.ts';
import { isReference } from './secret-argv.ts';
import { isAuthName, isSecretName } from './secret-names.ts';
import type { Span } from './spans.ts';

const nameCharactersMax = 64;
/** `psk`, `pwd`, `pw` behind another word, `sig`, `auth`: no secret's name is shorter. */
const nameCharactersMin = 3;
const valueCharactersMax = 16_384;
const spacesMax = 32;

interface Key {
  readonly name: string;
  /** Offset of the name's first character. */
  readonly start: number;
  /** A quote opened before the name and not closed after it: the value ends where it closes. */
  readonly enclosing: string | null;
}

export function findAssignments(text: string): Span[] {
  const spans: Span[] = [];
  // Bytes are read faster than characters; one beyond Latin-1 may look like a separator here, so the text is asked again.
  const codes = Buffer.from(text, 'latin1');
  for (let at = 0; at < codes.length; at += 1) {
    const separator = codes[at];
    if ((separator !== 0x3d && separator !== 0x3a) || text.charCodeAt(at) !== separator) continue;
    const span = separator === 0x3d ? readEquals(text, at) : readColon(text, at);
    if (span === null) continue;
    spans.push(span);
    at = Math.max(at, span.end - 1);
  }
  return spans;
}

function readEquals(text: string, at: number): Span | null {
  const before = text[at - 1] ?? '';
  const after = text[at + 1] ?? '';
  // Comparisons are no assignments; `:=` and `=>` are.
  if (after === '=' || after === '~' || (before !== '' && '=!<>'.includes(before))) return null;
  const key = readKey(text, before === ':' ? at - 1 : at);
  if (key === null || !isSecretKey(text, key)) return null;
  return readValue(text, after === '>' ? at + 2 : at + 1, key, 'equals');
}

function readColon(text: string, at: number): Span | null {
  const after = text[at + 1] ?? '';
  if (after === ':' || after === '=' || text[at - 1] === ':' || (after === '/' && text[at + 2] === '/')) return null;
  const key = readKey(text, at);
  if (key === null || !isSecretKey(text, key)) return null;
  if (/[0-9]/.test(after) && fileName.test(key.name)) return null;
  return readValue(text, at + 1, key, 'colon');
}

function isSecretKey(text: string, key: Key): boolean {
  if (isSecretName(key.name) || isAuthName(key.name)) return true;
  return /^sig$/i.test(key.name) && '?&'.includes(text[key.start - 1] ?? ' ');
}

/** Reads backwards from a separator: spaces, closing quotes and brackets, then the name. */
function readKey(text: string, separatorAt: number): Key | null {
  let end = separatorAt;
  for (let spaces = 0; spaces < spacesMax && isBlankCode(text.charCodeAt(end - 1)); spaces += 1) end -= 1;
  const closing = end;
  while (closing - end < 6 && isQuoteOrBracketCode(text.charCodeAt(end - 1))) end -= 1;
  // Times and addresses have separators between digits: those names hold no letter.
  if (!isNameCharacter(text.charCodeAt(end - 1))) return null;
  let start = end;
  while (start > 0 && end - start <= nameCharactersMax && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  if (end - start > nameCharactersMax) return null;
  while (start < end && text[start] === '-') start += 1;
  if (text[start] === 'D' && text[start - 1] === '-') start += 1;
  if (end - start < nameCharactersMin) return null;
  const quote = text[start - 1] ?? '';
  const isEnclosed = closing === end && (quote === '"' || quote === "'");
  return { name: text.slice(start, end), start, enclosing: isEnclosed ? quote : null };
}

/** A shell puts another command's output here; the whole of it is a reference, also where it holds spaces. */
const substitution = /\$\([^)\r\n]{0,256}\)/y;
/** `src/token.ts:42:13`: a place in a file. */
const fileName = /\.(?:[cm]?[jt]sx?|py|go|java|rb|rs|php|cs|c|h|cc|cpp|kt|swift|sh|log|ya?ml)$/;

function readValue(text: string, from: number, key: Key, separator: 'equals' | 'colon'): Span | null {
  let start = from;
  for (let spaces = 0; spaces < spacesMax && isBlank(text[start]); spaces += 1) start += 1;
  const isSpaced = start > from;
  substitution.lastIndex = start;
  if (substitution.test(text)) return null;
  const prefix = /[bruf]{1,2}(?=["'])/iy;
  prefix.lastIndex = start;
  start += prefix.exec(text)?.[0].length ?? 0;
  const opening = /\\{0,7}["'`]/y;
  opening.lastIndex = start;
  const quote = opening.exec(text)?.[0];
  if (quote !== undefined && key.enclosing !== quote) {
    const inside = start + quote.length;
    return toSpan(text, inside, findClosing(text, inside, quote), key, 'quoted');
  }
  const isAtLineStart = opensLine(text, key.start);
  if (separator === 'colon' && isAtLineStart && /^[|>][-+0-9]{0,2}[ \t]*\r?$/.test(restOfLine(text, start, 16)))
    return readBlock(text, key.start, start);
  const end = findBareEnd(text, start, toStops(text, key, separator, isAtLineStart, isSpaced));
  return toSpan(text, start, end, key, isAtLineStart ? 'line' : isSpaced ? 'spaced' : 'bare');
}

/** Which characters end a value that has no quotes of its own. */
function toStops(
  text: string,
  key: Key,
  separator: 'equals' | 'colon',
  isAtLineStart: boolean,
  isSpaced: boolean,
): RegExp {
  if (key.enclosing === '"') return /["\r\n]/g;
  if (key.enclosing === "'") return /['\r\n]/g;
  if ('?&'.includes(text[key.start - 1] ?? ' ')) return /[\s&#"'<>]/g;
  if (!isAtLineStart) return /[\s,;&"'`<>|)\]}]/g;
  // A YAML value, a header or an INI value reaches to the end of its line; one in an environment file to the next space.
  return separator === 'colon' || isSpaced ? /[\r\n]/g : /\s/g;
}

function toSpan(
  text: string,
  start: number,
  end: number,
  key: Key,
  shape: 'quoted' | 'line' | 'spaced' | 'bare',
): Span | null {
  const value = text.slice(start, end).trimEnd();
  const scheme = /^(?:bearer|basic|token|digest|apikey|bot|negotiate|splunk)[ \t]{1,4}(?=\S)/i.exec(value)?.[0] ?? '';
  const secret = value.slice(scheme.length);
  if (secret === '' || isReference(secret)) return null;
  if (isAuthName(key.name) && !isSecretName(key.name) && !/^(?=.*[0-9A-Z=+/])[A-Za-z0-9+/_=-]{12,}$/.test(secret))
    return null;
  if (shape === 'quoted' ? /^[*•.x]{3,}$|^$/.test(secret) : isHarmlessValue(key.name, secret, shape)) return null;
  return { start: start + scheme.length, end: start + value.length };
}

/** The closing quote is escaped as often as the opening one, or less; without one the value ends with its line. */
function findClosing(text: string, from: number, quote: string): number {
  const stop = Math.min(text.length, from + valueCharactersMax);
  const closing = quote.at(-1);
  const escapes = quote.length - 1;
  let backslashes = 0;
  for (let at = from; at < stop; at += 1) {
    const character = text[at];
    if (character === '\n') return at;
    if (character === '\\') {
      backslashes += 1;
      continue;
    }
    const isClosed = escapes === 0 ? backslashes % 2 === 0 : backslashes <= escapes;
    if (character === closing && isClosed) return at - Math.min(escapes, backslashes);
    backslashes = 0;
  }
  return stop;
}

/** A YAML block scalar: every following line that is indented deeper than its key. */
function readBlock(text: string, keyStart: number, from: number): Span | null {
  const indent = keyStart - toLineStart(text, keyStart);
  const first = text.indexOf('\n', from) + 1;
  if (first === 0) return null;
  let end = first;
  while (end < text.length && end - first < valueCharactersMax) {
    const lineEnd = text.indexOf('\n', end);
    const line = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
    if (line.trim() !== '' && line.search(/\S/) <= indent) break;
    end = lineEnd === -1 ? text.length : lineEnd + 1;
  }
  const body = text.slice(first, end);
  const trimmed = body.trim();
  if (trimmed === '') return null;
  const start = first + body.indexOf(trimmed);
  return { start, end: start + trimmed.length };
}

function findBareEnd(text: string, from: number, stops: RegExp): number {
  const stop = Math.min(text.length, from + valueCharactersMax);
  const end = text.slice(from, stop).search(stops);
  return end === -1 ? stop : from + end;
}

/** Only indentation, list dashes, diff marks, `export` and the like stand before the name on its line. */
function opensLine(text: string, start: number): boolean {
  const lineStart = toLineStart(text, start);
  if (lineStart > 0 && text[lineStart - 1] !== '\n') return false;
  return /^[\s>+|#*-]*(?:(?:export|set|setenv|declare|local|readonly|ENV|ARG)\s+)?["']?$/.test(
    text.slice(lineStart, start),
  );
}

/** Where the line begins, or a place far enough before `start`: looking further would cost time on a text of one long line. */
function toLineStart(text: string, start: number): number {
  const from = Math.max(0, start - 2 * nameCharactersMax);
  return from + text.slice(from, start).lastIndexOf('\n') + 1;
}

function restOfLine(text: string, from: number, charactersMax: number): string {
  return /^[^\n]*/.exec(text.slice(from, from + charactersMax))?.[0] ?? '';
}

function isBlankCode(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** `"`, `'`, `\\`, `]` */
function isQuoteOrBracketCode(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x5c || code === 0x5d;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** A–Z a–z 0–9 _ . - */
const nameCharacters = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-')
  nameCharacters[character.charCodeAt(0)] = 1;

function isNameCharacter(code: number): boolean {
  return code < 128 && nameCharacters[code] === 1;
}
