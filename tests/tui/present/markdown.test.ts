/** Markdown as styled lines: tables of source and lines, also of text that is half there. */
import { afterEach, describe, expect, it } from 'vitest';
import { goTo, moveCursor, startCopy, toggleSelection } from '../../../src/tui/copy/copy-model.ts';
import { selectedText } from '../../../src/tui/copy/copy-selection.ts';
import { CopyText, toTextRow } from '../../../src/tui/copy/copy-text.ts';
import { toCodeLines } from '../../../src/tui/present/code-colours.ts';
import { layOutMarkdown } from '../../../src/tui/present/markdown.ts';
import { toWidths } from '../../../src/tui/present/markdown-table.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import type { MarkdownStyle } from '../../../src/tui/present/prose.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { setDrawnCharset } from '../../../src/tui/widgets/width.ts';

afterEach(() => setDrawnCharset('unicode'));

const style = (columns: number): MarkdownStyle => ({ columns, glyphs: unicodeGlyphs, toColours: toCodeLines });
const show = (text: string, columns = 40): readonly string[] =>
  layOutMarkdown(text, style(columns)).lines.map((line) => toText(line).trimEnd());

describe('a block', () => {
  it.each([
    ['# Title', ['Title']],
    ['Title\n===\ntext', ['Title', 'text']],
    ['- one\n- two', ['• one', '• two']],
    ['- one\n  - two\n    - three', ['• one', '  • two', '    • three']],
    ['- one\n\n- two', ['• one', '', '• two']],
    ['- one\n\n  more of one', ['• one', '', '  more of one']],
    ['9. nine\n10. ten', [' 9. nine', '10. ten']],
    ['3) third', ['3) third']],
    ['- [x] done\n- [ ] open', ['• ✓ done', '• ○ open']],
    ['1. a\n   ```sh\n   ls\n   ```', ['1. a', '   sh', '   ▎ ls']],
    ['> quoted\n> - in a list', ['▎ quoted', '▎ • in a list']],
    ['> > twice', ['▎ ▎ twice']],
    ['```\na  b\n\nc\n\n```', ['▎ a  b', '▎', '▎ c']],
    ['~~~yaml title\na: 1\n~~~', ['yaml title', '▎ a: 1']],
    ['    indented', ['▎ indented']],
    ['a\n\n\n\nb', ['a', '', 'b']],
    ['a\nb', ['a', 'b']],
    ['---', ['─'.repeat(24)]],
    ['<!-- hidden? -->', ['<!-- hidden? -->']],
    ['<details>\nwords\n</details>', ['<details>', 'words', '</details>']],
    ['[r]: http://x.example "t"\n\n[words][r]', ['[r]: http://x.example "t"', '', 'words (http://x.example "t")']],
  ])('%j', (text, expected) => {
    expect(show(text)).toEqual(expected);
  });
});

