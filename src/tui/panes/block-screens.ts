/**
 * The emulators of one pane: each command has its own, so that two commands at once never mix their bytes. A bounded number is kept; what was
 * let go is made again from the block's text when it comes into sight.
 */
import type { BlockView } from '../../protocol/view.ts';
import type { Ingest } from '../widgets/ingest.ts';
import type { Surface } from '../widgets/surface.ts';
import { VtPane } from '../widgets/vt-pane.ts';

/** Some screens full of blocks; running ones are kept beyond it. */
const screensMax = 24;
const emulatorRows = 24;

export class BlockScreens {
  readonly #ingest: Ingest;
  readonly #changed: () => void;
  /** By block id; the one used last is last. */
  readonly #screens = new Map<string, VtPane>();
  /** Rows of blocks whose emulator was let go, at the width of then. */
  readonly #rows = new Map<string, number>();
  #columns = 80;

  constructor(ingest: Ingest, changed: () => void) {
    this.#ingest = ingest;
    this.#changed = changed;
  }

  setColumns(columns: number): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#rows.clear();
    for (const screen of this.#screens.values()) screen.resize(columns, emulatorRows);
  }

  /** Rows of a block's output. One that was never in sight is estimated from its text. */
  rowsOf(block: BlockView): number {
    if (block.text === '') return 0;
    const screen = this.#screens.get(block.id);
    // Until it has parsed the text, its rows would jump.
    if (screen && screen.waiting === 0) return screen.usedRows;
    return this.#rows.get(block.id) ?? this.#estimate(block.text);
  }

  /** Draws from the row `from` on; the emulator is made when it is not there. */
  draw(surface: Surface, block: BlockView, from: number): void {
    this.#touch(block).drawRows(surface, from);
  }

  /** The output as text, row by row, for searching. */
  textOf(block: BlockView): readonly string[] {
    const screen = this.#screens.get(block.id);
    if (!screen) return block.text === '' ? [] : block.text.replace(/\n$/, '').split('\n');
    return Array.from({ length: screen.usedRows }, (_, row) => screen.rowText(row));
  }

  /** New output of a block; one that has no emulator has it in its text already. */
  write(id: string, text: string): void {
    this.#screens.get(id)?.write(text);
  }

  /** The pane has the focus: its output is parsed before that of others. */
  focus(block: BlockView): void {
    this.#screens.get(block.id)?.focus();
  }

  /** Lets go what is no longer in the pane, and the oldest that has ended. */
  trim(blocks: readonly BlockView[]): void {
    const kept = new Map(blocks.map((block) => [block.id, block]));
    for (const [id, screen] of [...this.#screens]) {
      const block = kept.get(id);
      const isTooMany = this.#screens.size > screensMax && block?.state === 'ended';
      if (block && !isTooMany) continue;
      if (block) this.#rows.set(id, screen.usedRows);
      else this.#rows.delete(id);
      screen.dispose();
      this.#screens.delete(id);
    }
  }

  clear(): void {
    for (const screen of this.#screens.values()) screen.dispose();
    this.#screens.clear();
    this.#rows.clear();
  }

  #touch(block: BlockView): VtPane {
    let screen = this.#screens.get(block.id);
    if (screen) this.#screens.delete(block.id);
    else {
      screen = new VtPane({ columns: this.#columns, rows: emulatorRows, ingest: this.#ingest, source: 'output' });
      screen.onChange(this.#changed);
      screen.write(block.text);
    }
    this.#screens.set(block.id, screen);
    return screen;
  }

  #estimate(text: string): number {
    let rows = 0;
    for (const line of text.replace(/\n$/, '').split('\n')) rows += Math.max(1, Math.ceil(line.length / this.#columns));
    return rows;
  }
}
