/**
 * Where everything goes: from the size of the screen and what is shown to rectangles. Pure; knows no widget and draws nothing.
 */

/** Cells, from the top left corner; `row` and `column` count from 0. */
export interface Rect {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export const arrangements = ['grid', 'stack'] as const;
export type Arrangement = (typeof arrangements)[number];

/** What the left column shows, or what was zoomed over everything. */
export type WorkspaceRegion = 'conversation' | 'prompt' | 'card' | `pane:${string}`;

export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Rows of the prompt's text; the field grows with it. */
  readonly promptRows: number;
  readonly cardWaits: boolean;
  /** Rows that the card needs at a width, its border included; absent: all that it can get. */
  readonly cardRowsAt?: (columns: number) => number;
  /** Server ids, in the order of the grid. */
  readonly panes: readonly string[];
  readonly arrangement: Arrangement;
  readonly focus: WorkspaceRegion;
  readonly isZoomed: boolean;
}

export interface PlacedPane {
  readonly server: string;
  readonly rect: Rect;
  /** Only its title line has room. */
  readonly isCollapsed: boolean;
}

export interface WorkspaceLayout {
  readonly conversation: Rect | null;
  readonly card: Rect | null;
  readonly prompt: Rect | null;
  readonly panes: readonly PlacedPane[];
  /** One line that stands for everything a small screen has no room for. */
  readonly strip: Rect | null;
  /** Panes of the grid that are not on the screen now. */
  readonly hiddenPanes: number;
}

export interface Frame {
  readonly status: Rect;
  readonly body: Rect;
  readonly hint: Rect;
}

/** Below this nothing useful fits, and one sentence is shown instead. */
export const columnsMin = 20;
export const rowsMin = 5;
/** From here on the conversation and the panes stand side by side. */
const sideBySideColumns = 110;
/** From here on a narrow screen shows both, one above the other. */
const stackedRows = 36;
/** Below this every row is needed for the part that has the focus. */
const stripRowsMin = 8;
const paneColumnsMin = 44;
const paneRowsMin = 7;

export function isTooSmall(columns: number, rows: number): boolean {
  return columns < columnsMin || rows < rowsMin;
}

/** The status line on top, the hint line at the bottom, everything else between. */
export function toFrame(columns: number, rows: number): Frame {
  return {
    status: { row: 0, column: 0, rows: 1, columns },
    body: { row: 1, column: 0, rows: Math.max(0, rows - 2), columns },
    hint: { row: rows - 1, column: 0, rows: 1, columns },
  };
}

/** Side by side where it is wide, one above the other where it is tall, else the half that has the focus. */
export function toWorkspaceLayout(input: LayoutInput): WorkspaceLayout {
  const { body } = toFrame(input.columns, input.rows);
  if (input.isZoomed) return toZoomedLayout(input, body);
  if (input.panes.length === 0) return { ...toLeft(input, body), panes: [], strip: null, hiddenPanes: 0 };
  if (body.columns >= sideBySideColumns) return toSideBySide(input, body);
  if (body.rows >= stackedRows) return toStacked(input, body);
  return toSwitched(input, body);
}

function toZoomedLayout(input: LayoutInput, body: Rect): WorkspaceLayout {
  const nothing: WorkspaceLayout = {
    conversation: null,
    card: null,
    prompt: null,
    panes: [],
    strip: null,
    hiddenPanes: input.panes.length,
  };
  if (input.focus.startsWith('pane:')) {
    const server = input.focus.slice('pane:'.length);
    return { ...nothing, panes: [{ server, rect: body, isCollapsed: false }], hiddenPanes: input.panes.length - 1 };
  }
  if (input.focus === 'card' && input.cardWaits) return { ...nothing, card: body };
  return { ...nothing, ...toLeft(input, body) };
}

function toSideBySide(input: LayoutInput, body: Rect): WorkspaceLayout {
  const left = Math.min(100, Math.max(54, Math.floor(body.columns * 0.45)));
  const panes = toPanes(input, { ...body, column: left, columns: body.columns - left });
  return { ...toLeft(input, { ...body, columns: left }), ...panes, strip: null };
}

function toStacked(input: LayoutInput, body: Rect): WorkspaceLayout {
  const isPaneFocused = input.focus.startsWith('pane:');
  const upper = Math.floor(body.rows * (isPaneFocused ? 0.45 : 0.6));
  const panes = toPanes(input, { ...body, row: body.row + upper, rows: body.rows - upper });
  return { ...toLeft(input, { ...body, rows: upper }), ...panes, strip: null };
}

function toSwitched(input: LayoutInput, body: Rect): WorkspaceLayout {
  const hasStrip = body.rows >= stripRowsMin;
  const strip = hasStrip ? { ...body, row: body.row + body.rows - 1, rows: 1 } : null;
  const rest = hasStrip ? { ...body, rows: body.rows - 1 } : body;
  if (!input.focus.startsWith('pane:')) {
    return { ...toLeft(input, rest), panes: [], strip, hiddenPanes: input.panes.length };
  }
  return { conversation: null, card: null, prompt: null, ...toPanes(input, rest), strip };
}

