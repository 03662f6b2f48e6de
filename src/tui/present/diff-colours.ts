/**
 * A unified diff with the colours of its language: the mark of each line in a gutter, the background telling again what it says. What is
 * decided upon is shown by diff.ts instead, with the numbers of its lines and what changed within them. Pure.
 */
import type { Span, StyledLine, Token } from '../styled.ts';
import { toLanguageOf } from './code-languages.ts';
import { toDiffLines } from './diff.ts';
import type { Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { foreign, plain, span } from './text.ts';
import { wrapCode } from './wrap-code.ts';

interface DiffLine {
  readonly sign: string;
  /** Escaped. */
  readonly text: string;
}

/** Without a language that is known, as diff.ts shows it. */
export function toColouredDiffLines(
  diff: string,
  path: string,
  page: Page,
  toColours: CodeColours | undefined,
): readonly StyledLine[] {
  const language = toLanguageOf(path);
  const lines = diff.replace(/\n$/, '').split('\n').map(toDiffLine);
  const first = lines.findIndex(({ sign }) => sign === '@');
  if (language === null || toColours === undefined || first === -1) return toDiffLines(diff, page);
  const before = colourSide(lines, '-', language, toColours);
  const after = colourSide(lines, '+', language, toColours);
  if (before === null || after === null) return toDiffLines(diff, page);
  const room = Math.max(1, page.columns - 1);
  return lines.flatMap((line, index) => {
    const look = looks[line.sign];
    if (look === undefined || index < first)
      return wrapCode(plain(`${line.sign}${line.text}`, 'diffHunk'), page.columns);
    const code = (line.sign === '-' ? before : after).get(index) ?? [];
    const painted = code.map((part): Span => (look === 'text' ? part : { ...part, under: look }));
    const gutter = span(line.sign, look, look === 'text' ? {} : { bold: true });
    return wrapCode(painted, room).map((row, at): StyledLine => [at === 0 ? gutter : span(' ', look), ...row]);
  });
}

const looks: Readonly<Record<string, Token>> = { '+': 'diffAdd', '-': 'diffRemove', ' ': 'text' };

/** A blank at the end may be the whole difference, so it is marked; in a line that stays as it is it says nothing. */
function toDiffLine(source: string): DiffLine {
  const sign = source.charAt(0);
  const text = source.slice(1);
  return { sign: sign === '' ? ' ' : sign, text: foreign(sign === ' ' ? text.trimEnd() : text) };
}

/** What stands in all lines of one side, as one text, so that a text of several lines is seen as one. By index of the line. */
function colourSide(
  lines: readonly DiffLine[],
  sign: '+' | '-',
  language: string,
  toColours: CodeColours,
): ReadonlyMap<number, StyledLine> | null {
  const own = lines.flatMap((line, index) => (line.sign === sign || line.sign === ' ' ? [{ index, ...line }] : []));
  const coloured = toColours(language, own.map(({ text }) => text).join('\n'));
  return coloured && new Map(own.map(({ index }, at) => [index, coloured[at] ?? []]));
}
