/**
 * Names of files as text, byte for byte. A name on a server is bytes; nearly all are UTF-8, and those that are not must be neither lost nor
 * mistaken for others. It knows nothing of servers.
 */

/**
 * A byte that is no UTF-8 where it stands is the private character U+10F700 + byte, which every escaper marks. Whoever has the text has the
 * bytes, and no two names have the same text. (As with PEP 383 of Python, whose half surrogate pairs no JSON carries.)
 */
const base = 0x10f700;
const oddCharacters = /[\u{10f780}-\u{10f7ff}]/u;
const oddCharactersAll = /[\u{10f780}-\u{10f7ff}]/gu;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the name is not UTF-8. */
export function hasOddBytes(name: string): boolean {
  return oddCharacters.test(name);
}

/** The text of a name. */
export function fromNameBytes(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== null) return whole;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes[at] ?? 0);
    const character = length === 0 ? null : decode(bytes.subarray(at, at + length));
    text += character ?? String.fromCodePoint(base + (bytes[at] ?? 0));
    at += character === null ? 1 : length;
  }
  return text;
}

/** The bytes of a name, as they were given to `fromNameBytes`; of any other text, UTF-8. */
export function toNameBytes(name: string): Buffer {
  if (!hasOddBytes(name)) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of name.matchAll(oddCharactersAll)) {
    parts.push(Buffer.from(name.slice(end, match.index)), Buffer.from([(match[0].codePointAt(0) ?? base) - base]));
    end = match.index + match[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(name.slice(end))]);
}

/** Whether a text is what `fromNameBytes` gives for its bytes: one that is not would be a second text of the same name. */
export function isNameText(text: string): boolean {
  return text.isWellFormed() && (!hasOddBytes(text) || fromNameBytes(toNameBytes(text)) === text);
}

/** Null for what is not UTF-8, and for what holds one of our characters: its bytes are then taken one by one. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = strict.decode(bytes);
    return hasOddBytes(text) ? null : text;
  } catch {
    return null;
  }
}

/** How long the character is that begins with this byte (RFC 3629); 0 for a byte that begins none. */
function lengthAt(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}
