/** The diff of a change between two large texts with nothing in common: still the whole truth, and without trying every pairing, which would take hours. */
import { applyPatch } from 'diff';
import { afterEach, expect, it, vi } from 'vitest';
import { toChangeDiff } from '../../../src/core/plans/plan-write.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  ['both end with a line end', '\n', '\n'],
  ['neither does', '', ''],
  ['only the old one does', '\n', ''],
])('applies exactly when %s', (_what, oldEnd, newEnd) => {
  const before = Array.from({ length: 15_000 }, (_, at) => `old ${at}`).join('\n') + oldEnd;
  const after = Array.from({ length: 15_000 }, (_, at) => `new ${at}`).join('\n') + newEnd;
  // Each look at the clock takes a second: what compares gives up after a few, on any machine.
  let nowMs = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (nowMs += 1000));
  const diff = toChangeDiff(Buffer.from(before), Buffer.from(after), '/etc/a') ?? '';
  expect(clock).toHaveBeenCalled();
  clock.mockRestore();
  expect(diff.startsWith('--- /etc/a\n+++ /etc/a\n@@ -1,15000 +1,15000 @@\n-old 0\n')).toBe(true);
  expect(applyPatch(before, diff)).toBe(after);
});
