/**
 * A list with the details of its chosen row beside or below it: Servers, Agents and Sessions are this pane with their own rows.
 */
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import {
  drawFrame,
  drawThumb,
  type FocusState,
  type Pane,
  putLines,
  putSentence,
  type Stage,
  toDetailsNote,
} from '../pane.ts';
import type { Page } from '../present/page.ts';
import { foreign, plain, toText } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';
import { Viewport } from '../viewport.ts';
import type { Surface } from '../widgets/surface.ts';
import { VirtualList } from '../widgets/virtual-list.ts';

export interface ListSource<Row> {
  readonly title: string;
  /** What to do where there is none. */
  emptyText(): string;
  rows(): readonly Row[];
  idOf(row: Row): string;
  /** Only rows whose text holds it are shown. */
  filter(): string;
  /** What stands above the columns of its rows. */
  toHeading?(page: Page): StyledLine;
  toRow(row: Row, page: Page): StyledLine;
  /** All that the text of its row is made from beside the row itself, where there may be thousands; null while it changes with time. */
  toIngredients?(row: Row): readonly unknown[] | null;
  toDetails(row: Row, page: Page): readonly StyledLine[];
  handleChoice(id: string | null): void;
  /** What was chosen from elsewhere, the command palette for example. */
  chosen?(): string | null;
  /** Parts of the details that come while one looks: each by its heading, with what it says. A change of one is scrolled to. */
  toNews?(row: Row): readonly (readonly [heading: string, says: unknown])[];
}

/** From here on the details stand beside the list. */
const besideColumns = 140;

export class ListPane<Row extends WeakKey> implements Pane {
  readonly #stage: Stage;
  readonly #source: ListSource<Row>;
  readonly #list: VirtualList;
  #rows: readonly Row[] = [];
  /** What the filter looks at, for each row as it was made last: a key must not make a thousand anew. */
  readonly #texts = new WeakMap<Row, { readonly from: readonly unknown[]; readonly text: string }>();
  #chosenId: string | null = null;
  #listTop = 0;
  /** The column where the details begin; the whole width where they are below. */
  #detailsAt = Number.POSITIVE_INFINITY;
  #details = new Viewport();
  /** What the details of the chosen row said when they were painted last; null before that. */
  #news: ReturnType<NonNullable<ListSource<Row>['toNews']>> | null = null;

