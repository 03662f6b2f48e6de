/**
 * The output of the blocks of one pane as rows. Each command has an emulator of its own, so that two commands at once never mix their bytes; a
 * bounded number is kept, and what was let go is made again from the block's text when it comes into sight.
 */
import type { BlockView } from '../../protocol/view.ts';
import { toBytes } from '../present/words.ts';
import type { Ingest } from '../widgets/ingest.ts';
import { VtPane } from '../widgets/vt-pane.ts';
import { EmulatedRows } from './emulated-rows.ts';
import type { DrawnRows, OutputRows, OutputView } from './output-rows.ts';
import { OutputTimes } from './output-times.ts';
import { toPlainRows } from './plain-output.ts';

/** Some screens full of blocks; running ones are kept beyond it. */
const screensMax = 24;
/** Rows of those that have ended and are not in sight: one with all of its history. A kilobyte each, so that many panes of long output fit. */
const hiddenRowsMax = 1_024;
/** Not drawn for so many looks at what can go, each of which comes before a frame: it is not in sight. */
const unseenMax = 8;
const emulatorRows = 24;
/** Of each command: twenty screens of a pane. Several are in sight in each of many panes, and a row takes more than a kilobyte. */
const scrollbackRows = 1_000;
/** As many as an emulator keeps. */
const plainRowsMax = emulatorRows + scrollbackRows;

interface Live {
  readonly screen: VtPane;
  rows: EmulatedRows;
  /** It has parsed what the block had when it was made. */
  isSettled: boolean;
  isStale: boolean;
  /** Looks at what can go since it was drawn last. */
  unseen: number;
}

const noRows: OutputRows = {
  count: 0,
  gone: 0,
  textAt: () => '',
  isContinuedAt: () => false,
  lineFromEndAt: () => 0,
};

export class BlockOutputs {
  readonly #ingest: Ingest;
  readonly #changed: () => void;
  /** By block id; the one used last is last. */
  readonly #live = new Map<string, Live>();
  readonly #times = new Map<string, OutputTimes>();
  /** Rows of blocks without an emulator, at the view of now. */
  #plain = new WeakMap<BlockView, OutputRows>();
  #view: OutputView = { columns: 80, lines: 'wrapped', filter: null };
  #need: 'rows' | 'lines' = 'rows';
  #trimmed: readonly BlockView[] = [];

  constructor(ingest: Ingest, changed: () => void) {
    this.#ingest = ingest;
    this.#changed = changed;
  }

  /** @param need `lines` where it matters to which line a row belongs. */
  setView(view: OutputView, need: 'rows' | 'lines'): void {
    const { columns, lines, filter } = this.#view;
    const isSame = view.columns === columns && view.lines === lines && view.filter === filter;
    if (isSame && need === this.#need) return;
    this.#need = need;
    this.#view = view;
    this.#plain = new WeakMap();
    for (const live of this.#live.values()) {
      live.screen.resize(view.columns, emulatorRows);
      live.rows = new EmulatedRows(live.screen, view);
      live.isStale = true;
    }
  }

  /** What is known of a block's rows without making an emulator, except for one that runs: that one is parsed as it comes. */
  rowsOf(block: BlockView): OutputRows {
    if (block.text === '') return noRows;
    const live = this.#live.get(block.id) ?? (block.state === 'ended' ? null : this.#open(block));
    return live && (live.isSettled || block.state !== 'ended') ? this.#fresh(live) : this.#plainRowsOf(block);
  }

  /** The same for who reads all of it at once: also what the emulator of a running one has not parsed yet. */
  wholeRowsOf(block: BlockView): OutputRows {
    const isParsed = block.text === '' || this.#live.get(block.id)?.isSettled === true;
    return isParsed ? this.rowsOf(block) : this.#plainRowsOf(block);
  }

  /** Rows to be drawn; the emulator is made when it is not there, and tells when it has something. */
  drawnRowsOf(block: BlockView): DrawnRows {
    const live = this.#live.get(block.id);
    const drawn = live ?? this.#open(block);
    drawn.unseen = 0;
    this.#live.delete(block.id);
    this.#live.set(block.id, drawn);
    return this.#fresh(drawn);
  }

  /** When a line reached this screen; null where nobody knows. */
  timeOf(block: BlockView, lineFromEnd: number): number | null {
    return this.#times.get(block.id)?.timeOf(lineFromEnd) ?? null;
  }

  /** New output; a block that has no emulator has it in its text already. @param block as it is with this output. */
  handleOutput(block: BlockView, text: string, skippedBytes: number, atMs: number): void {
    let times = this.#times.get(block.id);
    if (!times) {
      times = new OutputTimes(block.text.slice(0, Math.max(0, block.text.length - text.length)));
      this.#times.set(block.id, times);
    }
    const mark =
      skippedBytes > 0 ? `\x18\x1b[0m\r\n[skipped ${toBytes(skippedBytes)} of output; the recording has it]\r\n` : '';
    times.note(mark + text, atMs);
    this.#live.get(block.id)?.screen.write(mark + text);
  }

  /** The pane has the focus: its output is parsed before that of others. */
  focus(block: BlockView): void {
    this.#live.get(block.id)?.screen.focus();
  }

  /** Lets go what is no longer in the pane, and the oldest that has ended. */
  trim(blocks: readonly BlockView[]): void {
    if (blocks === this.#trimmed && this.#live.size <= screensMax) return;
    this.#trimmed = blocks;
    const kept = new Map(blocks.map((block) => [block.id, block]));
    for (const id of [...this.#times.keys()]) if (!kept.has(id)) this.#times.delete(id);
    this.#letGo(kept);
  }

  clear(): void {
    for (const { screen } of this.#live.values()) screen.dispose();
    this.#live.clear();
    this.#times.clear();
  }

  #plainRowsOf(block: BlockView): OutputRows {
    let rows = this.#plain.get(block);
    if (!rows) {
      rows = toPlainRows(block.text, this.#view, plainRowsMax);
      this.#plain.set(block, rows);
    }
    return rows;
  }

  #letGo(kept: ReadonlyMap<string, BlockView>): void {
    let count = 0;
    let hiddenRows = 0;
    // The one used last is kept first.
    for (const [id, live] of [...this.#live].reverse()) {
      const block = kept.get(id);
      const hasEnded = block === undefined || block.state === 'ended';
      live.unseen += 1;
      count += 1;
      if (hasEnded && live.unseen > unseenMax) hiddenRows += live.screen.usedRows;
      const isTooMuch = count > screensMax || (live.unseen > unseenMax && hiddenRows > hiddenRowsMax);
      if (block !== undefined && !(hasEnded && isTooMuch)) continue;
      live.screen.dispose();
      this.#live.delete(id);
    }
  }

  #fresh(live: Live): EmulatedRows {
    if (live.isStale) live.rows.update(this.#need);
    live.isStale = false;
    return live.rows;
  }

  #open(block: BlockView): Live {
    const { columns } = this.#view;
    const screen = new VtPane({
      ...{ columns, rows: emulatorRows, scrollbackRows },
      ...{ ingest: this.#ingest, source: 'output' },
    });
    const live: Live = {
      screen,
      rows: new EmulatedRows(screen, this.#view),
      isSettled: false,
      isStale: true,
      unseen: 0,
    };
    screen.onChange(() => {
      live.isStale = true;
      if (screen.waiting === 0) live.isSettled = true;
      this.#changed();
    });
    screen.write(block.text);
    this.#live.set(block.id, live);
    return live;
  }
}
