/** Finds secrets by their place: behind a flag in a list, beside `"sensitive": true`, behind a row of dots, between a name and `@host`, below a prompt for a password. */
import { isHarmlessValue, isMasked, isTemplate } from './harmless-values.ts';
import { toSecretOffsets } from './secret-argv.ts';
import { readKey, readValue } from './secret-assignments.ts';
import { isSecretName } from './secret-names.ts';
import type { Span } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

const opensList = new Set(['"', "'", ' ', '\n', '\r', '\t']);
/** `"sensitive": true`, and what a mail server says before a password. */
const starts = createWordStarts(['sensitive', '334']);
const leaderStarts = createWordStarts('pas Pas PAS sec Sec tok Tok key pwd psk api cre pri acc'.split(' '));
const wordsMax = 64;
const listCharactersMax = 8_192;

export function findNeighbours(text: string): Span[] {
  return [
    ...findLists(text),
    ...findLeaders(text),
    ...findSensitive(text),
    ...findLogins(text),
    ...findMailLogins(text),
    ...findPrompted(text),
  ];
}

/** `["redis-server", "--requirepass", "x"]`: a command's words as a list, in JSON or a program. */
function findLists(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) {
    if (!opensList.has(text[at + 1] ?? '')) continue;
    const words = readWords(text, at + 1);
    if (words.length < 2) continue;
    toSecretOffsets(words.map(({ start, end }) => text.slice(start, end))).forEach((offset, index) => {
      const word = words[index];
      if (offset === null || word === undefined) return;
      const secret = text.slice(word.start + offset, word.end);
      if (!isTemplate(secret) && !isHarmlessValue('', secret, 'bare'))
        spans.push({ start: word.start + offset, end: word.end });
    });
    at = (words.at(-1)?.end ?? at) - 1;
  }
  return [...spans, ...findListedFlags(text)];
}

