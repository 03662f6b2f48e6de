/**
 * Copy mode: lies over one text of the screen and shows its rows as they were, with a cursor, a selection and a search. What comes meanwhile is
 * followed again when it is left. Which key does what is the table's affair.
 */
import {
  type CopyMotion,
  type CopyState,
  goTo,
  moveCursor,
  resizeCopy,
  scroll,
  showInMiddle,
  startCopy,
  swapEnds,
  toggleSelection,
} from '../copy/copy-model.ts';
import { copyOut } from '../copy/copy-out.ts';
import { CopySearch, type SearchDirection } from '../copy/copy-search.ts';
import { selectedText } from '../copy/copy-selection.ts';
import { CopyText } from '../copy/copy-text.ts';
import { drawCopy } from '../copy/draw-copy.ts';
import { MouseCopy } from '../copy/mouse-copy.ts';
import type { FrozenText } from '../copy/text-rows.ts';
import type { Key, Mouse } from '../input/key.ts';
import type { Action, Scope } from '../keymap.ts';
import { drawFrame, drawThumb, type FocusState, type Overlay, type Stage } from '../pane.ts';
import { plain, span } from '../present/text.ts';
import type { RegionName } from '../regions.ts';
import type { ShownText } from '../screen-texts.ts';
import type { StyledLine } from '../styled.ts';
import type { Rectangle, Surface } from '../widgets/surface.ts';

const motions: Partial<Record<Action, CopyMotion>> = {
  ...{ cursorLeft: 'left', cursorRight: 'right', scrollDown: 'down', scrollUp: 'up' },
  ...{ wordForward: 'wordForward', wordBack: 'wordBack', wordEnd: 'wordEnd' },
  ...{ lineStart: 'lineStart', lineText: 'lineText', lineEnd: 'lineEnd', toStart: 'textStart', toEnd: 'textEnd' },
  ...{ halfPageDown: 'halfPageDown', halfPageUp: 'halfPageUp', pageDown: 'pageDown', pageUp: 'pageUp' },
  ...{ paragraphForward: 'paragraphForward', paragraphBack: 'paragraphBack' },
  ...{ viewTop: 'viewTop', viewMiddle: 'viewMiddle', viewBottom: 'viewBottom' },
};

export class CopyOverlay implements Overlay {
  readonly over: RegionName;
  readonly about?: string;
  readonly #stage: Stage;
  readonly #shown: ShownText;
  readonly #frozen: FrozenText;
  readonly #text: CopyText;
  readonly #search: CopySearch;
  readonly #mouse: MouseCopy;
  #state: CopyState;
  /** Where the rows are drawn, and the first column that is. */
  #area: Rectangle;
  #left = 0;
  /** Opened by a search: leaving the search leaves all of it. */
  #isSearchOnly = false;
  /** What was searched for and is still being looked for: the cursor goes to the first match unless another key comes before. */
  #awaited: string | null = null;
  #isClosed = false;

