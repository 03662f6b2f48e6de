/** Finds values by the name beside them: key=value, JSON, YAML, HTTP headers, query strings, environment files. One pass over the separators. */

import { Buffer } from 'node:buffer';
import { isHarmlessValue, isMasked, isTemplate } from './harmless-values.ts';
import { isReference } from './secret-argv.ts';
import { toNameKind } from './secret-names.ts';
import type { Span } from './spans.ts';

const nameCharactersMax = 64;
/** `pw` and `pin`: no secret's name is shorter. */
const nameCharactersMin = 2;
const valueCharactersMax = 16_384;
const spacesMax = 32;

export interface Key {
  readonly name: string;
  readonly kind: 'secret' | 'auth' | 'weak' | 'query';
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
  if (after === '~' || (before !== '' && '=<>'.includes(before))) return null;
  if (after === '=' || before === '!') return readComparison(text, at);
  const key = readKey(text, before === ':' ? at - 1 : at) ?? readTyped(text, at);
  return key === null ? null : readValue(text, after === '>' ? at + 2 : at + 1, key, 'equals');
}

const comparedLiteral = /={1,3}[ \t]{0,4}(["'])((?=[^"']{0,64}[0-9])(?=[^"']{0,64}[A-Za-z])[^"'\s]{8,512})\1/dy;

/** `$http_x_secret != "x"`: what a secret is compared with is one, when it looks like one. */
function readComparison(text: string, at: number): Span | null {
  comparedLiteral.lastIndex = at;
  const [start, end] = comparedLiteral.exec(text)?.indices?.[2] ?? [];
  if (start === undefined || end === undefined) return null;
  const key = readKey(text, text[at - 1] === '!' ? at - 1 : at);
  return key === null || key.kind !== 'secret' || isTemplate(text.slice(start, end)) ? null : { start, end };
}

const openingQuote = /[ \t]{1,4}[bruf@$&]{0,2}["'`]/y;
const typedName =
  /([A-Za-z_][\w.]{1,63})[ \t]{0,4}(?::[ \t]{0,4}(?:[&*]|'static |mut |const |readonly ){0,4}[A-Za-z_][\w.:]{0,40}(?:[<[][^=\r\n"]{0,60}[>\]])?[?!*]?(?:[ \t]{0,2}\|[ \t]{0,2}[\w.]{1,40}){0,4}|[ \t](?:As[ \t]{1,4})?\*?(?:std::)?(?:[sS]tring|str|char|NSString|\[\]byte)|\[[0-9]{0,5}\])[ \t]{1,4}$/;

/** `let token: &str = "x"`, `var password string = "x"`, `Dim Password As String = "x"`: a type stands between the name and a literal. */
function readTyped(text: string, at: number): Key | null {
  if (!isBlank(text[at - 1])) return null;
  openingQuote.lastIndex = at + 1;
  if (!openingQuote.test(text)) return null;
  const from = Math.max(0, at - 2 * nameCharactersMax);
  const declared = typedName.exec(text.slice(from, at));
  const name = declared?.[1] ?? '';
  return declared === null || toNameKind(name) !== 'secret'
    ? null
    : { name, kind: 'secret', start: from + declared.index, enclosing: null };
}

function readColon(text: string, at: number): Span | null {
  const after = text[at + 1] ?? '';
  // LDIF: two colons mark base64.
  if (after === ':' && text[at + 2] === ' ' && text[at - 1] !== ':') {
    const encoded = readKey(text, at);
    return encoded?.kind === 'secret' ? readValue(text, at + 2, encoded, 'colon') : null;
  }
  if (after === ':' || after === '=' || text[at - 1] === ':' || (after === '/' && text[at + 2] === '/')) return null;
  const key = readKey(text, at);
  if (key === null || (/[0-9]/.test(after) && fileName.test(key.name))) return null;
  if (text.startsWith('${', key.start - 2)) {
    // `${NAME:?message}` of a shell; `${NAME:-value}` holds a value.
    return '?+'.includes(after) ? null : readValue(text, after === '-' ? at + 2 : at + 1, key, 'colon');
  }
  // `arn:aws:secretsmanager:…:secret:name` names a secret, and is none.
  if (
    text[key.start - 1] === ':' &&
    /arn:aws[a-z-]{0,8}:[\w:-]{0,80}$/.test(text.slice(Math.max(0, key.start - 96), key.start))
  )
    return null;
  return readValue(text, at + 1, key, 'colon');
}

/** What a key's name says about its value; null when nothing. */
function toKind(text: string, name: string, start: number, end: number): Key['kind'] | null {
  const kind = toNameKind(name);
  // The working directory is a path; a data source's password is none.
  if (kind === 'directory')
    return /^=["']?(?:[/~$.%"']|[A-Za-z]:[\\/]|\s|$)/.test(text.slice(end, end + 4)) ? null : 'secret';
  if (kind === 'query') return '?&'.includes(text[start - 1] ?? ' ') ? 'query' : null;
  return kind;
}

/** Reads backwards from a separator: spaces, closing quotes and brackets, then the name. */
export function readKey(text: string, separatorAt: number): Key | null {
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
  const name = text.slice(start, end);
  const kind = toKind(text, name, start, end);
  return kind === null ? null : { name, kind, start, enclosing: isEnclosed ? quote : null };
}

/** A shell puts another command's output here; the whole of it is a reference, also where it holds spaces. */
const substitution = /\$\([^)\r\n]{0,256}\)/y;
/** `src/token.ts:42:13`: a place in a file. */
const fileName = /\.(?:[cm]?[jt]sx?|py|go|java|rb|rs|php|cs|c|h|cc|cpp|kt|swift|sh|log|ya?ml)$/;

export function readValue(text: string, from: number, key: Key, separator: 'equals' | 'colon'): Span | null {
  let start = from;
  for (let spaces = 0; spaces < spacesMax && isBlank(text[start]); spaces += 1) start += 1;
  const isSpaced = start > from;
  substitution.lastIndex = start;
  if (substitution.test(text)) return null;
  const prefix = /[bruf@$]{1,2}(?=["'])/iy;
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
  const scheme =
    /^(?:bearer|basic|token|digest|apikey|bot|negotiate|splunk|ssws|geniekey|flyv1|apitoken)(?:[ \t]{1,4}|,[ \t]{0,4})(?=\S)/i.exec(
      value,
    )?.[0] ?? '';
  const secret = value.slice(scheme.length);
  if (secret === '' || isReference(secret)) return null;
  if (key.kind !== 'secret' && !isPlausible(key, secret)) return null;
  // `auth: NAME="value"`: the next assignment decides.
  if (key.kind === 'auth' && shape !== 'quoted' && /["']/.test(text[end] ?? '')) return null;
  if (shape === 'quoted' ? isMasked(secret) || isTemplate(secret) : isHarmlessValue(key.name, secret, shape))
    return null;
  return { start: start + scheme.length, end: start + value.length };
}

/** Behind a name that may mean something else, only a value that looks random is a secret. */
function isPlausible(key: Key, value: string): boolean {
  if (key.kind === 'auth') return /^(?=.*[0-9A-Z=+/])[A-Za-z0-9+/_=-]{12,}$/.test(value);
  if (/^sig(?:nature)?$/i.test(key.name)) return value.length >= 6;
  if (!/^[\x21-\x7e]{16,16384}$/.test(value) || /^[/.~$]|\.[a-z]{1,5}$|:\/\//.test(value)) return false;
  if (/^[a-z]{2,32}(?:[_-][a-z0-9]{1,32}){1,12}$/.test(value)) return false;
  return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && !/\(|\//.test(value.slice(0, 8));
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