describe('words', () => {
  it.each([
    ['use `ls` and **now**', 'use ls and now'],
    ['``a ` b``', 'a ` b'],
    ['an *unfinished mark', 'an *unfinished mark'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['snake_case_name', 'snake_case_name'],
    ['~~gone~~', '~~gone~~'],
    ['\\*not strong\\*', '*not strong*'],
    ['a &lt; b &amp;&amp; c', 'a < b && c'],
    ['&#x202e;abc &bidi;', '&#x202e;abc &bidi;'],
    ['see http://a.example/x_y', 'see http://a.example/x_y'],
    ['[here](http://a.example)', 'here (http://a.example)'],
    ['[http://good.example](http://evil.example)', 'http://good.example (http://evil.example)'],
    ['[a](javascript:x)', 'a (javascript:x)'],
    ['![map](http://a.example/m.png)', 'image: map (http://a.example/m.png)'],
    ['<b>raw</b>', '<b>raw</b>'],
  ])('%j', (text, expected) => {
    expect(show(text, 80)).toEqual([expected]);
  });

  it('have the look of their marks', () => {
    const [line = []] = layOutMarkdown('a **b** *c* `d` [e](http://f)', style(60)).lines;
    expect(line).toEqual([
      { text: 'a ' },
      { text: 'b', bold: true },
      { text: ' ' },
      { text: 'c', italic: true },
      { text: ' ' },
      { text: 'd', token: 'code' },
      { text: ' ' },
      { text: 'e', underline: true },
      { text: ' (', token: 'muted' },
      { text: 'http://f', token: 'accent', underline: true },
      { text: ')', token: 'muted' },
    ]);
  });
});

describe('a table', () => {
  const disks = '| disk | use | note |\n|:-----|----:|:----:|\n| /dev/sda1 | 91 % | full |\n| 日本 | 4 % | 🙂 |';

  it('is aligned, whatever cells its letters take', () => {
    expect(show(disks)).toEqual([
      'disk      │  use │ note',
      '──────────┼──────┼─────',
      '/dev/sda1 │ 91 % │ full',
      '日本      │  4 % │  🙂',
    ]);
  });

  it('wraps its cells where it would be too wide, and sets such rows apart', () => {
    expect(show('| a | b |\n|---|---|\n| one two three four | x |\n| y | z |', 16)).toEqual([
      'a            │ b',
      '─────────────┼──',
      'one two      │ x',
      'three four   │',
      '─────────────┼──',
      'y            │ z',
    ]);
  });

  it('is copied as it stands there, without blanks at the end and with all of its cells', () => {
    const table = '| a | b |\n|---|---|\n| one two three | four five six |\n| incomprehensibilities | x |';
    const text = new CopyText(layOutMarkdown(table, style(21)).lines.map(toTextRow));
    const rows = ['a         │ b', '──────────┼──────────', 'one two   │ four five', 'three     │ six'];
    const word = ['incompre¬ │ x', 'hensibil¬ │', 'ities     │'];
    expect(Array.from({ length: text.count }, (_, index) => text.row(index).text)).toEqual([...rows, rows[1], ...word]);
    const begun = goTo(startCopy(text, 2, 5, 0), text, { row: 2, at: 4 });
    const state = moveCursor(toggleSelection(begun, 'lines'), 'down', text);
    expect(selectedText(state, text)).toBe(rows.slice(2, 4).join('\n'));
  });

  it('is a list of cells where columns have no room', () => {
    expect(show(disks, 12)).toEqual([
      'disk:',
      '/dev/sda1',
      'use: 91 %',
      'note: full',
      '────────',
      'disk: 日本',
      'use: 4 %',
      'note: 🙂',
    ]);
  });

  it.each([
    ['a cell too many', '| a |\n|---|\n| b | c |', ['a │', '──┼──', 'b │ c']],
    ['a cell too few', '| a | b |\n|---|---|\n| c |', ['a │ b', '──┼──', 'c │']],
    ['a bar in a cell', '| a |\n|---|\n| b\\|c |', ['a', '───', 'b|c']],
    ['a line end in a cell', '| a | b |\n|---|---|\n| c<br>d | e |', ['a │ b', '──┼──', 'c │ e', 'd │']],
    ['code and a link', '| a |\n|---|\n| `x` [l](http://h) |', ['a', '──────────────', 'x l (http://h)']],
  ])('has %s', (_name, text, expected) => {
    expect(show(text)).toEqual(expected);
  });

  it('is plain in ASCII', () => {
    setDrawnCharset('ascii');
    const { lines } = layOutMarkdown('| a | b |\n|---|---|\n| c | d |', { columns: 40, glyphs: asciiGlyphs });
    expect(lines.map(toText)).toEqual(['a | b', '--+--', 'c | d']);
  });

  it.each([
    [[3, 4], 10, [3, 4]],
    [[3, 40], 20, [3, 17]],
    [[30, 40], 20, [10, 10]],
    [[6, 7, 50], 22, [6, 7, 9]],
    [[30, 40, 50], 14, null],
    [[1, 1, 1], 2, null],
  ])('of the widths %j in %i cells has the widths %j', (wanted, room, expected) => {
    expect(toWidths(wanted, room)).toEqual(expected);
  });
});

describe('code', () => {
  it('has colours of the theme for a language that is known', () => {
    const [head, line] = layOutMarkdown('```sh\nif true; then echo "x" # why\n```', style(60)).lines;
    expect(head).toEqual([{ text: 'sh', token: 'muted' }]);
    expect(line?.filter(({ token }) => token !== 'code').map(({ text, token }) => [text, token])).toEqual([
      ['▎ ', 'border'],
      ['if', 'codeKeyword'],
      ['true', 'codeNumber'],
      ['then', 'codeKeyword'],
      ['echo', 'codeKeyword'],
      ['"x"', 'codeString'],
      ['# why', 'codeComment'],
    ]);
  });

  it.each([
    'bash',
    'console',
    'json',
    'yaml',
    'toml',
    'nginx',
    'Dockerfile',
    'sql',
    'python',
    'js',
    'tsx',
    'go',
    'diff',
    'xml',
  ])('in %s keeps every character', (language) => {
    const code = `FROM a\n"x": [1, 'two'] # <b>&amp;</b>\n-a\n+b {{ c }}\n\n\`\`\n  indented\n`;
    expect(toCodeLines(language, code)?.map(toText).join('\n')).toBe(code);
  });

  it.each(['', 'klingon', '__proto__', 'constructor', 'toString'])('in %j has none', (language) => {
    expect(toCodeLines(language, 'if x')).toBeNull();
  });

  it('of more than is worth the time has none', () => {
    expect(toCodeLines('sh', 'echo\n'.repeat(5_000))).toBeNull();
  });

  it('goes on behind a mark where it is too long, blanks and all', () => {
    expect(show('```\nabc    def  ghijklm\n```', 12)).toEqual(['▎ abc    de¬', '▎ f  ghijkl¬', '▎ m']);
  });
});

describe('text that is still arriving', () => {
  it.each([
    ['a fence that is open', 'a\n\n```sh\nls', ['a', '', 'sh', '▎ ls']],
    ['a fence whose end begins', '```\nls\n``', ['▎ ls']],
    ['a fence that has ended', '```\nls\n```', ['▎ ls']],
    ['the first row of a table', '| a | b |', ['a │ b', '──┼──']],
    ['the line below it', '| a | b |\n|--', ['a │ b', '──┼──']],
    ['a row that is half there', '| a | b |\n|---|---|\n| c', ['a │ b', '──┼──', 'c │']],
  ])('shows %s as what it becomes', (_name, text, expected) => {
    expect(show(text)).toEqual(expected);
  });

  it.each([
    ['```sh\nls', '```sh'],
    ['x\n~~~\nls\n', '~~~'],
    ['```\nls\n```', null],
    ['```\n```', null],
    ['````\n```', '````'],
    ['words', null],
  ])('tells the fence that is open at the end of %j', (text, expected) => {
    expect(layOutMarkdown(text, style(40)).openFence).toBe(expected);
  });
});
