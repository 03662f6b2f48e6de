/**
 * Where everything goes: from the size of the screen and what is shown to rectangles. Pure; knows no widget and draws nothing. How the panes
 * share their part is arrange-panes.ts.
 */
import { type ArrangedPanes, type Arrangement, arrangePanes, type PlacedPane } from './arrange-panes.ts';
import type { Axis, SplitTree } from './split-tree.ts';

/** Cells, from the top left corner; `row` and `column` count from 0. */
export interface Rect {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

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
  /** Panes that stay in sight when there are more than fit. */
  readonly pinned?: readonly string[];
  /** The pane that had the focus last, and is kept in sight while none has it. */
  readonly lastPane?: string | null;
  /** How the operator divided the room of the panes. */
  readonly tree?: SplitTree | null;
  /** Where the operator put the border between the conversation and the panes; absent: where it is best. */
  readonly shares?: ConversationShares;
  /** `none`: there is no session, so the conversation has nothing to show and leaves the room to the panes. Default: a session. */
  readonly session?: 'none';
  /** `none`: another program drives the session, so nothing can be written. Default: a prompt. */
  readonly prompt?: 'none';
  /** Rows of the hint line: more than one while a long message stands there. Default: 1. */
  readonly hintRows?: number;
}

/** Of the body, in thousandths: columns where both stand side by side, rows where one stands above the other; null: by itself. */
export interface ConversationShares {
  readonly columns: number | null;
  readonly rows: number | null;
}

/** The border between the conversation and the panes. */
export interface Divide {
  readonly along: Axis;
  readonly body: Rect;
  /** Cells of the conversation's side. */
  readonly before: number;
}

export interface WorkspaceLayout {
  readonly conversation: Rect | null;
  readonly card: Rect | null;
  readonly prompt: Rect | null;
  readonly panes: readonly PlacedPane[];
  /** One line that stands for everything a small screen has no room for. */
  readonly strip: Rect | null;
  /** Panes that are not on the screen now, in their order. */
  readonly outOfSight: readonly string[];
  /** The panes' part of the screen, and how it is divided, in cells; null where that cannot be changed. */
  readonly panesArea: Rect | null;
  readonly tree: SplitTree | null;
  readonly divide: Divide | null;
  readonly hintRows: number;
}

type Body = Omit<WorkspaceLayout, 'hintRows'>;

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
/** What is left to either side when the operator moves the border between them. */
const sideMin = { columns: 28, rows: 8 } as const;
/** The widest conversation that is pleasant to read; what is more goes to the panes. */
const conversationColumns = { least: 54, most: 100, share: 450 } as const;
/** One line of it in its frame, below which a card takes its place. */
const conversationRowsMin = 3;
/** Without a session: enough for the sentence that says how to open one. */
const emptyConversation = { columns: 40, rows: 9 } as const;

export function isTooSmall(columns: number, rows: number): boolean {
  return columns < columnsMin || rows < rowsMin;
}

/** The status line on top, the hint line at the bottom, everything else between. */
export function toFrame(columns: number, rows: number, hintRows = 1): Frame {
  return {
    status: { row: 0, column: 0, rows: 1, columns },
    body: { row: 1, column: 0, rows: Math.max(0, rows - 1 - hintRows), columns },
    hint: { row: rows - hintRows, column: 0, rows: hintRows, columns },
  };
}

/** Side by side where it is wide, one above the other where it is tall, else the half that has the focus. */
export function toWorkspaceLayout(input: LayoutInput): WorkspaceLayout {
  const hintRows = input.hintRows ?? 1;
  return { ...toBody(input, toFrame(input.columns, input.rows, hintRows).body), hintRows };
}

const noPanes = { panes: [], strip: null, outOfSight: [], panesArea: null, tree: null, divide: null } as const;

function toBody(input: LayoutInput, body: Rect): Body {
  if (input.isZoomed) return toZoomedLayout(input, body);
  if (input.panes.length === 0) return { ...noPanes, ...toLeft(input, body) };
  const along = toDivideAxis(body);
  if (along === null) return toSwitched(input, body);
  const whole = toDivided(input, body, along);
  if (whole.outOfSight.length === 0 || body.rows < stripRowsMin) return whole;
  const [rest, strip] = cutStrip(body);
  return { ...toDivided(input, rest, along), strip };
}

/** How the conversation and the panes share the screen; null where only one of them has room. */
function toDivideAxis(body: Rect): Axis | null {
  if (body.columns >= sideBySideColumns) return 'columns';
  return body.rows >= stackedRows ? 'rows' : null;
}

