/**
 * A unified diff as two columns: the file before on the left, after on the right, line by line with their numbers. It shows exactly what the
 * unified form shows. Pure.
 */
import type { Span, StyledLine } from '../styled.ts';
import { diffTokens, toRowLines } from './diff.ts';
import { type DiffRow, toDiffRows, toPairs } from './diff-rows.ts';
import type { Page } from './page.ts';
import { type DiffColours, withColours } from './row-colours.ts';
import { columnsOf, plain, span } from './text.ts';

/** From here on two columns have room for the lines of most files: a screen of 160 without the frame. */
export const besideColumnsMin = 156;
export const besideScreenColumns = 160;

export type DiffLayout = 'unified' | 'beside';

const dividerColumns = 3;

export function toBesideLines(diff: string, page: Page, colours: DiffColours | null = null): readonly StyledLine[] {
  const rows = withColours(toDiffRows(diff), colours);
  const last = Math.max(0, ...rows.map(({ before, after }) => Math.max(before ?? 0, after ?? 0)));
  const half = Math.floor((page.columns - dividerColumns) / 2);
  const sides = { half, digits: String(last).length, divider: plain(` ${page.glyphs.column} `, 'border') };
  return toCouples(rows).flatMap((couple) => {
    if (couple.kind === 'across') return toRowLines(couple.row, page.columns);
    return joinSides(toSide(couple.left, 'before', sides), toSide(couple.right, 'after', sides), {
      ...sides,
      tints: [toTint(couple.left), toTint(couple.right)],
    });
  });
}

type Couple =
  | { readonly kind: 'across'; readonly row: DiffRow }
  | { readonly kind: 'sides'; readonly left: DiffRow | null; readonly right: DiffRow | null };

/** Removed lines beside those that they became; each keeps the order of its own file. */
function toCouples(rows: readonly DiffRow[]): readonly Couple[] {
  const pairs = toPairs(rows);
  const partners = new Set(pairs.values());
  const couples: Couple[] = [];
  let side: 'left' | 'right' | 'both' = 'both';
  rows.forEach((row, index) => {
    if (row.kind === 'header' || row.kind === 'hunk') couples.push({ kind: 'across', row });
    else if (row.kind === 'context') couples.push({ kind: 'sides', left: row, right: row });
    else if (row.kind === 'remove') {
      const partner = pairs.get(index);
      couples.push({ kind: 'sides', left: row, right: partner === undefined ? null : (rows[partner] ?? null) });
    } else if (row.kind === 'add') {
      if (!partners.has(index)) couples.push({ kind: 'sides', left: null, right: row });
    } else couples.push({ kind: 'sides', left: side === 'right' ? null : row, right: side === 'left' ? null : row });
    if (row.kind !== 'note') side = row.kind === 'remove' ? 'left' : row.kind === 'add' ? 'right' : 'both';
  });
  return couples;
}

interface Sides {
  readonly half: number;
  readonly digits: number;
  readonly divider: StyledLine;
}

/** The look beneath the room behind the text of a row, so that a changed block is seen in its whole width. */
function toTint(row: DiffRow | null): Partial<Span> {
  return row?.kind === 'add' || row?.kind === 'remove' ? { token: 'text', under: diffTokens[row.kind] } : {};
}

function toSide(row: DiffRow | null, file: 'before' | 'after', { half, digits }: Sides): readonly StyledLine[] {
  if (!row) return [];
  const number = row[file];
  const gutter = digits + 1;
  return toRowLines(row, half - gutter).map((line, index) => [
    span(index === 0 && number !== null ? `${String(number).padStart(digits)} ` : ' '.repeat(gutter), 'muted'),
    { text: '', side: file },
    ...line,
  ]);
}

function joinSides(
  left: readonly StyledLine[],
  right: readonly StyledLine[],
  { half, divider, tints }: Sides & { readonly tints: readonly [left: Partial<Span>, right: Partial<Span>] },
): readonly StyledLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [before, after] = [left[index] ?? [], right[index] ?? []];
    // The numbers of the lines are of no file: where a side has no more rows, nothing is tinted.
    const tint = before.length > 0 ? tints[0] : {};
    const gap: Span = { text: toGap(before, half), side: 'between', ...tint };
    const rest: Span = { text: toGap(after, half), side: 'end', ...tints[1] };
    return [...before, gap, ...divider, ...after, ...(after.length > 0 && tints[1].under ? [rest] : [])];
  });
}

function toGap(line: StyledLine, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(line)));
}

/** Where the changes of a laid-out diff begin. */
export function toHunkRows(lines: readonly StyledLine[]): readonly number[] {
  return lines.flatMap((line, index) =>
    line.some(({ text, token }) => token === 'diffHunk' && text.trimStart().startsWith('@@')) ? [index] : [],
  );
}