/** Conversation, card and prompt in one column. A card that has the focus takes most of it, and none more than it needs. */
function toLeft(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'conversation' | 'card' | 'prompt'> {
  if (area.rows < stripRowsMin - 1) return toOnlyFocused(input, area);
  const promptRows = Math.max(3, Math.min(input.promptRows + 2, Math.floor(area.rows / 3)));
  const isCardFocused = input.cardWaits && input.focus === 'card';
  const prompt = isCardFocused && area.rows < 24 ? 0 : Math.min(promptRows, area.rows);
  const rest = area.rows - prompt;
  const share = isCardFocused ? 0.75 : 0.5;
  const needed = input.cardRowsAt?.(area.columns) ?? rest;
  const wanted = input.cardWaits ? Math.min(rest, needed, Math.max(8, Math.floor(rest * share))) : 0;
  const card = wanted > 0 && rest - wanted < 3 ? rest : wanted;
  const conversation = rest - card;
  const at = (row: number, rows: number): Rect | null => (rows < 1 ? null : { ...area, row: area.row + row, rows });
  return {
    conversation: at(0, conversation),
    card: at(conversation, card),
    prompt: at(conversation + card, prompt),
  };
}

function toOnlyFocused(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'conversation' | 'card' | 'prompt'> {
  const nothing = { conversation: null, card: null, prompt: null };
  if (input.focus === 'prompt') return { ...nothing, prompt: area };
  return input.focus === 'card' && input.cardWaits ? { ...nothing, card: area } : { ...nothing, conversation: area };
}

function toPanes(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'panes' | 'hiddenPanes'> {
  return input.arrangement === 'stack' ? toStackOfPanes(input, area) : toGridOfPanes(input, area);
}

/** As even a grid as its smallest useful pane allows; what does not fit is reached by moving the focus. */
function toGridOfPanes(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'panes' | 'hiddenPanes'> {
  const across = Math.max(1, Math.floor(area.columns / paneColumnsMin));
  const down = Math.max(1, Math.floor(area.rows / paneRowsMin));
  const shown = toWindow(input, across * down);
  const columnCount = Math.min(across, Math.max(1, Math.ceil(shown.length / Math.min(down, bestDown(shown.length)))));
  const rowCount = Math.ceil(shown.length / columnCount);
  const panes = shown.map((server, index) => {
    const gridRow = Math.floor(index / columnCount);
    const inRow = gridRow === rowCount - 1 ? shown.length - gridRow * columnCount : columnCount;
    const [row, rows] = toShare(area.rows, rowCount, gridRow);
    const [column, columns] = toShare(area.columns, inRow, index - gridRow * columnCount);
    const rect = { row: area.row + row, column: area.column + column, rows, columns };
    return { server, rect, isCollapsed: false };
  });
  return { panes, hiddenPanes: input.panes.length - shown.length };
}

/** Output is wide: up to three panes stand one below the other before a second column is opened. */
function bestDown(count: number): number {
  return count <= 3 ? count : Math.ceil(Math.sqrt(count));
}

/** The focused pane has the room; the others are title lines. */
function toStackOfPanes(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'panes' | 'hiddenPanes'> {
  const shown = toWindow(input, Math.max(1, area.rows - paneRowsMin + 1));
  const open = toOpenPane(input, shown);
  const openRows = area.rows - (shown.length - 1);
  let row = area.row;
  const panes = shown.map((server) => {
    const rows = server === open ? openRows : 1;
    const rect = { ...area, row, rows };
    row += rows;
    return { server, rect, isCollapsed: server !== open };
  });
  return { panes, hiddenPanes: input.panes.length - shown.length };
}

function toOpenPane(input: LayoutInput, shown: readonly string[]): string | undefined {
  const focused = shown.find((server) => input.focus === `pane:${server}`);
  return focused ?? shown[0];
}

/** The stretch of panes that holds the focused one. */
function toWindow(input: LayoutInput, count: number): readonly string[] {
  if (input.panes.length <= count) return input.panes;
  const focused = input.panes.findIndex((server) => input.focus === `pane:${server}`);
  const page = Math.floor(Math.max(0, focused) / count);
  const from = Math.min(page * count, input.panes.length - count);
  return input.panes.slice(from, from + count);
}

/** Start and length of the part `index` of `count` even parts; the remainder goes to the first ones. */
function toShare(length: number, count: number, index: number): readonly [number, number] {
  const base = Math.floor(length / count);
  const extra = length % count;
  return [index * base + Math.min(index, extra), base + (index < extra ? 1 : 0)];
}

/** Whether the cell is inside. */
export function contains(rect: Rect, row: number, column: number): boolean {
  return row >= rect.row && row < rect.row + rect.rows && column >= rect.column && column < rect.column + rect.columns;
}

/** The rectangle without its border. */
export function toInner(rect: Rect): Rect {
  return {
    row: rect.row + 1,
    column: rect.column + 1,
    rows: Math.max(0, rect.rows - 2),
    columns: Math.max(0, rect.columns - 2),
  };
}
