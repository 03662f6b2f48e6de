/**
 * The line on top: which session, how its agent is contained, the servers, and what waits for an answer. Pure.
 */
import { countUnread } from '../../protocol/unread.ts';
import type { SessionView, View } from '../../protocol/view.ts';
import type { Action } from '../keymap.ts';
import { summarizeServers } from '../server-summary.ts';
import type { Span, StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, clipText, columnsOf, foreign, readable, span, spread } from './text.ts';
import { toLifeSign, toTurnMs } from './turn-time.ts';
import { toCount, toIsolationToken, toSessionStateToken, toSpan } from './words.ts';

export interface StatusModel {
  readonly view: View;
  readonly session: SessionView | null;
  readonly viewName: string;
  /** One part of the workspace has the whole screen. */
  readonly isZoomed: boolean;
  /** Cards that wait, local ones included. */
  readonly waiting: number;
  /** Null while connected; else what is being done about it. Of sessions and servers nothing is said then: nobody knows it. */
  readonly connection: string | null;
}

/** The parts in order of importance; on a narrow screen the last ones are left out, never cut in the middle. */
export function toStatusLine(model: StatusModel, page: Page): StyledLine {
  const { name, left, right } = toSides(model, page);
  const line: Span[] = [];
  for (const part of left) line.push(...toBefore(line.length, page), ...part.line);
  const end = right.flatMap((part) => part.line);
  return spread([name, ...line], clip(end, page.columns - columnsOf([name])), page.columns);
}

/** What a click on the word in this column goes to; null where it stands for nothing that can be shown. */
export function toStatusActionAt(model: StatusModel, page: Page, x: number): Action | null {
  const { name, left, right } = toSides(model, page);
  let at = columnsOf([name]);
  let count = 0;
  for (const part of left) {
    at += columnsOf(toBefore(count, page));
    const end = at + columnsOf(part.line);
    if (x >= at && x < end) return part.action ?? null;
    at = end;
    count += 1;
  }
  at = page.columns - columnsOf(right.flatMap((part) => part.line));
  for (const part of right) {
    const end = at + columnsOf(part.line);
    if (x >= at && x < end) return part.action ?? null;
    at = end;
  }
  return null;
}

function toBefore(count: number, page: Page): readonly Span[] {
  return [count === 0 ? span(' ') : span(` ${page.glyphs.separator} `, 'border')];
}

const titleColumnsMin = 12;

interface Sides {
  readonly name: Span;
  readonly left: readonly Part[];
  readonly right: readonly Omit<Part, 'importance'>[];
}

function toSides(model: StatusModel, page: Page): Sides {
  const name = span(' signalbox ', 'accent', { bold: true, inverse: true });
  const right: Omit<Part, 'importance'>[] = [];
  if (model.connection !== null)
    right.push({ line: [span(` ${model.connection} `, 'danger', { inverse: true })], action: 'restartHost' });
  if (model.waiting > 0 && model.connection === null) {
    const words = ` ${page.glyphs.waiting} ${model.waiting} waiting `;
    right.push({ line: [span(words, 'warn', { bold: true, inverse: true })], action: 'viewApprovals' });
  }
  const open = model.view.openItems.length;
  if (open > 0) {
    const words = ` ${page.glyphs.warning} ${toCount(open, 'open item')} `;
    right.push({ line: [span(words, 'danger', { bold: true })], action: 'openItems' });
  }
  if (model.view.host.demo) right.push({ line: [span(' demo ', 'muted')] });
  const room = page.columns - columnsOf(right.flatMap((part) => part.line)) - columnsOf([name]) - 1;
  // A long title gives way to what else there is to say, and takes what is left then.
  const titleColumns = Math.max(titleColumnsMin, Math.floor(page.columns / 5));
  const toLeft = (columns: number, time: string): readonly Part[] =>
    toFitting(toParts(model, page, { titleColumns: columns, time }), room);
  // What the agent does is never left out for the time that it takes.
  const elapsed = toTurnTime(model.session, page);
  const time = toLeft(titleColumns, elapsed).some(({ action }) => action === 'viewAgents') ? elapsed : '';
  const least = toLeft(titleColumns, time);
  const spare = room - least.reduce((used, part) => used + columnsOf(part.line) + 3, -2);
  return { name, left: toLeft(titleColumns + Math.max(0, spare), time), right };
}

/** " ⠙ 12 s", while a turn goes on. */
function toTurnTime(session: SessionView | null, page: Page): string {
  const ms = session && toTurnMs(session, page.nowMs);
  return ms === null ? '' : ` ${toLifeSign(page.nowMs, page.glyphs)} ${toSpan(ms)}`;
}

interface PartWords {
  readonly titleColumns: number;
  /** How long the turn goes on. */
  readonly time: string;
}

interface Part {
  readonly line: StyledLine;
  /** 0 goes last. */
  readonly importance: number;
  /** What a click on it does. */
  readonly action?: Action;
}

