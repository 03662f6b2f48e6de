/**
 * What an editor shows of its text: the text, dots for a secret, or labels for folds; and which offset of one is which of the other. Pure.
 */
import type { StyledLine, Token } from '../styled.ts';
import { type EditorFolds, foldsPattern } from './editor-folds.ts';
import type { VisualRow } from './editor-layout.ts';

export interface ShownText {
  readonly text: string;
  /** From an offset of the edited text. */
  toShown(offset: number): number;
  /** To an offset of the edited text; within a label it is its nearer end. */
  toEdited(offset: number): number;
  /** A row of it, with its labels standing out. */
  toLine(row: VisualRow): StyledLine;
}

interface Label {
  /** In the edited text, and in the shown one. */
  readonly at: number;
  readonly shownAt: number;
  readonly text: string;
}

/** Code units of one fold in the edited text. */
const foldLength = 2;
const labelToken: Token = 'accent';

export function toShownText(edited: string, shown: 'text' | 'dots', folds: EditorFolds): ShownText {
  if (shown === 'dots') return toDots(edited);
  return folds.has(edited) ? toLabelled(edited, folds) : toPlain(edited);
}

function toPlain(text: string): ShownText {
  const same = (offset: number): number => offset;
  return { text, toShown: same, toEdited: same, toLine: ({ start, end }) => [{ text: text.slice(start, end) }] };
}

function toDots(edited: string): ShownText {
  const text = '•'.repeat([...edited].length);
  return {
    text,
    toShown: (offset) => [...edited.slice(0, offset)].length,
    toEdited: () => edited.length,
    toLine: ({ start, end }) => [{ text: text.slice(start, end) }],
  };
}

function toLabelled(edited: string, folds: EditorFolds): ShownText {
  const labels: Label[] = [];
  let shift = 0;
  const text = edited.replace(foldsPattern, (sign, at: number) => {
    const label = folds.labelOf(sign);
    labels.push({ at, shownAt: at + shift, text: label });
    shift += label.length - foldLength;
    return label;
  });
  return {
    text,
    toShown(offset) {
      const last = labels.findLast(({ at }) => at < offset);
      return last ? offset - last.at - foldLength + last.shownAt + last.text.length : offset;
    },
    toEdited(offset) {
      const last = labels.findLast(({ shownAt }) => shownAt < offset);
      if (!last) return offset;
      const behind = offset - last.shownAt - last.text.length;
      if (behind >= 0) return last.at + foldLength + behind;
      return -behind > last.text.length / 2 ? last.at : last.at + foldLength;
    },
    toLine: (row) => toLabelledLine(text, labels, row),
  };
}

function toLabelledLine(text: string, labels: readonly Label[], { start, end }: VisualRow): StyledLine {
  const spans: { readonly text: string; readonly token?: Token }[] = [];
  let from = start;
  for (const label of labels) {
    const labelStart = Math.max(start, label.shownAt);
    const labelEnd = Math.min(end, label.shownAt + label.text.length);
    if (labelEnd <= labelStart) continue;
    spans.push({ text: text.slice(from, labelStart) }, { text: text.slice(labelStart, labelEnd), token: labelToken });
    from = labelEnd;
  }
  return [...spans, { text: text.slice(from, end) }];
}
