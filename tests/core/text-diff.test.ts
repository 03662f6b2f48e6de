/** The diff of what an agent tells: for the eye, bounded in size and in work. */
import { describe, expect, it } from 'vitest';
import { toTextDiff } from '../../src/core/text-diff.ts';

describe('the diff of two texts', () => {
  it.each([
    ['of a change', 'a\nb\n', 'a\nc\n', '--- /x\n+++ /x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n'],
    ['of a new file', null, 'a\n', '--- /dev/null\n+++ /x\n@@ -0,0 +1,1 @@\n+a\n'],
    ['of nothing', 'a\n', 'a\n', '--- /x\n+++ /x\n'],
  ])('%s is unified', (_what, before, after, expected) => {
    expect(toTextDiff('/x', before, after, 1_000)).toBe(expected);
  });

  it('is none where it would be too long, or too much work', () => {
    const lines = (mark: string): string => Array.from({ length: 2_000 }, (_, at) => `${mark}${at}\n`).join('');
    expect(toTextDiff('/x', 'a'.repeat(60), 'b'.repeat(60), 100)).toBeNull();
    expect(toTextDiff('/x', lines('a'), lines('b'), 100_000)).toBeNull();
    expect(toTextDiff('/x', null, lines('a'), 100_000)).toContain('+a1999');
  });
});
