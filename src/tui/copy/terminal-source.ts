/**
 * The rows of an emulated terminal for whoever looks at them: what has scrolled away and its screen, as they were at one moment. Draws nothing.
 */
import { toText } from '../present/text.ts';
import type { VtPane } from '../widgets/vt-pane.ts';
import type { FrozenText, TextRow, TextSource } from './text-rows.ts';

export interface TerminalSourceParts {
  readonly textName: string;
  readonly terminal: VtPane;
  /** Rows that its part has room for. */
  readonly height: number;
}

export function toTerminalSource(parts: TerminalSourceParts): TextSource {
  const { terminal } = parts;
  return {
    textName: parts.textName,
    wantsMouse: terminal.mouseMode.tracking !== 'none',
    freeze: () => freeze(parts),
    release: () => terminal.scrollToEnd(),
  };
}

function freeze({ terminal, height }: TerminalSourceParts): FrozenText {
  const rows: TextRow[] = [];
  let last = 0;
  for (let row = 0; row < terminal.rowTotal; row += 1) {
    const line = terminal.rowLine(row);
    const text = toText(line);
    if (text.trim() !== '') last = row + 1;
    rows.push({ line, from: 0, to: text.length, continues: terminal.isContinued(row) ? '' : null });
  }
  const top = terminal.backMax - terminal.back + terminal.skippedRows(height);
  // Below the last text a screen is empty: nobody looks for something there.
  const used = rows.slice(0, Math.max(1, last));
  return { rows: used, top: Math.min(top, used.length - 1), area: { x: 1, y: 1, width: 0, height } };
}