/** In the order of the line, those that have room; how the agent is contained is never left out for anything else. */
function toFitting(parts: readonly Part[], room: number): readonly Part[] {
  const kept = new Set<Part>();
  let used = 0;
  for (const part of [...parts].sort((a, b) => b.importance - a.importance)) {
    const columns = columnsOf(part.line) + 3;
    if (used + columns - 2 > room) continue;
    kept.add(part);
    used += columns;
  }
  return parts.filter((part) => kept.has(part));
}

function toPart(line: StyledLine, importance: number, action: Action): Part {
  return { line, importance, action };
}

function toParts(model: StatusModel, page: Page, { titleColumns, time }: PartWords): readonly Part[] {
  const { session, view } = model;
  if (model.connection !== null) return toPartsLastSeen(model, page, titleColumns);
  const { sorted: servers, connected } = summarizeServers(view.servers);
  const shells = Object.values(view.shells).filter(({ state }) => state !== 'ended').length;
  const note = (connected > 0 ? `, ${connected} connected` : '') + (shells > 0 ? `, ${toCount(shells, 'shell')}` : '');
  const sessions = toCount(Object.keys(view.sessions).length, 'session');
  return [
    ...(session ? [toPart(toTitle(session, view, page, titleColumns), 4, 'viewSessions')] : []),
    ...toViewPart(model),
    ...(session ? toSessionParts(session, time) : [toPart([span(sessions, 'muted')], 2, 'viewSessions')]),
    toPart([span(toServerCount(session, servers.length) + note, 'muted')], 1, 'viewServers'),
    ...toUnreadParts(session, view),
    ...(session?.usage ? toUsageParts(session.usage) : []),
  ];
}

/** "3 of 14 servers" where the session has not all of them. */
function toServerCount(session: SessionView | null, registered: number): string {
  const isPart = session !== null && session.servers.length > 0 && session.servers.length < registered;
  return isPart ? `${session.servers.length} of ${toCount(registered, 'server')}` : toCount(registered, 'server');
}

/** Which view it is, or that one part hides the others; a click goes back. */
function toViewPart({ viewName, isZoomed }: StatusModel): readonly Part[] {
  if (viewName === 'workspace') return isZoomed ? [toPart([span('zoomed', 'accent')], 3.3, 'zoom')] : [];
  return [toPart([span(viewName, 'text')], 3, 'viewWorkspace')];
}

/** A lost host takes its agents and connections with it: what was true of them a moment ago is not said any more. */
function toPartsLastSeen(model: StatusModel, page: Page, titleColumns: number): readonly Part[] {
  const { session, view } = model;
  return [
    ...(session ? [toPart(toTitle(session, view, page, titleColumns), 4, 'viewSessions')] : []),
    ...toViewPart(model),
    ...(session ? [{ line: [span('as last seen', 'warn')], importance: 5 }] : []),
  ];
}

/** What came in sessions that are not in the workspace. */
function toUnreadParts(session: SessionView | null, view: View): readonly Part[] {
  const others = Object.values(view.sessions).filter((other) => other.id !== session?.id && countUnread(other) > 0);
  if (others.length === 0) return [];
  const words = `new in ${toCount(others.length, 'other session')}`;
  return [toPart([span(words, 'accent')], 2, 'viewSessions')];
}

function toTitle(session: SessionView, view: View, page: Page, columns: number): StyledLine {
  const sessions = Object.values(view.sessions).sort((a, b) => a.createdAtMs - b.createdAtMs);
  const at = sessions.findIndex((entry) => entry.id === session.id) + 1;
  const title = clipText(readable(session.title), columns, page.glyphs.ellipsis);
  return [span(title, 'title', { bold: true }), span(sessions.length > 1 ? ` ${at}/${sessions.length}` : '', 'muted')];
}

function toSessionParts(session: SessionView, time: string): readonly Part[] {
  const isolation = session.isolation.state;
  const look = isolation === 'NOT CONTAINED' ? { bold: true, inverse: true } : {};
  // Of an agent that does not run its state says all there is.
  const isRunning = isolation !== 'not running';
  return [
    // Its view says what the word means here, and why.
    ...(isRunning ? [toPart([span(isolation, toIsolationToken(isolation), look)], 5, 'viewSessions')] : []),
    ...(session.readonly ? [{ line: [span('read only', 'accent')], importance: 4 }] : []),
    toPart(
      [span(`${foreign(session.agent)} `, 'text'), span(`${session.state}${time}`, toSessionStateToken(session.state))],
      isRunning ? 3.5 : 5,
      'viewAgents',
    ),
  ];
}

function toUsageParts(usage: NonNullable<SessionView['usage']>): readonly Part[] {
  if (usage.size <= 0) return [];
  const cost = usage.cost === null ? [] : [{ line: [span(foreign(usage.cost), 'muted')], importance: 0 }];
  return [
    { line: [span(`context ${Math.round((usage.used / usage.size) * 100)} %`, 'muted')], importance: 0 },
    ...cost,
  ];
}
