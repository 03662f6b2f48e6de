/** Patches apply exactly or not at all; what the parser library lets pass as success is refused here. */
import { describe, expect, it } from 'vitest';
import { applyOnePatch, parseOnePatch } from '../../src/core/plans/apply-patch.ts';

const path = '/srv/app.conf';
const never = (): boolean => false;

function patchOf(hunk: string, header = '--- a/srv/app.conf\n+++ b/srv/app.conf\n'): string {
  return `${header}${hunk}`;
}

describe('a patch is refused', () => {
  const swap = '@@ -1,2 +1,2 @@\n a\n-b\n+c\n';
  const cases: [title: string, patch: string][] = [
    ['when it is empty', '\n'],
    ['when it is garbage', 'please change b to c'],
    ['when it has a header and no hunk', '--- a/srv/app.conf\n+++ b/srv/app.conf\n'],
    ['when its hunk counts are wrong', '@@ -1,9 +1,2 @@\n a\n-b\n+c\n'],
    ['when it names two files', `${patchOf(swap)}--- a/srv/b.conf\n+++ b/srv/b.conf\n${swap}`],
    ['when its header names another file', patchOf(swap, '--- a/etc/passwd\n+++ b/etc/passwd\n')],
    ['when only the new name is another file', patchOf(swap, '--- a/srv/app.conf\n+++ b/etc/passwd\n')],
    ['when it creates the file', patchOf(swap, '--- /dev/null\n+++ b/srv/app.conf\n')],
    ['when it deletes the file', patchOf(swap, '--- a/srv/app.conf\n+++ /dev/null\n')],
    ['when it renames', `rename from srv/app.conf\nrename to srv/b.conf\n${patchOf(swap)}`],
    ['when it is binary', 'GIT binary patch\nliteral 0\n'],
  ];
  it.each(cases)('%s', (_title, patch) => {
    expect(() => parseOnePatch(patch, path)).toThrow(expect.objectContaining({ code: 'PATCH_FAILED' }));
  });

  const unfit: [title: string, before: string, patch: string][] = [
    ['when the context differs by a space', 'a \nb\n', swap],
    ['when the context is missing', 'x\ny\n', swap],
    ['when a removed line is missing', 'a\nB\n', swap],
    ['when it changes nothing', 'a\nb\n', '@@ -1,2 +1,2 @@\n a\n-b\n+b\n'],
    ['when its hunks overlap', 'a\nb\n', `${swap}@@ -1,2 +1,2 @@\n a\n-b\n+d\n`],
  ];
  it.each(unfit)('%s', (_title, before, patch) => {
    expect(() => applyOnePatch(before, parseOnePatch(patch, path), never)).toThrow(
      expect.objectContaining({ code: 'PATCH_FAILED' }),
    );
  });
});

describe('a patch applies', () => {
  const cases: [title: string, before: string, patch: string, after: string, offsets: string[]][] = [
    ['where it says', 'a\nb\nc\n', '@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n', 'a\nB\nc\n', []],
    ['without a header', 'a\nb\n', '@@ -2 +2 @@\n-b\n+B\n', 'a\nB\n', []],
    ['keeping CRLF line ends', 'a\r\nb\r\n', '@@ -1,2 +1,2 @@\n a\n-b\n+B\n', 'a\r\nB\r\n', []],
    [
      'to a last line without line end',
      'a\nb',
      '@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n\\ No newline at end of file\n',
      'a\nB',
      [],
    ],
    [
      'further down, and says so',
      'x\ny\na\nb\n',
      '@@ -1,2 +1,2 @@\n a\n-b\n+B\n',
      'x\ny\na\nB\n',
      ['hunk 1 applies 2 lines further down than the patch says'],
    ],
    [
      'higher up, and says so',
      'a\nb\nz\n',
      '@@ -3,2 +3,2 @@\n a\n-b\n+B\n',
      'a\nB\nz\n',
      ['hunk 1 applies 2 lines higher up than the patch says'],
    ],
  ];
  it.each(cases)('%s', (_title, before, patch, after, offsets) => {
    expect(applyOnePatch(before, parseOnePatch(patch, path), never)).toEqual({ text: after, offsets });
  });

  it('a line accepted as the same keeps its real text', () => {
    const parsed = parseOnePatch('@@ -1,2 +1,2 @@\n key=HIDDEN\n-b\n+B\n', path);
    const same = (real: string, patched: string): boolean => patched === 'key=HIDDEN' && real === 'key=value';
    expect(applyOnePatch('key=value\nb\n', parsed, same).text).toBe('key=value\nB\n');
  });
});
