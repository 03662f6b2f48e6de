/**
 * Finds the places in a text where one of many known words can begin: three characters decide. It proves nothing; a pattern must look
 * again. All lists share one pass over the text, remembered for the text that was asked for last.
 */
import { Buffer } from 'node:buffer';

/** Letters, digits and `_`: a word begins where the character before is none of these, or ends an escape (`\\n`, `%0A`). */
const isWordCode = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_')
  isWordCode[character.charCodeAt(0)] = 1;

const backslash = 0x5c;
const percent = 0x25;
/** One place for every three characters, the second and the third below 128, which holds a bit for each list that knows them. */
const table = new Uint16Array(256 * 128 * 128);
/** One place for every two characters: whether a known word can begin with the second, or behind the escape the first opens. */
const pairs = new Uint8Array(65_536);
const escape = 2;
for (const opening of [backslash, percent]) pairs.fill(escape, opening << 8, (opening + 1) << 8);
const listsMax = 16;
let lists = 0;
/** What fills the tables once there is a text: most of what the program is started for has none. */
const unlearned: (() => void)[] = [];
let last: { readonly text: string; readonly found: readonly (readonly number[])[] } = { text: '', found: [] };

/** @param beginnings at least the first three characters of each word, of shorter words all; the second and third are ASCII. At most 16 lists in all. */
export function createWordStarts(beginnings: readonly string[]): (text: string) => readonly number[] {
  const list = lists;
  lists += 1;
  if (lists > listsMax) throw new RangeError(`At most ${listsMax} lists of words share a table.`);
  unlearned.push(() => learn(list, beginnings));
  return (text) => {
    if (text !== last.text || last.found.length !== lists) last = { text, found: findStarts(text) };
    return last.found[list] ?? [];
  };
}

function learn(list: number, beginnings: readonly string[]): void {
  for (const word of beginnings) {
    const first = word.charCodeAt(0);
    for (let before = 0; before < 256; before += 1)
      if (isWordCode[before] === 0) pairs[(before << 8) | first] = (pairs[(before << 8) | first] as number) | 1;
    const from = (first << 14) | (word.charCodeAt(1) << 7);
    const thirds = word.length > 2 ? [word.charCodeAt(2)] : Array.from({ length: 128 }, (_, code) => code);
    for (const third of thirds) table[from | third] = (table[from | third] as number) | (1 << list);
  }
}

function findStarts(text: string): number[][] {
  for (const learnOne of unlearned.splice(0)) learnOne();
  const found: number[][] = Array.from({ length: lists }, () => []);
  const codes = toCodes(text);
  const end = codes.length - 2;
  const look = (at: number): void => {
    if (at >= end) return;
    const second = codes[at + 1] as number;
    const third = codes[at + 2] as number;
    if (second > 127 || third > 127) return;
    const known = table[((codes[at] as number) << 14) | (second << 7) | third] as number;
    for (let list = 0; known >> list !== 0; list += 1) if (((known >> list) & 1) === 1) found[list]?.push(at);
  };
  // Before the first character stands nothing, which no word holds.
  let pair = 0;
  for (let at = 0; at < end; at += 1) {
    pair = ((pair << 8) | (codes[at] as number)) & 0xffff;
    const kind = pairs[pair] as number;
    if (kind === 0) continue;
    if ((kind & 1) === 1) look(at);
    if (kind >= escape) look(pair >> 8 === backslash ? at + 1 : at + 2);
  }
  return found;
}

/** Bytes are read faster than characters; one beyond Latin-1 would look like another there, and is none of a word. */
function toCodes(text: string): Uint8Array {
  const codes = Buffer.from(text, 'latin1');
  if (!/[^\u0000-\u00ff]/.test(text)) return codes;
  for (let at = 0; at < codes.length; at += 1) if (text.charCodeAt(at) > 0xff) codes[at] = 0;
  return codes;
}
