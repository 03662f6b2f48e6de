/** Colours of differences that are decided upon: they change no letter, hide no comment, and are absent where they would not be sure. */
import { describe, expect, it } from 'vitest';
import { toCodeLines } from '../../../src/tui/present/code-colours.ts';
import { toDiffLines } from '../../../src/tui/present/diff.ts';
import { toBesideLines } from '../../../src/tui/present/diff-beside.ts';
import { toHistoryDetails } from '../../../src/tui/present/history.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import type { CodeColours } from '../../../src/tui/present/prose.ts';
import { toChangeDetails, toPreviewLines } from '../../../src/tui/present/rollback.ts';
import { toPathOf } from '../../../src/tui/present/row-colours.ts';
import { toText } from '../../../src/tui/present/text.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import fc, { anyCharacter } from '../../fixtures/properties.ts';

const page = (columns: number): Page => ({ columns, nowMs: 0, glyphs: unicodeGlyphs });
const diff =
  '--- a/srv/app.ts\n+++ b/srv/app.ts\n@@ -1,3 +1,3 @@\n // why\n-const port = 80;\n+const port = 8080; // new\n';
const path = '/srv/app.ts';
const step = {
  ...{ id: 'A1', ts: '', outcome: 'ok', by: 'demo', isDrift: false, canRollBack: true },
};
const detail = { records: [], diff, diffNote: null };
const undo = { server: 'web-1', path, ids: ['A1'], effect: 'restore' as const, diff, note: null };
const change = {
  ...{ server: 'web-1', path, effect: 'changed' as const, agents: [], state: 'changed', ids: ['A1'] },
  ...{ rolledBackIds: [], diff, note: null, changedAt: '' },
} as const;
const looks = (toColours: CodeColours, of = path) =>
  toDiffLines(diff, page(60), { path: of, toColours }).map((line) =>
    line.map(({ text, token, under }) => [text, token, under]),
  );

describe('the colours of a difference', () => {
  it('are those of its language, on the ground of what was added or removed', () => {
    expect(looks(toCodeLines)[4]).toEqual([
      ['-', 'diffRemove', undefined],
      ['const', 'codeKeyword', 'diffRemove'],
      [' port = ', 'diffRemove', undefined],
      ['80', 'codeNumber', 'diffRemove'],
      [';', 'diffRemove', undefined],
    ]);
  });

  it.each<[string, (toColours: CodeColours) => readonly StyledLine[]]>([
    ['the history of a file', (toColours) => toHistoryDetails(step, detail, page(60), 'unified', toColours)],
    ['the changes of a session', (toColours) => toChangeDetails(change, page(60), toColours)],
    ['a rollback', (toColours) => toPreviewLines({ steps: [undo], stop: null }, page(60), toColours)],
  ])('are those of its language in %s, too', (_place, layOut) => {
    const tokens = (toColours: CodeColours) => layOut(toColours).flatMap((line) => line.map(({ token }) => token));
    expect(tokens(toCodeLines)).toContain('codeKeyword');
    expect(tokens(() => null)).not.toContain('codeKeyword');
  });

  it('leave comments as plain as what they stand beside', () => {
    const rows = looks(toCodeLines);
    expect(rows[3]).toEqual([
      [' ', 'text', undefined],
      ['// why', 'text', undefined],
    ]);
    expect(rows[5]?.at(-1)?.slice(1)).toEqual(['diffAdd', undefined]);
  });

  it.each<[string, CodeColours, string?]>([
    ['of a language that is not known', toCodeLines, '/srv/notes'],
    ['that are not loaded yet', () => null],
    ['whose text is another one', (_language, code) => code.split('\n').map((text) => [{ text: `${text} ` }])],
    ['of fewer lines', () => []],
  ])('are left out: those %s', (_title, toColours, of) => {
    const plain = toDiffLines(diff, page(60)).map((line) => line.map(({ text, token, under }) => [text, token, under]));
    expect(looks(toColours, of).map((line) => line.filter(([text]) => text !== ''))).toEqual(
      plain.map((line) => line.filter(([text]) => text !== '')),
    );
  });

  it('change no letter and no break, in both forms', () => {
    const line = fc.string({ unit: anyCharacter, maxLength: 40 });
    const row = fc.tuple(fc.constantFrom('-', '+', ' ', '@'), line).map(([sign, text]) => `${sign}${text}`);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.integer({ min: 8, max: 90 }), (rows, columns) => {
        const text = `@@ -1,9 +1,9 @@\n${rows.join('\n')}\n`;
        for (const layOut of [toDiffLines, toBesideLines]) {
          const coloured = layOut(text, page(columns), { path, toColours: toCodeLines });
          expect(coloured.map(toText)).toEqual(layOut(text, page(columns)).map(toText));
        }
      }),
    );
  });

  it.each([
    [diff, '/srv/app.ts'],
    ['--- /etc/a.yaml\n+++ /etc/a.yaml\n@@', '/etc/a.yaml'],
    ['--- /dev/null\n+++ b/etc/new.py\t2026-11-21\n@@', '/etc/new.py'],
    ['--- a/etc/old.py\n+++ /dev/null\n@@', '/etc/old.py'],
    ['@@ -1 +1 @@\n', ''],
  ])('follow the name of the file in %j', (text, expected) => {
    expect(toPathOf(text)).toBe(expected);
  });
});
