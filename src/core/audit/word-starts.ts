/** Finds the places in a text where one of many known words can begin, in one pass: three characters decide. It proves nothing; a pattern must look again. */
import { Buffer } from 'node:buffer';

/** Indexed by two characters that follow each other, the second below 128; beyond are no words. */
const tableSize = 256 * 128;

/** Letters, digits and `_`: a word begins where the character before is none of these, or ends an escape (`\\n`, `%0A`). */
const isWordCode = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_')
  isWordCode[character.charCodeAt(0)] = 1;

const backslash = 0x5c;
const percent = 0x25;

/** @param beginnings at least the first three characters of each word; of shorter words all. */
export function createWordStarts(beginnings: readonly string[]): (text: string) => readonly number[] {
  const firstPair = new Uint8Array(tableSize);
  const secondPair = new Uint8Array(tableSize);
  for (const word of beginnings) {
    firstPair[(word.charCodeAt(0) << 7) | word.charCodeAt(1)] = 1;
    const row = word.charCodeAt(1) << 7;
    if (word.length > 2) secondPair[row | word.charCodeAt(2)] = 1;
    else secondPair.fill(1, row, row + 128);
  }
  return (text) => {
    const starts: number[] = [];
    // A character beyond Latin-1 becomes another one here: that may name a place too many, which the pattern then refuses.
    const codes = Buffer.from(text, 'latin1');
    const last = codes.length - 2;
    for (let at = 0; at < last; at += 1) {
      const next = codes[at + 1] as number;
      if (firstPair[((codes[at] as number) << 7) | next] !== 1) continue;
      if (secondPair[(next << 7) | (codes[at + 2] as number)] !== 1) continue;
      const before = at === 0 ? 0 : text.charCodeAt(at - 1);
      const isInside = before < 128 && isWordCode[before] === 1;
      if (!isInside || codes[at - 2] === backslash || codes[at - 3] === percent) starts.push(at);
    }
    return starts;
  };
}
