/** The diff of a change between two large texts with nothing in common: still the whole truth, and without trying every pairing, which would take hours. */
import { applyPatch } from 'diff';
import { expect, it } from 'vitest';
import { toChangeDiff } from '../../../src/core/plans/plan-write.ts';

it.each([
  ['both end with a line end', '\n', '\n'],
  ['neither does', '', ''],
  ['only the old one does', '\n', ''],
])('applies exactly when %s', (_what, oldEnd, newEnd) => {
  const before = Array.from({ length: 15_000 }, (_, at) => `old ${at}`).join('\n') + oldEnd;
  const after = Array.from({ length: 15_000 }, (_, at) => `new ${at}`).join('\n') + newEnd;
  const diff = toChangeDiff(Buffer.from(before), Buffer.from(after), '/etc/a') ?? '';
  expect(diff.startsWith('--- /etc/a\n+++ /etc/a\n@@ -1,15000 +1,15000 @@\n-old 0\n')).toBe(true);
  expect(applyPatch(before, diff)).toBe(after);
});
