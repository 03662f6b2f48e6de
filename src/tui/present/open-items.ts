/**
 * What nobody has acknowledged yet: operations whose outcome is unknown, that never ran, or that ended halfway. Pure.
 */
import type { OpenItemView } from '../../protocol/view.ts';
import type { StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { toMarkedServer } from './server-name.ts';
import { clip, foreign, span, wrapExact, wrapProse } from './text.ts';
import { toSpan } from './words.ts';

const kinds: Readonly<Record<OpenItemView['kind'], readonly [word: string, token: Token]>> = {
  'unknown-outcome': ['outcome unknown', 'danger'],
  'never-ran': ['never ran', 'warn'],
  partial_failure: ['partly failed', 'danger'],
};

/** Two lines a row: what happened where, and how the operation read. */
export function toOpenItemRow(item: OpenItemView, page: Page): StyledLine {
  const [word, token] = kinds[item.kind];
  const where = item.server === null ? [] : [...toMarkedServer(item.server, page), span(' ')];
  return clip(
    [
      span(` ${page.glyphs.warning} ${word} `, token, { bold: true }),
      ...where,
      span(foreign(item.summary)),
      span(`  begun ${toSpan(page.nowMs - item.atMs)} ago`, 'muted'),
    ],
    page.columns,
    page.glyphs.ellipsis,
  );
}

export function toOpenItemDetails(item: OpenItemView, page: Page): readonly StyledLine[] {
  return [
    ...wrapExact(span(foreign(item.summary), 'text', { bold: true }), page.columns),
    ...wrapProse(item.message, 'text', page.columns),
    ...wrapExact(span(`audit id ${foreign(item.auditId)}`, 'muted'), page.columns),
  ];
}
