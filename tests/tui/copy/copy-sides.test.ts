/** Of a difference side by side one file is copied: the one where the selection began, and of whole rows what the file became, unless they begin in its old words. */
import { expect, it } from 'vitest';
import { goTo, type SelectionShape, startCopy, toggleSelection } from '../../../src/tui/copy/copy-model.ts';
import { selectedText } from '../../../src/tui/copy/copy-selection.ts';
import { CopyText, toTextRow } from '../../../src/tui/copy/copy-text.ts';
import { toBesideLines } from '../../../src/tui/present/diff-beside.ts';
import { unicodeGlyphs } from '../../../src/tui/present/page.ts';

const long = `a ${'long '.repeat(20)}line`;
const diff = `--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n same\n-old\n+${long}\n-gone\n-gone too\n last\n+added\n`;

function copy(shape: SelectionShape, from: 'left' | 'old words' | 'right'): string {
  const lines = toBesideLines(diff, { columns: 100, nowMs: 0, glyphs: unicodeGlyphs });
  const text = new CopyText(lines.map(toTextRow));
  const first = lines.findIndex((line) => line.some((part) => part.text.includes('same')));
  const { sides } = text.row(first);
  const at = { left: 0, 'old words': sides?.before?.from ?? 0, right: sides?.after?.from ?? 0 }[from];
  const begun = toggleSelection(goTo(startCopy(text, 0, 50, 0), text, { row: first, at }), shape);
  const last = text.count - 1;
  return selectedText(goTo(begun, text, { row: last, at: text.row(last).text.length - 1 }), text);
}

it.each<[SelectionShape, 'left' | 'old words' | 'right', readonly string[]]>([
  ['characters', 'left', [' same', '-old', '-gone', '-gone too', ' last']],
  ['characters', 'right', [' same', `+${long}`, ' last', '+added']],
  ['lines', 'left', [' same', `+${long}`, ' last', '+added']],
  ['lines', 'old words', [' same', '-old', '-gone', '-gone too', ' last']],
])('%s that begin on the %s', (shape, from, expected) => {
  expect(copy(shape, from)).toBe(expected.join('\n'));
});
