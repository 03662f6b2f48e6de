/** What a reader sees of a change: text as a unified diff that `patch` takes, everything else as a sentence. */
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { toUnifiedDiff } from '../../../src/core/audit/file-diff.ts';
import type { FileImage } from '../../../src/core/ports.ts';
import fc from '../../fixtures/properties.ts';

const absent: FileImage = { kind: 'absent' };
const content = (text: string | Uint8Array, mode = 0o644, owner = 'root'): FileImage => ({
  kind: 'content',
  content: typeof text === 'string' ? Uint8Array.from(Buffer.from(text)) : text,
  sha256: 'c'.repeat(64),
  mode,
  owner,
});
const hashOnly: FileImage = { kind: 'hash-only', sha256: 'b'.repeat(64), size: 9, mode: 0o644, owner: 'root' };

describe('toUnifiedDiff', () => {
  it.each([
    ['a change', content('a\nb\n'), content('a\nc\n'), '--- a/etc/x\n+++ b/etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n', null],
    ['a new file', absent, content('a\n'), '--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1,1 @@\n+a\n', null],
    ['a deleted file', content('a\n'), absent, '--- a/etc/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n', null],
    [
      'a lost line end',
      content('a\n'),
      content('a'),
      '--- a/etc/x\n+++ b/etc/x\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n',
      null,
    ],
    ['an empty new file', absent, content(''), null, 'An empty file was created.'],
    ['an empty deleted file', content(''), absent, null, 'An empty file was deleted.'],
    ['no change', content('a\n'), content('a\n'), null, 'The content is the same.'],
    ['a mode', content('a\n'), content('a\n', 0o4755), null, 'The content is the same. Mode 0644 became 4755.'],
    ['an owner', content('a\n'), content('a\n', 0o644, 'app'), null, 'The content is the same. Owner root became app.'],
    [
      'a binary',
      content(Uint8Array.of(1, 0, 2)),
      content('a'),
      null,
      `The file is not text: sha256 ${'c'.repeat(64)} (3 bytes) became sha256 ${'c'.repeat(64)} (1 bytes).`,
    ],
    [
      'other bytes than UTF-8',
      absent,
      content(Uint8Array.of(0xff)),
      null,
      `The file is not text: an absent file became sha256 ${'c'.repeat(64)} (1 bytes).`,
    ],
    [
      'a hash',
      hashOnly,
      absent,
      null,
      `Only hashes are kept of this file: sha256 ${'b'.repeat(64)} (9 bytes) became an absent file.`,
    ],
  ] as const)('shows %s', (_what, before, after, diff, note) => {
    expect(toUnifiedDiff(before, after, '/etc/x')).toEqual({ diff, note });
  });

  it('shows every difference: applied to the text before it gives the text after', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', '\n', 'c', ' \r\n', '\ufeff', '\t\n'), { maxLength: 30 })
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { diff } = toUnifiedDiff(content(before), content(after), '/x');
        if (diff === null) expect(before).toBe(after);
        else expect(applyPatch(before, diff, { autoConvertLineEndings: false })).toBe(after);
      }),
    );
  });

  it('gives up in time on two texts that have nothing in common', () => {
    const lines = (seed: number): string =>
      Array.from({ length: 120_000 }, (_, index) => `${(index * seed) % 1_000_003}\n`).join('');
    const { diff, note } = toUnifiedDiff(content(lines(7_919)), content(lines(104_729)), '/x');
    expect(diff === null ? note : 'shown').toMatch(/too different|shown/);
  });
});
