/** Laws of Markdown on the screen: never too wide, nothing lost, the same whether it came at once or in pieces, and no text acts through it. */
import { afterEach, describe, expect, it } from 'vitest';
import { toCodeLines } from '../../../src/tui/present/code-colours.ts';
import { layOutMarkdown } from '../../../src/tui/present/markdown.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import type { LaidOutProse, MarkdownStyle } from '../../../src/tui/present/prose.ts';
import { textWidth, toText } from '../../../src/tui/present/text.ts';
import { setDrawnCharset } from '../../../src/tui/widgets/width.ts';
import { actingCharacters, attackLine, attacks } from '../../fixtures/attacks.ts';
import fc from '../../fixtures/properties.ts';

afterEach(() => setDrawnCharset('unicode'));

const style = (columns: number): MarkdownStyle => ({ columns, glyphs: unicodeGlyphs, toColours: toCodeLines });

const word = fc.stringMatching(/^[a-z]{1,9}$/);
const words = fc.array(fc.oneof(word, fc.constantFrom('日本', '🙂', '**x**', '`y`', '[l](http://h)', '*', '_', '|')), {
  minLength: 1,
  maxLength: 12,
});
const piece = fc.oneof(
  words.map((all) => all.join(' ')),
  fc
    .tuple(fc.constantFrom('# ', '- ', '  - ', '1. ', '> ', '    ', '- [ ] ', '| '), words)
    .map(([mark, all]) => mark + all.join(' ')),
  fc.tuple(words, words).map(([a, b]) => `| ${a.join(' ')} | b |\n|---|---|\n| ${b.join(' ')} | d | e |`),
  fc.constantFrom('', '', '```sh', '```', '---', '===', '<div>', '[l]: http://x', '|---|'),
);
const source = fc.array(piece, { minLength: 1, maxLength: 14 }).map((lines) => lines.join('\n'));

describe('any text', () => {
  it('is never wider than it may be, and loses no word', () => {
    fc.assert(
      fc.property(source, fc.constantFrom(9, 14, 23, 40, 76, 180), (text, columns) => {
        const shown = layOutMarkdown(text, style(columns)).lines;
        for (const line of shown) expect(textWidth(toText(line))).toBeLessThanOrEqual(columns);
        // Words of up to two letters are in marks and numbers, too; longer ones are broken where lines are short.
        if (columns < 76) return;
        const seen = shown.map(toText).join(' ');
        for (const wanted of text.match(/[a-z]{3,}/g) ?? []) expect(seen).toContain(wanted);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the order of its words where nothing stands side by side', () => {
    const line = fc.tuple(
      fc.constantFrom('', '# ', '- ', '  - ', '> ', '1. '),
      fc.array(word, { minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 9 }), (lines) => {
        const text = lines.map(([mark, all]) => mark + all.join(' ')).join('\n');
        const letters = (of: string): readonly string[] => of.match(/[a-z]+/g) ?? [];
        expect(letters(layOutMarkdown(text, style(30)).lines.map(toText).join(' '))).toEqual(letters(text));
      }),
      { numRuns: 60 },
    );
  });

  it('looks the same whether it came at once or in pieces', () => {
    fc.assert(
      fc.property(source, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), (text, steps) => {
        let before: LaidOutProse | null = null;
        let at = 0;
        for (const step of steps) {
          at += step;
          before = layOutMarkdown(text.slice(0, at), style(50), before);
        }
        expect(layOutMarkdown(text, style(50), before).lines).toEqual(layOutMarkdown(text, style(50)).lines);
      }),
      { numRuns: 100 },
    );
  });

  it('that grows keeps the lines above its last blocks', () => {
    const text = Array.from({ length: 60 }, (_, index) => `Paragraph ${index} with **words**.`).join('\n\n');
    const before = layOutMarkdown(text, style(50));
    const after = layOutMarkdown(`${text} And more.`, style(50), before);
    const kept = after.lines.filter((line, index) => line === before.lines[index] && line.length > 0);
    expect(kept.length).toBeGreaterThanOrEqual(56);
  });
});

describe('hostile text', () => {
  const frames: readonly (readonly [name: string, frame: (text: string) => string])[] = [
    ['a heading', (text) => `# ${text}`],
    ['a list', (text) => `- ${text}\n  - ${text}`],
    ['a cell', (text) => `| a | b |\n|---|---|\n| ${text} | ${text} |`],
    ['a heading of a table', (text) => `| ${text} |\n|---|\n| a |`],
    ['code', (text) => `\`\`\`sh\n${text}\n\`\`\``],
    ['the language of code', (text) => `\`\`\`${text}\nls\n\`\`\``],
    ['inline code', (text) => `\`${text}\``],
    ['a link', (text) => `[${text}](http://x)`],
    ['an address', (text) => `[a](<http://x/${text}>)`],
    ['an address apart', (text) => `[a]: http://x/${text}\n\n[a]`],
    ['a quote', (text) => `> ${text}`],
    ['HTML', (text) => `<b title="${text}">`],
    ['half an escape', (text) => `**\\**x1b[31m ${text}`],
  ];

  it.each(frames)('in %s acts in no width and no charset', (_name, frame) => {
    const acting = new RegExp(actingCharacters.source, 'u');
    for (const text of [attackLine, ...attacks.map((attack) => attack.text)]) {
      for (const columns of [14, 76]) {
        setDrawnCharset('unicode');
        for (const line of layOutMarkdown(frame(text), style(columns)).lines) {
          // Emoji have selectors of their own, which the drawn cells keep.
          expect(toText(line)).not.toMatch(acting);
          expect(textWidth(toText(line))).toBeLessThanOrEqual(columns);
        }
      }
      setDrawnCharset('ascii');
      for (const line of layOutMarkdown(frame(text), { columns: 76, glyphs: asciiGlyphs }).lines)
        expect(toText(line)).toMatch(/^[\x20-\x7e]*$/);
    }
  });
});
