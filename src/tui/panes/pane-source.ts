/**
 * The rows of a server's pane for whoever looks at them: all of them, also what is folded away, as they were at one moment. Knows rows as text,
 * and neither blocks nor emulators.
 */
import { toTextRow } from '../copy/copy-text.ts';
import { type FrozenText, type TextRow, type TextSource, textRowsMax } from '../copy/text-rows.ts';
import { plain, toText } from '../present/text.ts';
import type { PaneRow, PaneText } from './pane-text.ts';

/** @param follow shows the newest again. */
export function toPaneSource(name: string, text: PaneText, follow: () => void): TextSource {
  return {
    textName: name,
    freeze: (folds) => (folds === 'open' ? freezeAll(text) : freezeShown(text)),
    release: follow,
  };
}

function freezeShown(text: PaneText): FrozenText {
  const first = Math.max(0, text.rowCount - textRowsMax);
  const rows: PaneRow[] = [];
  for (let index = first; index < text.rowCount; index += 1) {
    const row = text.rowAt(index);
    if (row) rows.push(row);
  }
  return toFrozen(text, rows, Math.max(0, text.top - first));
}

function freezeAll(text: PaneText): FrozenText {
  const rows = text.allRows().slice(-textRowsMax);
  return toFrozen(text, rows, findTop(text, rows));
}

function toFrozen(text: PaneText, rows: readonly PaneRow[], top: number): FrozenText {
  return {
    rows: rows.map((row, index) => toRow(row, Math.abs(index - top) <= colouredRows ? 'coloured' : 'plain')),
    top,
    area: { x: 2, y: 1, width: 0, height: Math.max(1, text.height) },
  };
}

/** The first row to show, so that the last row in sight stays where it is. */
function findTop(text: PaneText, rows: readonly PaneRow[]): number {
  const inSight = Math.min(text.height, text.rowCount - text.top);
  for (let y = inSight - 1; y >= 0; y -= 1) {
    const shown = text.rowAt(text.top + y);
    if (!shown || shown.block === null || shown.part === 'fold') continue;
    const { block, part, index } = shown;
    const at = rows.findLastIndex((row) => row.block === block && row.part === part && row.index === index);
    // Where folds made the text short, it fills the view now.
    if (at !== -1) return Math.max(0, Math.min(at - y, rows.length - text.height));
  }
  return Math.max(0, rows.length - text.height);
}

/** Rows on each side of where one looks that keep their colours: to take them over costs more than the text. */
const colouredRows = 2_000;

function toRow(row: PaneRow, look: 'coloured' | 'plain'): TextRow {
  const line =
    (look === 'coloured' ? row.toLine?.() : null) ?? plain(row.text, row.part === 'output' ? 'text' : 'muted');
  // Heads that were wrapped say so themselves.
  if (!row.isContinued) return toTextRow(line);
  return { line, from: 0, to: toText(line).length, continues: '' };
}