  constructor(stage: Stage, shown: ShownText, frozen: FrozenText = shown.source.freeze('open')) {
    this.#stage = stage;
    this.#shown = shown;
    this.#frozen = frozen;
    this.over = shown.region;
    if (shown.overlay?.about !== undefined) this.about = shown.overlay.about;
    this.#text = new CopyText(frozen.rows);
    this.#area = frozen.area;
    const height = Math.max(1, frozen.area.height);
    this.#state = startCopy(this.#text, frozen.top, height, Math.min(frozen.top + height, frozen.rows.length) - 1);
    this.#search = new CopySearch({
      text: this.#text,
      history: stage.model.copying.searches,
      changed: () => this.#handleSearch(),
      later: (call) => void setImmediate(call),
    });
    this.#mouse = new MouseCopy(stage.model.clock, {
      text: this.#text,
      area: () => this.#area,
      state: () => this.#state,
      become: (state) => {
        this.#state = state;
      },
      copy: () => this.#copy('stay'),
      leave: () => this.#close(),
    });
  }

  get scope(): Scope {
    return this.#search.isTyping ? 'copySearch' : 'copy';
  }

  /** Where its text was there is nothing any more: then it has the middle of the screen. */
  place(columns: number, rows: number): Rectangle {
    return this.#shown.overlay?.place(columns, rows) ?? { x: 0, y: 1, width: columns, height: rows - 2 };
  }

  /** Opens the line of the search. `only` leaves everything with it. */
  beginSearch(direction: SearchDirection, how: 'only' | 'within'): void {
    this.#isSearchOnly = how === 'only';
    this.#search.begin(direction, this.#state.cursor);
  }

  /** Finds what was searched for last, from the cursor on. */
  findAgain(way: 'along' | 'against'): void {
    this.#resume();
    this.#jump(way);
  }

  /** Shows a place that was found, with all other matches marked. */
  showFound(query: string, row: number, at: number): void {
    this.#state = showInMiddle(this.#state, this.#text, { row, at });
    this.#search.resume(query, this.#state.cursor);
  }

  /** Begins to select with the mouse. */
  get mouse(): MouseCopy {
    return this.#mouse;
  }

  paint(surface: Surface, focus: FocusState): void {
    const inner = drawFrame(surface, focus, this.#toTitle(), this.#toNote());
    const { x, y } = this.#frozen.area;
    const width = Math.max(1, surface.width - 2 * x);
    const height = Math.max(1, surface.height - 1 - y);
    this.#area = { x, y, width, height };
    this.#state = resizeCopy(this.#state, height);
    const { run, current } = this.#search;
    this.#left = drawCopy(surface.part(this.#area), { text: this.#text, state: this.#state, run, current });
    drawThumb(surface, y, height, this.#state.top, this.#text.count);
    // The line takes the place of the lower border: nothing of the text is hidden by it.
    if (this.#search.isTyping)
      this.#search.draw(surface.part({ x: 1, y: surface.height - 1, width: surface.width - 2, height: 1 }));
    else if (inner.height < 1) surface.put(0, 0, this.#toTitle());
  }

  handleAction(action: Action): boolean {
    this.#mouse.settle();
    this.#awaited = null;
    if (this.#search.isTyping) return this.#handleSearchAction(action);
    const motion = motions[action];
    if (motion) this.#state = moveCursor(this.#state, motion, this.#text);
    else if (action === 'selectCharacters') this.#state = toggleSelection(this.#state, 'characters');
    else if (action === 'selectLines') this.#state = toggleSelection(this.#state, 'lines');
    else if (action === 'selectBlock') this.#state = toggleSelection(this.#state, 'block');
    else if (action === 'swapEnds') this.#swapEnds();
    else if (action === 'search') this.beginSearch('forward', 'within');
    else if (action === 'searchBack') this.beginSearch('backward', 'within');
    else if (action === 'searchNext') this.findAgain('along');
    else if (action === 'searchPrevious') this.findAgain('against');
    else if (action === 'copySelection') this.#copy('leave');
    else if (action === 'close') this.#close();
    else return false;
    return true;
  }

  handleKey(key: Key): void {
    this.#search.handleKey(key);
  }

  handlePaste(text: string): void {
    this.#search.handlePaste(text);
  }

  handleWheel(lines: number): void {
    this.#awaited = null;
    this.#state = scroll(this.#state, this.#text, lines);
  }

  handleMouse(mouse: Mouse): boolean {
    this.#awaited = null;
    return this.#mouse.handle({ ...mouse, x: mouse.x + this.#left });
  }

  #handleSearchAction(action: Action): boolean {
    if (action === 'submit') this.#submitSearch();
    else if (action === 'close') {
      this.#search.cancel();
      this.#state = goTo(this.#state, this.#text, this.#search.origin);
      if (this.#isSearchOnly) this.#close();
    } else return false;
    return true;
  }

  #submitSearch(): void {
    const typed = this.#search.submit();
    if (typed === '') return this.findAgain('along');
    this.#stage.model.copying.keepSearch(typed);
    if (this.#search.isSeeking) this.#awaited = typed;
    else this.#sayWhenNone(typed);
  }

  #sayWhenNone(typed: string): void {
    if (this.#search.current === null) this.#stage.say(`"${typed}" is not in this text.`, 'warn');
  }

  /** Without a search of its own, the last one made anywhere. */
  #resume(): void {
    const last = this.#stage.model.copying.searches.at(-1);
    if (this.#search.run === null && last !== undefined) this.#search.resume(last, this.#state.cursor);
  }

  #jump(way: 'along' | 'against'): void {
    const found = this.#search.jump(this.#state.cursor, way);
    if (!found) return this.#stage.say(`"${this.#search.query}" is not in this text.`, 'warn');
    this.#state = goTo(this.#state, this.#text, found.match.start);
    if (found.isAround) this.#stage.say('The search went on at the other end.', 'muted');
  }

  #handleSearch(): void {
    if (this.#isClosed) return;
    const awaited = this.#awaited;
    if (this.#search.isTyping || awaited !== null) this.#state = goTo(this.#state, this.#text, this.#search.place);
    if (awaited !== null && !this.#search.isSeeking) {
      this.#awaited = null;
      this.#sayWhenNone(awaited);
    }
    this.#stage.invalidate();
  }

  #swapEnds(): void {
    if (this.#state.anchor === null) this.#stage.say('Nothing is selected; v begins a selection.', 'muted');
    this.#state = swapEnds(this.#state, this.#text);
  }

  #copy(then: 'leave' | 'stay'): void {
    const isLine = this.#state.anchor === null;
    const state = isLine ? toggleSelection(this.#state, 'lines') : this.#state;
    const rows = selectedText(state, this.#text);
    if (rows === '') return this.#stage.say('Nothing is here to copy.', 'muted');
    // Closed first, so that what is said is about the text, and stays.
    if (then === 'leave') this.#close();
    copyOut(this.#stage, rows);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#search.dispose();
    this.#mouse.dispose();
    this.#stage.close(this);
    this.#shown.source.release(this.#state.top);
  }

  #toTitle(): StyledLine {
    const { cursor, anchor, shape } = this.#state;
    const selection = anchor === null ? '' : { characters: ' select', lines: ' lines', block: ' block' }[shape];
    return [
      span(` COPY${selection} `, 'key', { bold: true, inverse: true }),
      span(` ${this.#shown.source.textName} `, 'title', { bold: true }),
      span(`${cursor.row + 1}/${this.#text.count} `, 'muted'),
    ];
  }

  #toNote(): StyledLine {
    const note = this.#search.isTyping ? null : this.#search.note;
    return note === null
      ? []
      : plain(` ${this.#search.query === '' ? '' : `/${this.#search.query}/ `}${note} `, 'accent');
  }
}
