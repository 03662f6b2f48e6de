/**
 * A list to choose one thing from: what is typed narrows it, groups have headings, the chosen row has its description below. Knows no particular list.
 */

import type { Key } from '../input/key.ts';
import { keyWord } from '../key-words.ts';
import type { Action, Scope } from '../keymap.ts';
import {
  drawFrame,
  drawThumb,
  type FocusState,
  type Overlay,
  putLines,
  type Stage,
  toDialogColumns,
  toMiddle,
} from '../pane.ts';
import { isFound, type PickerItem, type PickerRow, toPickerDetails, toPickerRows } from '../present/picker.ts';
import { clip, plain } from '../present/text.ts';
import { Editor } from '../widgets/editor.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

export interface PickerSpec {
  /** What is foreign in it is escaped already. */
  readonly title: string;
  /** Asked for each time, so that the list follows what the host says. */
  items(): readonly PickerItem[];
  /** The word on Enter. */
  readonly verb: string;
  readonly emptyText: string;
  /** The cursor is on another row than before, by whatever way; null: on none. */
  preview?(id: string | null): void;
  /** Closed without a choice. */
  cancel?(): void;
  /** The picker is closed already. */
  choose(id: string): void;
}

const columnsWanted = 84;
/** The filter, and the description with its rule. */
const otherRows = 5;
const detailRows = 3;

export class PickerOverlay implements Overlay {
  readonly scope: Scope = 'picker';
  readonly #stage: Stage;
  readonly #spec: PickerSpec;
  readonly #filter = new Editor({ lines: 'one', placeholder: 'type to narrow the list' });
  #chosenId: string | null;
  #top = 0;
  #height = 1;

  constructor(stage: Stage, spec: PickerSpec) {
    this.#stage = stage;
    this.#spec = spec;
    this.#chosenId = spec.items().find(({ isCurrent }) => isCurrent)?.id ?? null;
  }

  place(columns: number, rows: number): Rectangle {
    const width = toDialogColumns(columns, columnsWanted);
    return toMiddle(columns, rows, width, this.#toRows(width - 4).length + otherRows + 2);
  }

  paint(surface: Surface, focus: FocusState): void {
    const note = plain(
      ` ${keyWord('picker', 'submit')} ${this.#spec.verb}, ${keyWord('picker', 'close')} cancel `,
      'muted',
    );
    const inner = drawFrame(
      surface,
      focus,
      clip(plain(` ${this.#spec.title} `, 'title', { bold: true }), surface.width - 4),
      note,
    );
    const page = this.#stage.page(Math.max(8, inner.width - 2));
    inner.put(1, 0, plain(page.glyphs.prompt, 'accent', { bold: true }));
    this.#filter.draw(inner.part({ x: 3, y: 0, width: Math.max(1, inner.width - 4), height: 1 }), focus);
    const height = Math.max(1, inner.height - otherRows);
    const rows = this.#toRows(page.columns);
    this.#paintRows(inner.part({ x: 0, y: 1, width: page.columns + 1, height }), rows);
    drawThumb(surface, 2, height, this.#top, rows.length);
    if (rows.length === 0) inner.put(1, 1, plain(this.#toEmptyText(), 'muted'));
    const item = this.#chosen();
    if (!item || inner.height < otherRows + 1) return;
    inner.put(1, height + 1, plain(page.glyphs.rule.repeat(page.columns), 'border'));
    const details = toPickerDetails(item, page).slice(0, detailRows);
    putLines(inner.part({ x: 1, y: height + 2, width: page.columns, height: detailRows }), details);
  }

  handleAction(action: Action): boolean {
    if (action === 'nextChoice') this.#move(1);
    else if (action === 'previousChoice') this.#move(-1);
    else if (action === 'pageDown') this.#move(Math.max(1, this.#height - 1));
    else if (action === 'pageUp') this.#move(-Math.max(1, this.#height - 1));
    else if (action === 'close') this.#cancel();
    else if (action === 'submit') this.#submit();
    else return false;
    return true;
  }

  handleKey(key: Key): void {
    this.#filter.handleKey(key);
    this.#keepChoice();
  }

  handlePaste(text: string): void {
    this.#filter.handlePaste(text);
    this.#keepChoice();
  }

  handleWheel(lines: number): void {
    this.#move(lines);
  }

  /** The sign of the cursor has the first column. */
  #paintRows(area: Surface, rows: readonly PickerRow[]): void {
    const surface = area.part({ x: 1, y: 0, width: area.width - 1, height: area.height });
    this.#height = surface.height;
    const at = rows.findIndex((row) => row.id === this.#chosen()?.id);
    // The heading of the first row of a group is shown with it.
    const from = rows[at - 1]?.id === null ? at - 1 : at;
    if (from < this.#top) this.#top = from;
    if (at >= this.#top + surface.height) this.#top = at - surface.height + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - surface.height));
    rows.slice(this.#top, this.#top + surface.height).forEach((row, y) => {
      const isChosen = row.id !== null && row.id === rows[at]?.id;
      const style = isChosen ? ({ token: 'selection' } as const) : {};
      if (isChosen) {
        surface.fill(style, { x: 0, y, width: surface.width, height: 1 });
        area.put(0, y, area.borders.cursor, { token: 'accent', bold: true });
      }
      surface.put(0, y, row.line, style);
    });
  }

  #items(): readonly PickerItem[] {
    return this.#spec.items().filter((item) => isFound(item, this.#filter.text));
  }

  #toRows(columns: number): readonly PickerRow[] {
    return toPickerRows(this.#items(), this.#stage.page(Math.max(8, columns)));
  }

  #chosen(): PickerItem | null {
    const items = this.#items();
    return items.find(({ id }) => id === this.#chosenId) ?? items[0] ?? null;
  }

  #keepChoice(): void {
    this.#choose(this.#chosen()?.id ?? this.#chosenId);
  }

  #choose(id: string | null): void {
    if (id !== this.#chosenId) this.#spec.preview?.(id);
    this.#chosenId = id;
  }

  #cancel(): void {
    this.#stage.close(this);
    this.#spec.cancel?.();
  }

  #move(step: number): void {
    const items = this.#items();
    const at = items.findIndex(({ id }) => id === this.#chosen()?.id);
    this.#choose(items[Math.max(0, Math.min(at + step, items.length - 1))]?.id ?? null);
  }

  #submit(): void {
    const item = this.#chosen();
    if (!item) return this.#stage.say(this.#toEmptyText(), 'warn');
    if (item.disabled !== null) return this.#stage.say(item.disabled, 'warn');
    this.#stage.close(this);
    this.#spec.choose(item.id);
  }

  #toEmptyText(): string {
    return this.#filter.isEmpty ? this.#spec.emptyText : 'Nothing has these letters.';
  }
}
