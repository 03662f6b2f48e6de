/** Differences in one column and in two: the same lines, with what changed within a line marked. */
import { describe, expect, it } from 'vitest';
import { cardLines } from '../../../src/protocol/card.ts';
import { toCardBody } from '../../../src/tui/present/card.ts';
import { type Change, toChanges } from '../../../src/tui/present/changed-words.ts';
import { toDiffLines } from '../../../src/tui/present/diff.ts';
import { toBesideLines, toHunkRows } from '../../../src/tui/present/diff-beside.ts';
import { toDiffRows, toPairs } from '../../../src/tui/present/diff-rows.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { columnsOf, toText } from '../../../src/tui/present/text.ts';
import { makeWriteCard } from '../../fixtures/fake-host.ts';
import fc from '../../fixtures/properties.ts';

const page = (columns: number): Page => ({ columns, nowMs: 0, glyphs: unicodeGlyphs });
const diff = [
  ...['--- a/nginx.conf', '+++ b/nginx.conf', '@@ -1,4 +1,4 @@', ' user www;', '-worker_processes 2;'],
  ...[
    '+worker_processes 4;',
    ' events {}',
    '-old',
    '@@ -90,2 +90,3 @@',
    ' end',
    '+new',
    '+newer',
    '\\ No newline at end of file',
  ],
].join('\n');

describe('what changed within a line', () => {
  const cut = (text: string, changes: readonly Change[] = []): readonly string[] =>
    changes.map(({ from, to }) => text.slice(from, to));
  const without = (text: string, changes: readonly Change[]): string =>
    changes.reduceRight((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['worker_processes 2;', 'worker_processes 4;', ['2'], ['4']],
    ['listen 80;', 'listen 80 default;', [], [' default']],
    ['a b c d e f', 'a b X d e f', ['c'], ['X']],
    ['the same', 'the same', [], []],
    ['x = "10M"', 'x = "20M"', ['10M'], ['20M']],
    [
      'app.listen(process.env.PORT ?? 3000);',
      'app.serve(process.env.PORT ?? 8080, host);',
      ['listen', '3000'],
      ['serve', '8080, host'],
    ],
    // What is alike by chance does not divide a change.
    ['run(one, two) on the host', 'run(six, ten) on the host', ['one, two'], ['six, ten']],
  ])('%j and %j', (before, after, old, now) => {
    const changes = toChanges(before, after);
    expect(cut(before, changes?.before)).toEqual(old);
    expect(cut(after, changes?.after)).toEqual(now);
  });

  it.each([
    ['', 'x'],
    ['completely other', 'nothing in common'],
    ['}', 'server { listen 80; }'],
  ])('%j and %j have too little in common', (before, after) => expect(toChanges(before, after)).toBeNull());

  it('leaves the same text of both lines', () => {
    const words = fc.array(fc.constantFrom('a', 'port', ' ', '(', ',', 'e\u0301'), { maxLength: 12 });
    const line = fc.oneof(
      fc.string(),
      words.map((all) => all.join('')),
    );
    fc.assert(
      fc.property(line, line, (before, after) => {
        const changes = toChanges(before, after);
        if (!changes) return true;
        const isInOrder = ({ from, to }: Change, at: number, all: readonly Change[]): boolean =>
          from < to && (all[at - 1]?.to ?? -1) < from;
        return (
          changes.before.every(isInOrder) &&
          changes.after.every(isInOrder) &&
          without(before, changes.before) === without(after, changes.after)
        );
      }),
    );
  });

  it('is underlined in both forms', () => {
    for (const lines of [toDiffLines(diff, page(80)), toBesideLines(diff, page(160))]) {
      const marked = lines.flat().filter(({ underline }) => underline === true);
      expect(marked.map(({ text }) => text)).toEqual(['2', '4']);
    }
  });
});

