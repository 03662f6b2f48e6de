/**
 * Stands where something will be once it is found: its title, what it waits for, and the way out. Keeps no keys; they are held for what comes.
 */
import type { Announcement } from '../held-input.ts';
import { keyWord } from '../key-words.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, type FocusState, type Overlay, putLines, toDialogColumns, toMiddle } from '../pane.ts';
import { plain, wrapProse } from '../present/text.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

const columnsWanted = 76;

export class OpeningOverlay implements Overlay {
  readonly scope: Scope = 'opening';
  readonly #announcement: Announcement;
  readonly #giveUp: () => void;

  constructor(announcement: Announcement, giveUp: () => void) {
    this.#announcement = announcement;
    this.#giveUp = giveUp;
  }

  place(columns: number, rows: number): Rectangle {
    const width = toDialogColumns(columns, columnsWanted);
    return toMiddle(columns, rows, width, wrapProse(this.#announcement.sentence, 'muted', width - 4).length + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const { title, sentence } = this.#announcement;
    const note = plain(` ${keyWord('opening', 'close')} cancel `, 'muted');
    const inner = drawFrame(surface, focus, plain(` ${title} `, 'title', { bold: true }), note);
    putLines(
      inner.part({ x: 1, y: 0, width: inner.width - 2, height: inner.height }),
      wrapProse(sentence, 'muted', inner.width - 2),
    );
  }

  /** Only by the mouse: keys are looked at before they come here. */
  handleAction(action: Action): boolean {
    if (action === 'close') this.#giveUp();
    return action === 'close';
  }
}
