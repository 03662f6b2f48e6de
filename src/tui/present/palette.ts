/**
 * A row of the command palette: title, sentence or reason, and the keys at the right; what was found stands out. Pure.
 */
import type { FoundEntry } from '../palette/rank-entries.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { cell, clip, foreign, plain, span, spread, wrap } from './text.ts';

const titleColumnsMax = 34;

export function toPaletteLine({ entry, title, detail, titleAt, detailAt }: FoundEntry, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const width = Math.min(titleColumnsMax, Math.floor(page.columns * 0.4));
  const isPossible = entry.disabled === null;
  const name = toMarked(cell(title, width, ellipsis), titleAt, isPossible ? 'text' : 'muted');
  const what = isPossible
    ? toMarked(detail, detailAt, 'muted')
    : plain(`not now: ${foreign(entry.disabled ?? '')}`, 'muted');
  const key = entry.key === null ? [] : plain(entry.key, isPossible ? 'key' : 'muted');
  return spread([...name, span(' '), ...what], key, page.columns);
}

/** The sentence in full, and why it cannot be done. */
export function toPaletteDetails({ entry, title, detail }: FoundEntry, page: Page): readonly StyledLine[] {
  const reason =
    entry.disabled === null ? [] : wrap(plain(`Not now: ${foreign(entry.disabled)}.`, 'warn'), page.columns);
  const command = entry.command === null ? [] : [span(`  :${foreign(entry.command)}`, 'key')];
  const head: StyledLine = [
    span(title, 'text', { bold: true }),
    span(`  ${foreign(entry.group)}`, 'muted'),
    ...command,
  ];
  return [clip(head, page.columns, page.glyphs.ellipsis), ...reason, ...wrap(plain(detail, 'muted'), page.columns)];
}

/** The letters at these offsets differ by weight and line, not only by colour. */
export function toMarked(text: string, at: readonly number[], token: Token): StyledLine {
  if (at.length === 0) return plain(text, token);
  const marked = new Set(at);
  const spans: Span[] = [];
  let from = 0;
  for (let end = 1; end <= text.length; end += 1) {
    if (end < text.length && marked.has(end) === marked.has(from)) continue;
    const part = text.slice(from, end);
    spans.push(marked.has(from) ? span(part, 'accent', { bold: true, underline: true }) : span(part, token));
    from = end;
  }
  return spans;
}