  constructor(stage: Stage, source: ListSource<Row>) {
    this.#stage = stage;
    this.#source = source;
    this.#list = new VirtualList({
      renderRow: (index, width) => {
        const row = this.#rows[index];
        return row === undefined ? [] : this.#source.toRow(row, this.#stage.page(width));
      },
    });
  }

  prepare(): void {
    this.#refresh();
  }

  paint(surface: Surface, focus: FocusState): void {
    this.#refresh();
    const isBeside = surface.width >= besideColumns;
    const listColumns = isBeside ? Math.floor(surface.width * 0.62) : surface.width;
    this.#detailsAt = listColumns;
    const heading = this.#source.toHeading ? 1 : 0;
    const wanted = Math.max(4, Math.min(this.#rows.length + heading + 2, Math.floor(surface.height / 2)));
    const isAlone = isBeside || this.#rows.length === 0;
    const listRows = isAlone ? surface.height : Math.min(wanted, surface.height);
    const filter = this.#source.filter();
    const note = filter === '' ? [] : toFilterNote(filter);
    const title = plain(` ${this.#source.title} ${this.#rows.length} `, 'title', { bold: true });
    const list = drawFrame(surface.part({ x: 0, y: 0, width: listColumns, height: listRows }), focus, title, note);
    this.#listTop = 1 + heading;
    if (this.#rows.length === 0) return putSentence(list, toEmptyText(this.#source));
    const inner = list.part({ x: 0, y: heading, width: list.width, height: list.height - heading });
    if (this.#source.toHeading) {
      // As wide as the rows are, which have a scroll bar beside them where there are too many.
      const columns = this.#list.rowCount > inner.height ? list.width - 1 : list.width;
      list.put(0, 0, this.#source.toHeading(this.#stage.page(columns)));
    }
    this.#list.draw(inner, focus);
    const chosen = this.#rows[this.#list.selected];
    const area = isBeside
      ? { x: listColumns, y: 0, width: surface.width - listColumns, height: surface.height }
      : { x: 0, y: listRows, width: surface.width, height: surface.height - listRows };
    if (chosen === undefined || area.height < 3) return;
    this.#paintDetails(surface.part(area), chosen);
  }

  #paintDetails(surface: Surface, chosen: Row): void {
    const columns = Math.max(8, surface.width - 4);
    const height = surface.height - 2;
    const lines = this.#source.toDetails(chosen, this.#stage.page(columns));
    const top = this.#toDetailsTop(chosen, lines, height);
    const title = plain(` ${foreign(this.#source.idOf(chosen))} `, 'title', { bold: true });
    const inner = drawFrame(surface, 'unfocused', title, toDetailsNote(top, height, lines.length));
    putLines(inner.part({ x: 1, y: 0, width: columns, height }), lines.slice(top, top + height));
    drawThumb(surface, 1, height, top, lines.length);
  }

  /** What was asked for is brought into sight: below the edge of a small screen nobody would see that it came. */
  #toDetailsTop(chosen: Row, lines: readonly StyledLine[], rows: number): number {
    const top = this.#details.fit(lines.length, rows);
    const before = this.#news;
    this.#news = this.#source.toNews?.(chosen) ?? [];
    const changed = before && this.#news.find(([, says], index) => says !== before[index]?.[1]);
    const at = changed ? lines.findIndex((line) => toText(line) === changed[0]) : -1;
    if (at === -1 || lines.length <= rows) return top;
    this.#details.to(at);
    return this.#details.top;
  }

  handleAction(action: Action): boolean {
    const page = 10;
    switch (action) {
      case 'scrollDown':
        this.#list.moveBy(1);
        break;
      case 'scrollUp':
        this.#list.moveBy(-1);
        break;
      case 'pageDown':
      case 'pageUp':
        // A list that is in sight as a whole has no pages: those of the details are meant.
        if (this.#list.isWhole) return this.handleAction(action === 'pageDown' ? 'detailsDown' : 'detailsUp');
        this.#list.moveBy(action === 'pageDown' ? page : -page);
        break;
      case 'toStart':
        this.#list.select(0);
        break;
      case 'toEnd':
        this.#list.select(this.#rows.length - 1);
        break;
      case 'detailsDown':
      case 'detailsUp':
        this.#details.page(action === 'detailsDown' ? 1 : -1);
        return true;
      default:
        return false;
    }
    this.#choose();
    return true;
  }

  handleWheel(lines: number, x = 0): void {
    if (x >= this.#detailsAt) return this.#details.scroll(lines);
    this.#list.scrollBy(lines);
    this.#choose();
  }

  handleClick(x: number, y: number): void {
    if (x >= this.#detailsAt) return;
    const row = this.#list.rowAt(y - this.#listTop);
    if (row === null) return;
    this.#list.select(row);
    this.#choose();
  }

  /** Rows come and go; the chosen one is kept by its id. */
  #refresh(): void {
    const filter = this.#source.filter().toLowerCase();
    const page = this.#stage.page(400);
    const all = this.#source.rows();
    this.#rows = filter === '' ? all : all.filter((row) => this.#toFilterText(row, page).includes(filter));
    this.#list.setRowCount(this.#rows.length);
    const chosenId = this.#source.chosen?.() ?? this.#chosenId;
    const at = this.#rows.findIndex((row) => this.#source.idOf(row) === chosenId);
    if (at !== -1) this.#list.select(at);
    this.#choose();
  }

  #toFilterText(row: Row, page: Page): string {
    const ingredients = this.#source.toIngredients?.(row) ?? null;
    const from = ingredients === null ? null : [page.glyphs, ...ingredients];
    const known = this.#texts.get(row);
    if (from !== null && known?.from.every((each, index) => each === from[index])) return known.text;
    const text = toText(this.#source.toRow(row, page)).toLowerCase();
    if (from !== null) this.#texts.set(row, { from, text });
    return text;
  }

  #choose(): void {
    const row = this.#rows[this.#list.selected];
    const id = row === undefined ? null : this.#source.idOf(row);
    if (id === this.#chosenId) return;
    this.#chosenId = id;
    this.#details = new Viewport();
    this.#news = null;
    this.#source.handleChoice(id);
  }
}

function toFilterNote(filter: string): StyledLine {
  return [
    { text: ` only with "${foreign(filter)}", `, token: 'accent' },
    { text: keyWord('servers', 'showAllRows'), token: 'key' },
    { text: ' shows all ', token: 'muted' },
  ];
}

function toEmptyText<Row>(source: ListSource<Row>): string {
  return source.filter() === '' || source.rows().length === 0 ? source.emptyText() : toNoMatch(source);
}

function toNoMatch<Row>({ rows, filter }: ListSource<Row>): string {
  return `None of the ${rows().length} has "${foreign(filter())}"; ${keyWord('servers', 'showAllRows')} shows all.`;
}
