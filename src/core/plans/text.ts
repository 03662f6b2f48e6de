/** Bytes to text and back for results: UTF-8 when it is, base64 when not, redacted when the reader must not see secrets. */
import type { Reader } from './plan.ts';

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text, or null when the bytes are not UTF-8. */
export function toText(bytes: Uint8Array): string | null {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Like `toText`, for bytes that were cut at a bound: a character cut in half at the end is left out. */
export function toTextCut(bytes: Uint8Array): string | null {
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut += 1) {
    const text = toText(bytes.subarray(0, bytes.length - cut));
    if (text !== null) return text;
  }
  return null;
}

export interface Shown {
  readonly text: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly redacted: number;
}

/**
 * What a reader gets of these bytes. Bytes that are not UTF-8 are searched for secrets as Latin-1; where one is found the
 * text comes as UTF-8 with replacement characters, because base64 of the original would carry the secret along.
 */
export function show(bytes: Uint8Array, reader: Pick<Reader, 'redact' | 'redactor'>): Shown {
  const text = toTextCut(bytes);
  if (text === null) {
    if (reader.redact === 'secrets') {
      const found = reader.redactor.redact(Buffer.from(bytes).toString('latin1'));
      if (found.count > 0) {
        const lossy = reader.redactor.redact(new TextDecoder().decode(bytes));
        return { text: lossy.count > 0 ? lossy.text : found.text, encoding: 'utf-8', redacted: found.count };
      }
    }
    return { text: Buffer.from(bytes).toString('base64'), encoding: 'base64', redacted: 0 };
  }
  if (reader.redact === 'nothing') return { text, encoding: 'utf-8', redacted: 0 };
  const { text: clean, count } = reader.redactor.redact(text);
  return { text: clean, encoding: 'utf-8', redacted: count };
}