function cutStrip(body: Rect): readonly [rest: Rect, strip: Rect] {
  const rows = body.rows - 1;
  return [
    { ...body, rows },
    { ...body, row: body.row + rows, rows: 1 },
  ];
}

function toZoomedLayout(input: LayoutInput, body: Rect): Body {
  const nothing: Body = { ...noPanes, conversation: null, card: null, prompt: null, outOfSight: input.panes };
  if (input.focus.startsWith('pane:')) {
    const server = input.focus.slice('pane:'.length);
    const outOfSight = input.panes.filter((other) => other !== server);
    return { ...nothing, panes: [{ server, rect: body, isCollapsed: false }], outOfSight };
  }
  if (input.focus === 'card' && input.cardWaits) return { ...nothing, card: body };
  return { ...nothing, ...toLeft(input, body) };
}

function toDivided(input: LayoutInput, body: Rect, along: Axis): Body {
  const before = toDivide(input, body, along);
  const after = body[along] - before;
  const isBeside = along === 'columns';
  const left = isBeside ? { ...body, columns: before } : { ...body, rows: before };
  const right = isBeside
    ? { ...body, column: body.column + before, columns: after }
    : { ...body, row: body.row + before, rows: after };
  return { ...toLeft(input, left), ...toPanes(input, right), strip: null, divide: { along, body, before } };
}

/** Cells of the conversation's side: what the operator said, else what is best; each side keeps what it needs. */
function toDivide(input: LayoutInput, body: Rect, along: Axis): number {
  const share = input.shares?.[along] ?? null;
  if (share !== null) return clampDivide(Math.round((body[along] * share) / 1_000), body, along);
  if (input.session === 'none' && !input.cardWaits) return emptyConversation[along];
  if (along === 'rows') return Math.floor(body.rows * (input.focus.startsWith('pane:') ? 0.45 : 0.6));
  const { least, most } = conversationColumns;
  return Math.min(most, Math.max(least, Math.floor((body.columns * conversationColumns.share) / 1_000)));
}

function clampDivide(cells: number, body: Rect, along: Axis): number {
  return Math.max(sideMin[along], Math.min(cells, body[along] - sideMin[along]));
}

/** The share after the border was moved by cells, in thousandths. */
export function moveDivide({ along, body, before }: Divide, by: number): number {
  return Math.round((clampDivide(before + by, body, along) * 1_000) / body[along]);
}

function toSwitched(input: LayoutInput, body: Rect): Body {
  const hasStrip = body.rows >= stripRowsMin;
  const [rest, strip] = hasStrip ? cutStrip(body) : [body, null];
  if (!input.focus.startsWith('pane:')) return { ...noPanes, ...toLeft(input, rest), strip, outOfSight: input.panes };
  return { conversation: null, card: null, prompt: null, divide: null, ...toPanes(input, rest), strip };
}

function toPanes(input: LayoutInput, area: Rect): ArrangedPanes & { readonly panesArea: Rect } {
  const focused = input.focus.startsWith('pane:') ? input.focus.slice('pane:'.length) : null;
  const { panes, arrangement, pinned = [], lastPane = null, tree = null } = input;
  return { ...arrangePanes({ panes, pinned, anchor: focused ?? lastPane, arrangement, tree }, area), panesArea: area };
}

/** Conversation, card and prompt in one column. A card that has the focus takes most of it, and none more than it needs. */
function toLeft(input: LayoutInput, area: Rect): Pick<WorkspaceLayout, 'conversation' | 'card' | 'prompt'> {
  if (area.rows < stripRowsMin - 1) return toOnlyFocused(input, area);
  const promptRows =
    input.prompt === 'none' ? 0 : Math.max(3, Math.min(input.promptRows + 2, Math.floor(area.rows / 3)));
  const isCardFocused = input.cardWaits && input.focus === 'card';
  const prompt = isCardFocused && area.rows < 24 ? 0 : Math.min(promptRows, area.rows);
  const rest = area.rows - prompt;
  const needed = input.cardRowsAt?.(area.columns) ?? rest;
  // One that has the focus is to be answered: where a line or two are missing, it is shown to its end.
  const share = isCardFocused ? (needed <= rest - conversationRowsMin ? needed : rest * 0.75) : rest * 0.5;
  const wanted = input.cardWaits ? Math.min(rest, needed, Math.max(8, Math.floor(share))) : 0;
  const card = wanted > 0 && rest - wanted < conversationRowsMin ? rest : wanted;
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

/** Whether the cell is inside. */
export function contains(rect: Rect, row: number, column: number): boolean {
  return row >= rect.row && row < rect.row + rect.rows && column >= rect.column && column < rect.column + rect.columns;
}
