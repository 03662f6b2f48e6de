/** Short names for sessions: easy to type, never one that exists or left a transcript. */
import { randomInt } from 'node:crypto';

/** Without letters and digits that look alike. */
const letters = 'abcdefghjkmnpqrstuvwxyz';
const symbols = `${letters}23456789`;
const length = 4;

export function newSessionId(isTaken: (id: string) => boolean): string {
  for (;;) {
    let id = letters.charAt(randomInt(letters.length));
    while (id.length < length) id += symbols.charAt(randomInt(symbols.length));
    if (!isTaken(id)) return id;
  }
}
