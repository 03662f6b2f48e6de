/** Every presentation of foreign text, one row each: nothing acts, nothing is wider than it may be, everything is in sight, no two texts look alike. */

import { afterEach, describe, expect, it } from 'vitest';
import { cardLines } from '../../../src/protocol/card.ts';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { textWidth, toText } from '../../../src/tui/present/text.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import { setDrawnCharset } from '../../../src/tui/widgets/width.ts';
import { awkwardText } from '../../base/display/awkward-text.ts';
import { type Attack, actingCharacters, attacks, longWord, padding } from '../../fixtures/attacks.ts';
import { command, foreignPaths, type Path } from '../../fixtures/foreign-paths.ts';
import fc from '../../fixtures/properties.ts';

afterEach(() => setDrawnCharset('unicode'));

const unicodePages: readonly Page[] = [76, 196].map((columns) => ({ columns, nowMs: 0, glyphs: unicodeGlyphs }));
const asciiPage: Page = { columns: 76, nowMs: 0, glyphs: asciiGlyphs };

/** Marks taken off and lines joined, without what stands in front of them: everything that is in sight. */
function inSight(lines: readonly StyledLine[]): string {
  const mark = /(?:¬|\\x>)$/;
  return lines
    .map(toText)
    .map((line) => (mark.test(line) ? line.replace(mark, '') : `${line}\n`))
    .join('')
    .replaceAll(/\s+/g, '');
}

function problemsOf([, shows, lines]: Path, { name, text, exact, prose }: Attack, page: Page): readonly string[] {
  const shown = lines(text, page);
  const all = shown.map(toText).join('\n');
  const problems: string[] = [];
  const acting = new RegExp(actingCharacters.source.replace('\\p{Cc}', '\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f'), 'u');
  if (acting.test(all)) problems.push(`${name}: a character acts in ${JSON.stringify(acting.exec(all)?.[0])}`);
  if (page.glyphs === asciiGlyphs && /[^\n\x20-\x7e]/.test(all)) problems.push(`${name}: not ASCII`);
  for (const line of shown)
    if (textWidth(toText(line)) > page.columns) problems.push(`${name}: ${textWidth(toText(line))} cells`);
  const seen = inSight(shown);
  const isSeen = [exact, ...(prose === undefined ? [] : [prose])].some((marked) => seen.includes(marked));
  if (shows !== 'part' && !isSeen) problems.push(`${name}: not in sight: ${seen.slice(0, 300)}`);
  return problems;
}

describe.each(foreignPaths)('%s', (...path) => {
  it('shows every attack as it is, and lets none act', () => {
    const all = [...attacks, padding, longWord];
    const problems = unicodePages.flatMap((page) => all.flatMap((attack) => problemsOf(path, attack, page)));
    setDrawnCharset('ascii');
    const inAscii = all.flatMap((attack) => problemsOf(path, { ...attack, exact: attack.exact }, asciiPage));
    expect([...problems, ...inAscii]).toEqual([]);
  });
});

describe.each(foreignPaths.filter(([, shows]) => shows === 'exact'))('%s', (_name, _shows, lines) => {
  it('never shows two texts alike', () => {
    for (const charset of ['unicode', 'ascii'] as const) {
      setDrawnCharset(charset);
      const page = charset === 'ascii' ? asciiPage : (unicodePages[0] as Page);
      const look = (text: string): string => JSON.stringify(lines(text, page).map((line) => toText(line).trimEnd()));
      fc.assert(
        fc.property(awkwardText, awkwardText, fc.nat(40), (one, other, at) => {
          fc.pre(one !== other);
          // Far apart and near to each other: one character more somewhere in the middle.
          expect(look(one)).not.toBe(look(other));
          if (other !== '') expect(look(one.slice(0, at) + other + one.slice(at))).not.toBe(look(one));
        }),
        { numRuns: 30 },
      );
    }
  });
});

it('cards are lines of printable ASCII where only that is wanted', () => {
  for (const { text } of attacks)
    for (const { text: line } of cardLines(command({ argv: [text], stdin: text }), 76, 'ascii'))
      expect(line).toMatch(/^[\x20-\x7e]*$/);
});
