/** Joins spans that look alike, so that lines have as few as they need. Knows no width. */
import type { Span } from '../styled.ts';

/** Neighbours with the same look become one span. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const part of spans) {
    const last = joined.at(-1);
    if (last && hasSameLook(last, part)) joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

function hasSameLook(a: Span, b: Span): boolean {
  return (
    a.token === b.token &&
    a.bold === b.bold &&
    a.italic === b.italic &&
    a.underline === b.underline &&
    a.inverse === b.inverse &&
    a.under === b.under &&
    a.cell === b.cell &&
    // These say something about their place and stay by themselves.
    a.continues === undefined &&
    b.continues === undefined &&
    a.isWrapMark === b.isWrapMark
  );
}