describe('rows of a difference', () => {
  it('have their numbers in both files', () => {
    expect(toDiffRows(diff).map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ...[
        ['header', null, null],
        ['header', null, null],
        ['hunk', null, null],
        ['context', 1, 1],
        ['remove', 2, null],
      ],
      ...[
        ['add', null, 2],
        ['context', 3, 3],
        ['remove', 4, null],
        ['hunk', null, null],
        ['context', 90, 90],
      ],
      ...[
        ['add', null, 91],
        ['add', null, 92],
        ['note', null, null],
      ],
    ]);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['@@ -1 +1 @@\n-a\n+b', [[1, 2]]],
    ['@@ -1,2 +1 @@\n-a\n-b\n+c', [[1, 3]]],
    ['@@ -1 +1,2 @@\n-a\n+b\n+c', [[1, 2]]],
    ['@@ -1 +1 @@\n-a\n\\ No newline\n+b\n\\ No newline', [[1, 3]]],
    ['@@ -1,2 +1,2 @@\n-a\n x\n+b', []],
    ['@@ -1 +0,0 @@\n-a', []],
  ])('%j pairs %j', (text, pairs) => expect([...toPairs(toDiffRows(text))]).toEqual(pairs));
});

describe('two columns', () => {
  it('put each line beside what it became', () => {
    const lines = toBesideLines(diff, page(70)).map((line) => toText(line).replace(/ +/g, ' ').trim());
    expect(lines.slice(3)).toEqual([
      ...['1 user www; │ 1 user www;', '2 -worker_processes 2; │ 2 +worker_processes 4;', '3 events {} │ 3 events {}'],
      ...['4 -old │', '@@ -90,2 +90,3 @@', '90 end │ 90 end', '│ 91 +new', '│ 92 +newer'],
      '│ \\ No newline at end of file',
    ]);
  });

  it('tint a changed row in the whole width of its side', () => {
    const lines = toBesideLines(diff, page(71));
    const looks = lines
      .slice(4, 6)
      .map((line) => [
        line.find(({ side }) => side === 'between')?.under,
        line.find(({ side }) => side === 'end')?.under,
        columnsOf(line),
      ]);
    expect(looks).toEqual([
      ['diffRemove', 'diffAdd', 71],
      [undefined, undefined, columnsOf(lines[5] ?? [])],
    ]);
  });

  it('lose nothing and stay within their width, whatever the lines are', () => {
    const line = fc.string({ maxLength: 60, unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('-', '+', ' '), line)),
        fc.integer({ min: 40, max: 200 }),
        (rows, columns) => {
          const text = `@@ -1 +1 @@\n${rows.map(([sign, words]) => `${sign}${words}`).join('\n')}`;
          const beside = toBesideLines(text, page(columns));
          if (beside.some((one) => columnsOf(one) > columns)) return false;
          const all = beside
            .map(toText)
            .join('')
            .replaceAll(/[\s¬│\d]/g, '');
          // Each side in its own order; what both have stands in both.
          const size = toDiffRows(text).reduce((sum, row) => {
            const own = `${row.sign}${row.text}`.replaceAll(/[\s¬│\d]/g, '').length;
            return sum + own * (row.kind === 'context' ? 2 : 1);
          }, 0);
          return all.length === size;
        },
      ),
    );
  });

  it('tell where changes begin, in both forms', () => {
    expect(toHunkRows(toDiffLines(diff, page(80)))).toEqual([2, 8]);
    expect(toHunkRows(toBesideLines(diff, page(80)))).toEqual([2, 7]);
    expect(toHunkRows(toDiffLines(diff.replace('old', '@@ -1 +1 @@'), page(80)))).toEqual([2, 8]);
  });
});

describe('a card', () => {
  it.each([32, 76, 120])('in one column says word for word what every client is shown, at %i columns', (columns) => {
    const card = makeWriteCard('c1', `${diff}\n`);
    const shown = toCardBody({ kind: 'gate', id: 'c1', card }, 'card', page(columns)).map((line) =>
      toText(line).trimEnd(),
    );
    expect(shown).toEqual(cardLines(card, columns).map(({ text }) => text.trimEnd()));
  });

  it('in two columns says the rest word for word, too', () => {
    const card = makeWriteCard('c1', diff);
    const entry = { kind: 'gate' as const, id: 'c1', card };
    const shown = toCardBody(entry, 'card', page(180), 'beside').map((line) => toText(line).trimEnd());
    const plain = cardLines(card, 180).filter(({ role }) => !role.startsWith('diff-'));
    for (const { text } of plain) if (!/^ {2}(---|\+\+\+|\\)/.test(text)) expect(shown).toContain(text.trimEnd());
    expect(shown.some((line) => /2 -worker_processes 2; +│ +2 \+worker_processes 4;/.test(line))).toBe(true);
  });
});