const listedWord = /\s{0,64}(["'])((?:\\.|(?!\1)[^\\\r\n]){0,1024})\1\s{0,64}(,|(?=\]))/dy;

function readWords(text: string, from: number): Span[] {
  const words: Span[] = [];
  listedWord.lastIndex = from;
  while (words.length < wordsMax && listedWord.lastIndex < from + listCharactersMax) {
    const [start, end] = listedWord.exec(text)?.indices?.[2] ?? [];
    if (start === undefined || end === undefined) break;
    words.push({ start, end });
  }
  return words;
}

/** `"--requirepass",` and `- --requirepass`, each with its value in the next line or the next word. */
function findListedFlags(text: string): Span[] {
  if (!text.includes('--')) return [];
  const flag =
    /--(?<=["' ]--)([A-Za-z][A-Za-z0-9_-]{1,63})(?:["'][ \t]{0,4},\s{0,64}["']([^"'\r\n]{1,1024})["']|["']?[ \t]{0,4}\r?\n[ \t]{0,64}- ["']?([^\s"'-][^\s"']{0,1023}))/dg;
  return [...text.matchAll(flag)].flatMap((match) => {
    const [start, end] = match.indices?.[2] ?? match.indices?.[3] ?? [];
    const value = match[2] ?? match[3] ?? '';
    if (start === undefined || end === undefined || value.startsWith('-') || !isSecretName(match[1] ?? '')) return [];
    return isTemplate(value) || isHarmlessValue('', value, 'bare') ? [] : [{ start, end }];
  });
}

const leader = /[A-Za-z][A-Za-z_-]{1,63}[ \t]{0,2}(\.{4,128}[ \t]{0,4}[:=]?)/dy;

/** `password........................"x"`, as loggers print settings. */
function findLeaders(text: string): Span[] {
  return leaderStarts(text).flatMap((start) => {
    leader.lastIndex = start;
    const [dots, from] = leader.exec(text)?.indices?.[1] ?? [];
    if (dots === undefined || from === undefined) return [];
    const key = readKey(text, dots);
    const span = key?.kind === 'secret' ? readValue(text, from, key, 'equals') : null;
    if (span === null) return [];
    const value = text.slice(span.start, span.end);
    const isMarked = /[:=]/.test(text[from - 1] ?? '') || /["']/.test(text[span.start - 1] ?? '');
    return isMarked || (!/\s/.test(value) && /[0-9!@#$%^&*]/.test(value)) ? [span] : [];
  });
}

/** Outputs and variables of Terraform, in either order. */
function findSensitive(text: string): Span[] {
  if (starts(text).length === 0) return [];
  const type = String.raw`(?:"type"[ \t]{0,4}:[ \t]{0,4}(?:"\w{1,32}"|\[[^\]]{0,200}\]),?\s{0,64})?`;
  const yes = String.raw`"sensitive"[ \t]{0,4}:[ \t]{0,4}true`;
  const value = String.raw`"(?:value|default)"[ \t]{0,4}:[ \t]{0,4}"([^"\r\n]{1,4096})"`;
  return [
    new RegExp(`${value},\\s{0,64}${type}${yes}`, 'dg'),
    new RegExp(`${yes},\\s{0,64}${type}${value}`, 'dg'),
  ].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.[1] ?? [];
      return start === undefined || end === undefined || isMasked(match[1] ?? '') ? [] : [{ start, end }];
    }),
  );
}

/** `user:x@tcp(host)`, `user:x@host:5432`, `me@example.com:x`, and `[host]:587 user:x` of mail servers. */
function findLogins(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const around = text.slice(Math.max(0, at - 200), at);
    const password = around.slice(around.lastIndexOf(':') + 1);
    const isLogin = /[\w.-]$/.test(around.slice(0, -password.length - 1)) && /^[^\s"'`/<>()«»]{5,128}$/.test(password);
    const host = /@(?:tcp|unix|udp)\(|@(?:[A-Za-z0-9][\w.-]{0,128}|\[[0-9a-f:]{2,40}\]):[0-9]{2,5}(?![\w.])/y;
    host.lastIndex = at;
    if (isLogin && host.test(text) && isMixed(password)) {
      spans.push({ start: at - password.length, end: at });
      continue;
    }
    const after = /@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}:([^\s:,;"'<>/\\)\]]{6,128})(?=["',;)]?(?:\s|$))/dy;
    after.lastIndex = at;
    const [start, end] = after.exec(text)?.indices?.[1] ?? [];
    if (start === undefined || end === undefined) continue;
    const secret = text.slice(start, end);
    const isMail = /\][ \t]{0,4}(?::[0-9]{1,5})?[ \t]{1,16}[\w.+-]{1,64}$/.test(around);
    if (isMail ? isMixed(secret) : isMixed(secret) && !/\.[a-z]{1,5}[0-9]?$|^[a-z]{1,32}[-_]?[0-9]{1,4}$/.test(secret))
      spans.push({ start, end });
  }
  return spans;
}

/** A line of a table that maps a mail server to its login. */
const mailLogin =
  /^\[[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}\](?::[0-9]{1,5})?[ \t]{1,32}[\w.+@-]{1,128}:([^\s:"'/]{6,128})[ \t]{0,8}\r?$/dgm;

function findMailLogins(text: string): Span[] {
  if (!text.startsWith('[') && !text.includes('\n[')) return [];
  return [...text.matchAll(mailLogin)].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [];
    return start === undefined || end === undefined || !isMixed(match[1] ?? '') ? [] : [{ start, end }];
  });
}

/** Letters, and a digit or a sign. */
function isMixed(secret: string): boolean {
  if (isTemplate(secret) || isHarmlessValue('', secret, 'bare') || secret.includes('«redacted:')) return false;
  return /[A-Za-z]/.test(secret) && /[0-9!#$%^&*+~=?_]/.test(secret);
}

/** "Password:" in base64, which a mail server asks for; the client's next line answers. */
function findPrompted(text: string): Span[] {
  if (starts(text).length === 0 || !text.includes('334 UGFzc3dvcmQ6')) return [];
  return [
    ...text.matchAll(
      /334 UGFzc3dvcmQ6[^\r\n]{0,16}\r?\n[^\r\nA-Za-z0-9]{0,16}(?:[CS][:>][ \t]{0,4})?([A-Za-z0-9+/]{4,512}={0,2})/dg,
    ),
  ].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [];
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });
}
