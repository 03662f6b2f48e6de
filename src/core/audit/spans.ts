/** Spans of a text that hold secrets: found by detectors, joined where they touch, and cut around placeholders. Pure positions. */

export interface Span {
  /** UTF-16 offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

/** Finds secrets of one kind; linear in the text. */
export type Detector = (text: string) => Span[];

/** 4 hexadecimal digits, more only where two values would share them. */
export const placeholderPattern = /«redacted:[0-9a-f]{4,64}»/g;

/** Sorts, joins overlapping spans, and leaves out what is a placeholder already, so that redacting twice changes nothing. */
export function joinSpans(text: string, spans: readonly Span[]): Span[] {
  const sorted = spans.filter((span) => span.end > span.start).sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && span.start < last.end) {
      if (span.end > last.end) joined[joined.length - 1] = { start: last.start, end: span.end };
    } else joined.push(span);
  }
  if (!text.includes('«redacted:')) return joined;
  const placeholders = [...text.matchAll(placeholderPattern)].map((match) => toSpan(match.index, match[0].length));
  return subtract(joined, placeholders);
}

export function toSpan(start: number, length: number): Span {
  return { start, end: start + length };
}

/** Both lists are sorted and free of overlaps. */
function subtract(spans: readonly Span[], holes: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let from = 0;
  for (const span of spans) {
    let start = span.start;
    while (from < holes.length && (holes[from]?.end ?? 0) <= start) from += 1;
    for (let index = from; index < holes.length; index += 1) {
      const hole = holes[index];
      if (hole === undefined || hole.start >= span.end) break;
      if (hole.start > start) rest.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < span.end) rest.push({ start, end: span.end });
  }
  return rest;
}
