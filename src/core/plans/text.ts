/** Bytes to text and back for results: UTF-8 when it is, base64 when not, redacted when the reader must not see secrets. */
import { isUtf8 } from 'node:buffer';
import { fromNameBytes } from '../../base/byte-names.ts';
import type { Redacted } from '../audit/redactor.ts';
import type { Reader } from './plan.ts';

/** The text, or null when the bytes are not UTF-8. */
export function toText(bytes: Uint8Array): string | null {
  if (!isUtf8(bytes)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Like `toText`, for bytes that were cut at a bound: a character cut in half at the end is left out, and nothing else is. */
export function toTextCut(bytes: Uint8Array): string | null {
  return toText(bytes) ?? toText(bytes.subarray(0, beforeHalf(bytes)));
}

/** Where the last character begins, if only its first bytes are there; else the end. Lead bytes tell how long it is (RFC 3629). */
function beforeHalf(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 3; at -= 1) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte <= 0xf4 && at + length > bytes.length ? at : bytes.length;
  }
  return bytes.length;
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
  return showPart(bytes, { start: 0, end: bytes.length }, reader);
}

/**
 * The same for a part of the bytes, from `start` to before `end`; what is a secret in it is told with the bytes around it. Of a `whole`
 * one nothing is left out: a byte that looks like half a character is one of another encoding.
 */
export function showPart(
  bytes: Uint8Array,
  { start, end, whole = false }: { readonly start: number; readonly end: number; readonly whole?: boolean },
  { redact, redactor }: Pick<Reader, 'redact' | 'redactor'>,
): Shown {
  const part = bytes.subarray(start, end);
  const text = whole ? toText(part) : toTextCut(part);
  if (redact === 'nothing') return text === null ? toBase64(part) : { text, encoding: 'utf-8', redacted: 0 };
  const redactBetween = (shown: string, from: number, to: number): Redacted => {
    const before = lossy(bytes.subarray(0, from));
    return redactor.redactPart(before + shown + lossy(bytes.subarray(to)), before.length, before.length + shown.length);
  };
  if (text !== null) {
    const clean = redactBetween(text, start, start + Buffer.byteLength(text));
    return { text: clean.text, encoding: 'utf-8', redacted: clean.count };
  }
  const found = redactor.redactPart(Buffer.from(bytes).toString('latin1'), start, end);
  if (found.count === 0) return toBase64(part);
  const readable = redactBetween(lossy(part), start, end);
  return { text: readable.count > 0 ? readable.text : found.text, encoding: 'utf-8', redacted: found.count };
}

/**
 * The same for what is made of names, in which a byte that is not UTF-8 is kept as a character of its own (base/byte-names.ts): one such name
 * among thousands must not make all of them unreadable.
 */
export function showNames(bytes: Uint8Array, { redact, redactor }: Pick<Reader, 'redact' | 'redactor'>): string {
  const text = fromNameBytes(bytes);
  return redact === 'nothing' ? text : redactor.redactPart(text, 0, text.length).text;
}

function toBase64(bytes: Uint8Array): Shown {
  return { text: Buffer.from(bytes).toString('base64'), encoding: 'base64', redacted: 0 };
}

function lossy(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
