/**
 * Which rows of a block's output are shown: a long one shows its beginning and its end, with the number of rows between. Pure.
 */
import { keyWord } from '../key-words.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, span } from './text.ts';
import { toCount } from './words.ts';

/** `auto`: long output is shortened; `open`: every row; `folded`: none. */
export type Fold = 'auto' | 'open' | 'folded';

/** More rows than this fold by themselves: two of three commands of a working day print less. */
export const foldAboveRows = 50;
const rowsBefore = 5;
const rowsAfter = 20;

/** Rows in the order in which they stand: shown, folded away, shown. */
export interface FoldPlan {
  readonly before: number;
  readonly hidden: number;
  readonly after: number;
  /** Rows that came before all of these and are not kept here. */
  readonly gone: number;
}

/**
 * @param gone rows that are not kept any more, before the `rows` that are.
 * @param beginning `cut`: the first of the rows are not what was printed first.
 */
export function toFoldPlan(rows: number, gone: number, fold: Fold, beginning: 'whole' | 'cut' = 'whole'): FoldPlan {
  if (fold === 'folded') return { before: 0, hidden: rows, after: 0, gone };
  if (fold === 'open' || rows + gone <= foldAboveRows) return { before: 0, hidden: 0, after: rows, gone };
  // The beginning is what was printed first, or nothing.
  const before = gone > 0 || beginning === 'cut' ? 0 : rowsBefore;
  return { before, hidden: Math.max(0, rows - before - rowsAfter), after: Math.min(rowsAfter, rows - before), gone };
}

/** Whether a row says what is not shown. */
export function hasFoldRow(plan: FoldPlan): boolean {
  return plan.hidden > 0 || plan.gone > 0;
}

/** Rows that the output takes in its pane. */
export function rowsOfPlan(plan: FoldPlan): number {
  return plan.before + plan.after + (hasFoldRow(plan) ? 1 : 0);
}

/** What Enter does with the output of the chosen block. */
export function toNextFold(rows: number, gone: number, fold: Fold): Fold {
  const isShort = rows + gone <= foldAboveRows;
  if (fold === 'folded') return isShort ? 'auto' : 'open';
  return fold === 'open' || isShort ? 'folded' : 'open';
}

/** The row in place of what is not shown. Keys are named where they would act: on the chosen block. */
export function toFoldLine(plan: FoldPlan, chosen: 'chosen' | 'not chosen', page: Page): StyledLine {
  const { glyphs } = page;
  const isFolded = plan.before + plan.after === 0;
  const hasKeys = chosen === 'chosen';
  const mark = span(`  ${isFolded ? glyphs.folded : glyphs.ellipsis} `, 'accent');
  const line = [mark];
  if (plan.hidden > 0) {
    line.push(
      span(
        `${plan.hidden} ${isFolded ? toCount(plan.hidden, 'row').replace(/^\d+ /, '') : toMore(plan.hidden)}`,
        'muted',
      ),
    );
    if (hasKeys)
      line.push(span(', ', 'muted'), span(keyWord('pane', 'toggleFold'), 'key'), span(' shows them', 'muted'));
  }
  if (plan.gone > 0) {
    const join = plan.hidden > 0 ? '; ' : '';
    line.push(span(`${join}${toCount(plan.gone, 'earlier row')} only in the recording`, 'muted'));
    if (hasKeys) line.push(span(', ', 'muted'), span(keyWord('pane', 'playBlock'), 'key'), span(' plays it', 'muted'));
  }
  return clip(line, page.columns, glyphs.ellipsis);
}

function toMore(rows: number): string {
  return rows === 1 ? 'more row' : 'more rows';
}
