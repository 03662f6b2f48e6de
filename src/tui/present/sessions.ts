/**
 * The Sessions view: who works where, in what state, and how the agent is contained. Pure.
 */

import { countUnread } from '../../protocol/unread.ts';
import type { SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import { toAgentName } from './agent-line.ts';
import { toSessionStderr } from './agent-stderr.ts';
import type { Page } from './page.ts';
import { toCarefulOrder, toServerNames, toShortServer } from './server-name.ts';
import { type PreviewProse, toSessionPreview } from './session-preview.ts';
import { toChangedServerLines, toStateLines } from './session-state.ts';
import {
  cell,
  clip,
  clipText,
  emptyLine,
  foreign,
  plain,
  readable,
  span,
  textWidth,
  toText,
  wrap,
  wrapExact,
  wrapProse,
} from './text.ts';
import { toCount, toIsolationToken, toSessionStateToken, toSpan } from './words.ts';

/** From here on a row has room for its agent, too. */
const wideColumns = 110;
const titleCellsMax = 48;
const idCells = 6;
const titles = {
  title: 'TITLE',
  unread: '',
  state: 'STATE',
  agent: 'AGENT',
  isolation: 'CONTAINMENT',
  used: 'LAST USED',
};

/** Whether its conversation and its panes are the ones that the workspace shows. */
export type SessionPlace = 'in the workspace' | 'elsewhere';

/** Cells of each column; 0 where there is none. The servers have what is left. */
export interface SessionColumns {
  readonly title: number;
  readonly unread: number;
  readonly state: number;
  readonly agent: number;
  readonly isolation: number;
  readonly used: number;
  /** Titles that more than one has: their rows say the id, too. */
  readonly twice: ReadonlySet<string>;
}

/** As wide as these sessions need: what one column does not need, the title and the servers have. */
export function toSessionColumns(sessions: readonly SessionView[], page: Page): SessionColumns {
  // Where a row is short, its agent is left to the details: where it acts is what tells sessions apart.
  const isWide = page.columns >= wideColumns;
  const all = sessions.map((session) => readable(session.title));
  const twice = toRepeated(all);
  const widest = (least: number, texts: readonly string[]): number => Math.max(least, ...texts.map(textWidth));
  const widths = {
    unread: widest(0, sessions.map(toUnreadWord)),
    state: widest(
      titles.state.length,
      sessions.map(({ state }) => state),
    ),
    agent: isWide ? 14 : 0,
    isolation: isWide ? 22 : 0,
    used: titles.used.length,
  };
  const others = Object.values(widths).reduce((sum, cells) => sum + (cells === 0 ? 0 : cells + 1), 0);
  const servers = widest(
    0,
    sessions.map((session) => toText(toServersOf(session, page))),
  );
  const wanted = widest(titles.title.length, all) + (twice.size === 0 ? 0 : idCells + 1);
  const room = page.columns - toMarkCells(page) - others - 1;
  // Neither is pushed out by the other.
  const title = Math.max(Math.min(wanted, titleCellsMax, room - servers), Math.min(wanted, Math.floor(room * 0.6)), 8);
  return { ...widths, title, twice };
}

function toRepeated(titles: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>();
  return new Set(titles.filter((title) => once.has(title) || !once.add(title)));
}

export function toSessionHeading(columns: SessionColumns, page: Page): StyledLine {
  const names = (['title', 'unread', 'state', 'agent', 'isolation', 'used'] as const).filter((of) => columns[of] > 0);
  const cells = names.map((of) => `${cell(titles[of], columns[of], page.glyphs.ellipsis)} `).join('');
  return clip(plain(`${' '.repeat(toMarkCells(page))}${cells}SERVERS`, 'muted'), page.columns, page.glyphs.ellipsis);
}

export function toSessionRow(
  session: SessionView,
  place: SessionPlace,
  page: Page,
  columns: SessionColumns = toSessionColumns([session], page),
): StyledLine {
  const { ellipsis, chosen } = page.glyphs;
  const put = (text: string, cells: number, token: Token, look: Pick<Span, 'bold'> = {}): StyledLine =>
    cells === 0 ? [] : [span(`${cell(text, cells, ellipsis)} `, token, look)];
  const used = toSpan(page.nowMs - toLastUsed(session));
  return clip(
    [
      span(cell(place === 'in the workspace' ? ` ${chosen}` : '', toMarkCells(page)), 'accent'),
      ...toTitleCell(session, columns, page),
      ...put(toUnreadWord(session), columns.unread, 'accent', { bold: true }),
      ...put(session.state, columns.state, toSessionStateToken(session.state)),
      ...put(foreign(session.agent), columns.agent, 'text'),
      ...put(session.isolation.state, columns.isolation, toIsolationToken(session.isolation.state)),
      ...put(used, columns.used, 'muted'),
      ...toServersOf(session, page),
    ],
    page.columns,
    ellipsis,
  );
}

function toTitleCell({ id, title }: SessionView, { title: cells, twice }: SessionColumns, page: Page): StyledLine {
  const text = readable(title);
  const isTwice = twice.has(text) && cells >= 2 * idCells;
  const rest = isTwice ? cells - idCells - 1 : cells;
  return [
    span(`${cell(text, rest, page.glyphs.ellipsis)} `, 'title', { bold: true }),
    ...(isTwice ? [span(`${cell(foreign(id), idCells, page.glyphs.ellipsis)} `, 'muted')] : []),
  ];
}

function toServersOf(session: SessionView, page: Page): StyledLine {
  return toServerNames(toCarefulOrder(session.servers, page), page, toShortServer);
}

/** When something was said or done in it last. */
function toLastUsed({ items, createdAtMs }: SessionView): number {
  return Math.max(createdAtMs, items.at(-1)?.atMs ?? 0);
}

/** The sign of the cursor comes before it, and a blank after it. */
function toMarkCells({ glyphs }: Page): number {
  return textWidth(glyphs.chosen) + 2;
}

/** Foreign; cut so that it can stand in a title. */
export function toShortTitle({ title }: SessionView): string {
  return clipText(readable(title), 32);
}

/** "3 new", or nothing. */
export function toUnreadWord(session: SessionView): string {
  const unread = countUnread(session);
  return unread === 0 ? '' : `${unread > 999 ? '999+' : unread} new`;
}

export function toSessionDetails(
  session: SessionView,
  page: Page,
  prose?: PreviewProse,
  place: SessionPlace = 'elsewhere',
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrapExact(span(value), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  const isolation = session.isolation;
  lines.push([
    span(cell('state', 14), 'muted'),
    span(session.state, toSessionStateToken(session.state), { bold: true }),
    ...(place === 'elsewhere'
      ? []
      : [span(`  ${page.glyphs.chosen}`, 'accent'), span(' open in the workspace', 'muted')]),
  ]);
  for (const line of toStateLines(session, { ...page, columns: page.columns - 14 }))
    lines.push([span(' '.repeat(14)), ...line]);
  field('agent', toAgentName(session));
  for (const agent of session.agents.filter(({ id }) => id !== session.agent))
    field(
      '',
      `${foreign(agent.id)} ${agent.isRunning ? 'runs beside it' : 'was here before'}; ${keyWord('sessions', 'switchAgent')} lets it answer again`,
    );
  lines.push(
    ...wrap(
      toServerNames(session.servers, page),
      page.columns,
      plain(cell('servers', 14), 'muted'),
      plain(' '.repeat(14)),
    ),
  );
  lines.push(...toChangedServerLines(session, page));
  if (session.readonly) field('access', 'read only: every write and unlisted command is rejected');
  lines.push([
    span(cell('containment', 14), 'muted'),
    span(isolation.state, toIsolationToken(isolation.state), { bold: true }),
  ]);
  lines.push(...wrapProse(isolation.reason, 'text', page.columns, plain(' '.repeat(14))));
  lines.push(...toSessionPreview(session, page, prose), ...toSessionStderr(session, page), emptyLine);
  field('title', readable(session.title));
  field('id', foreign(session.id));
  if (session.workspace !== null) field('workspace', foreign(session.workspace));
  if (session.currentMode !== null) field('mode', foreign(session.currentMode));
  const unread = countUnread(session);
  field('conversation', `${toCount(session.items.length, 'item')}${unread > 0 ? `, ${unread} new` : ''}`);
  if (session.origin === 'external') field('origin', 'an MCP client uses our tools; its conversation is not here');
  if (session.problem !== null) lines.push(emptyLine, ...wrapProse(session.problem, 'danger', page.columns));
  return lines;
}
