/** Where the first change of a difference stands in the changed text. */
import { describe, expect, it } from 'vitest';
import { toFirstChange } from '../../src/tui/hunk-moves.ts';

describe('the first change', () => {
  it.each([
    ['a line that was changed', '@@ -2,3 +2,3 @@\n b\n-c\n+C\n d\n', 'a\nb\nC\nd\n', 'C'],
    ['a line that was added', '--- a\n+++ b\n@@ -1,2 +1,3 @@\n a\n+x\n b\n', 'a\nx\nb\n', 'x'],
    ['a line that was taken out', '@@ -1,3 +1,2 @@\n a\n-x\n b\n', 'a\nb\n', 'b'],
    ['a new file', '@@ -0,0 +1,2 @@\n+a\n+b\n', 'a\nb\n', 'a'],
    ['a file that was emptied', '@@ -1,1 +0,0 @@\n-a\n', '', ''],
    ['nothing', '', 'a\nb', ''],
    ['a difference that names more lines than there are', '@@ -1,1 +900,1 @@\n+a\n', 'a\n', ''],
  ])('of %s', (_title, diff, text, expected) => {
    expect(text.slice(toFirstChange(diff, text)).split('\n')[0]).toBe(expected);
  });
});
