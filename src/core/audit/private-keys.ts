/** Finds private key blocks (PEM of RFC 7468, OpenPGP, PuTTY), also when their beginning or their end is cut off. */
import type { Span } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

const beginLine = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const endLine = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const starts = createWordStarts(['PRIVATE KEY', 'Private-Lines']);
/** The largest key block anybody has (RSA 16384, armoured) is below this. */
export const keyBlockCharactersMax = 32_768;

/** A line that can stand inside a key block: nothing, an armour header, or base64 (of whole groups, unless the line is long and may be cut). */
export function isKeyBodyLine(line: string): boolean {
  const text = /^[\s>|#*"'+-]{0,40}([^\r\n]*?)["',\s]{0,8}$/.exec(line.slice(0, 4_096))?.[1] ?? '';
  if (/^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): /.test(text)) return true;
  if (!/^[A-Za-z0-9+/=\\]*$/.test(text)) return false;
  return text.length % 4 === 0 || text.length >= 24;
}

/** A full line of key body: what follows a cut-off beginning. */
export function isKeyBase64Line(line: string): boolean {
  return /^\s{0,40}[A-Za-z0-9+/=]{32,128}\s{0,4}$/.test(line);
}

/** The rest of a line of key body, where a text is cut. */
export function isKeyBase64Part(line: string): boolean {
  return /^\s{0,40}[A-Za-z0-9+/=]{1,128}\s{0,4}$/.test(line);
}

export function hasKeyBegin(line: string): boolean {
  return line.search(beginLine) !== -1;
}

export function hasKeyEnd(line: string): boolean {
  return line.search(endLine) !== -1;
}

/** PuTTY names how many base64 lines follow. */
export function isPuttyKeyBegin(line: string): boolean {
  return /^\s{0,40}Private-Lines: [0-9]{1,4}\s{0,4}$/.test(line);
}

export function findPrivateKeys(text: string): Span[] {
  if (starts(text).length === 0) return [];
  const spans: Span[] = [];
  const ends = [...text.matchAll(endLine)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const begins = [...text.matchAll(beginLine)].map((match) => match.index);
  let nextEnd = 0;
  let covered = 0;
  begins.forEach((begin, index) => {
    if (begin < covered) return;
    for (; nextEnd < ends.length && (ends[nextEnd]?.start ?? 0) < begin; nextEnd += 1) {
      const orphan = ends[nextEnd];
      if (orphan !== undefined)
        spans.push({ start: Math.max(covered, toBodyStart(text, orphan.start)), end: orphan.end });
    }
    const until = begins[index + 1] ?? text.length;
    const end = ends[nextEnd];
    const isWhole = end !== undefined && end.start < until && end.end - begin <= keyBlockCharactersMax;
    covered = isWhole ? end.end : Math.min(toBodyEnd(text, begin), until);
    if (isWhole) nextEnd += 1;
    spans.push({ start: begin, end: covered });
  });
  for (const orphan of ends.slice(nextEnd)) {
    spans.push({ start: Math.max(covered, toBodyStart(text, orphan.start)), end: orphan.end });
    covered = orphan.end;
  }
  return [...spans, ...findPutty(text)];
}

/** The end is cut off: the block reaches as far as lines look like a key's body. */
function toBodyEnd(text: string, begin: number): number {
  let at = lineEnd(text, begin);
  const stop = Math.min(text.length, begin + keyBlockCharactersMax);
  while (at < stop) {
    const end = lineEnd(text, at + 1);
    const line = text.slice(at + 1, end);
    if (!isKeyBodyLine(line) && !(end === text.length && isKeyBase64Part(line))) break;
    at = end;
  }
  return at;
}

/** The beginning is cut off: the block begins at the first of the body lines that lead up to the end line. */
function toBodyStart(text: string, end: number): number {
  let start = text.lastIndexOf('\n', end - 1) + 1;
  const stop = Math.max(0, end - keyBlockCharactersMax);
  while (start > stop) {
    const before = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
    const line = text.slice(before, start - 1);
    if (line.trim() === '' || !(isKeyBodyLine(line) || (before === 0 && isKeyBase64Part(line)))) break;
    start = before;
  }
  return start;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function findPutty(text: string): Span[] {
  return [...text.matchAll(/^\s{0,40}Private-Lines: [0-9]{1,4}[ \t]{0,4}\r?\n([A-Za-z0-9+/=\r\n]+)/gm)].map((match) => {
    const end = match.index + match[0].length;
    return { start: end - (match[1]?.length ?? 0), end };
  });
}
