/**
 * The line in which a filter of a pane is written: the pane follows each key, and what is wrong with a pattern is said above it.
 */
import type { Stage } from '../pane.ts';
import { type ActiveFilter, toLineFilter } from '../stream/line-filter.ts';
import { LineOverlay } from './line-overlay.ts';

/** @param change called with each key; null shows all lines. */
export function openFilterLine(stage: Stage, change: (filter: ActiveFilter | null) => void): void {
  const apply = (text: string): void => {
    const filter = toLineFilter(text);
    // While a pattern is not finished, what it was before goes on.
    if (text === '') change(null);
    else if (filter.ok) change(filter);
  };
  stage.open(
    new LineOverlay(stage, {
      ...{ scope: 'filter', sign: '&', text: '', emptyText: ' Only lines that have it are shown.' },
      complete: toProblem,
      handleChange: apply,
      submit: (text) => {
        const [problem] = toProblem(text);
        if (problem === undefined) return apply(text);
        change(null);
        stage.say(`That is no pattern: ${problem}`, 'warn');
      },
      cancel: () => change(null),
    }),
  );
}

function toProblem(text: string): readonly string[] {
  const filter = toLineFilter(text);
  return filter.ok ? [] : [filter.problem];
}
