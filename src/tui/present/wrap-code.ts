/** Wraps a coloured line of code: every blank is kept, and a line that goes on says so. Pure. */
import { wrapColumnsMin, wrapMarks } from '../../base/display/wrap.ts';
import type { Span, StyledLine } from '../styled.ts';
import { drawnCharset, graphemes } from '../widgets/width.ts';
import { columnsOf, plain, span } from './text.ts';

/** Nothing is dropped at a break, and each line that goes on ends with the mark. */
export function wrapCode(line: StyledLine, columns: number): readonly StyledLine[] {
  if (columnsOf(line) <= columns) return [line.length === 0 ? plain(' ') : line];
  const mark = columns < wrapColumnsMin ? '' : wrapMarks[drawnCharset()];
  const room = Math.max(1, columns - mark.length);
  const rows: Span[][] = [[]];
  let width = 0;
  for (const { text, ...style } of line) {
    let piece = '';
    const flush = (): void => {
      if (piece !== '') rows.at(-1)?.push({ ...style, text: piece });
      piece = '';
    };
    for (const cluster of graphemes(text)) {
      if (width + cluster.width > room && width > 0) {
        flush();
        if (mark !== '') rows.at(-1)?.push(span(mark, 'muted'));
        rows.push([]);
        width = 0;
      }
      piece += cluster.text;
      width += cluster.width;
    }
    flush();
  }
  return rows;
}
