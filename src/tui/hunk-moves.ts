/**
 * Moving from change to change of a difference that is shown, and switching its form. Shared by cards and the audit log; draws nothing.
 */
import type { Action } from './keymap.ts';
import type { Stage } from './pane.ts';
import { besideColumnsMin, besideScreenColumns, type DiffLayout, toHunkRows } from './present/diff-beside.ts';
import type { StyledLine } from './styled.ts';
import type { Viewport } from './viewport.ts';

/** The form that has room. */
export function toDiffLayout({ model }: Stage, columns: number): DiffLayout {
  return columns >= besideColumnsMin ? model.diffLayout : 'unified';
}

/** @param columns of the place where the difference is shown. True when the action was one of these. */
export function handleHunkAction(
  stage: Stage,
  action: Action,
  shown: { readonly lines: readonly StyledLine[]; readonly viewport: Viewport; readonly columns: number },
): boolean {
  if (action === 'nextHunk' || action === 'previousHunk') moveToHunk(stage, action, shown.lines, shown.viewport);
  else if (action === 'toggleBeside') toggleBeside(stage, shown.columns, shown.viewport);
  else return false;
  return true;
}

function moveToHunk(
  stage: Stage,
  action: 'nextHunk' | 'previousHunk',
  lines: readonly StyledLine[],
  viewport: Viewport,
): void {
  const rows = toHunkRows(lines);
  const isNext = action === 'nextHunk';
  const target = isNext ? rows.find((row) => row > viewport.top) : rows.findLast((row) => row < viewport.top);
  const before = viewport.top;
  if (target !== undefined) viewport.to(target);
  // The last changes may share the last screen, so that nothing moves any more.
  if (viewport.top === before) stage.say(toStandstill(rows.length, isNext, target !== undefined), 'muted');
}

function toStandstill(changes: number, isNext: boolean, isAnotherInSight: boolean): string {
  if (changes === 0) return 'There is no difference here.';
  return isAnotherInSight ? 'The other changes are in sight.' : `This is the ${isNext ? 'last' : 'first'} change.`;
}

/** Offset in the changed text of the first line that a unified difference changes; its end for a difference that names none. */
export function toFirstChange(diff: string, text: string): number {
  const lines = diff.split('\n');
  const hunk = lines.findIndex((line) => line.startsWith('@@'));
  const first = /^@@ -\S+ \+(\d+)/.exec(lines[hunk] ?? '')?.[1];
  if (first === undefined) return text.length;
  const unchanged = lines.slice(hunk + 1).findIndex((line) => /^[-+]/.test(line));
  const before = text.split('\n').slice(0, Math.max(0, Number(first) - 1 + Math.max(0, unchanged)));
  return Math.min(
    text.length,
    before.reduce((sum, line) => sum + line.length + 1, 0),
  );
}

function toggleBeside({ model, say }: Stage, columns: number, viewport: Viewport): void {
  if (columns < besideColumnsMin) return say(`Side by side needs a screen of ${besideScreenColumns} columns.`, 'warn');
  model.diffLayout = model.diffLayout === 'beside' ? 'unified' : 'beside';
  // The lines are others now: the end must not come into sight by itself.
  viewport.to(0);
}
