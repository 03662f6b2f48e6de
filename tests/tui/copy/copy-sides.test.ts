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

/** A rectangle from one place of the first row of text to another of the last row. */
function copyBlock(from: 'before' | 'after', to: 'before' | 'after' | 'end', columns: number): string {
  const lines = toBesideLines(diff, { columns: 100, nowMs: 0, glyphs: unicodeGlyphs });
  const text = new CopyText(lines.map(toTextRow));
  const first = lines.findIndex((line) => line.some((part) => part.text.includes('same')));
  const { sides } = text.row(first);
  const placeOf = (side: 'before' | 'after'): number => (sides?.[side]?.from ?? 0) + 1;
  const begun = toggleSelection(goTo(startCopy(text, 0, 50, 0), text, { row: first, at: placeOf(from) }), 'block');
  const at = to === 'end' ? text.row(text.count - 1).text.length - 1 : placeOf(to) + columns - 1;
  return selectedText(goTo(begun, text, { row: text.count - 1, at }), text);
}

it.each([
  ['before', 'before', 3, ['sam', 'old', 'gon', 'gon', 'las']],
  ['before', 'end', 0, ['same', 'old', 'gone', 'gone too', 'last']],
  ['after', 'after', 3, ['sam', 'a l', 'ong', 'ong', 'las', 'add']],
  ['after', 'before', 0, [' s', '+a', 'lo', 'lo', ' l', '+a']],
] as const)('a rectangle from the text %s to the text %s, %i wide, stays in the one where it began', (...given) => {
  const [from, to, columns, expected] = given;
  expect(copyBlock(from, to, columns).split('\n')).toEqual(expected);
});

it.each<[SelectionShape, 'left' | 'old words' | 'right', readonly string[]]>([
  ['characters', 'left', [' same', '-old', '-gone', '-gone too', ' last']],
  ['characters', 'right', [' same', `+${long}`, ' last', '+added']],
  ['lines', 'left', [' same', `+${long}`, ' last', '+added']],
  ['lines', 'old words', [' same', '-old', '-gone', '-gone too', ' last']],
])('%s that begin on the %s', (shape, from, expected) => {
  expect(copy(shape, from)).toBe(expected.join('\n'));
});
