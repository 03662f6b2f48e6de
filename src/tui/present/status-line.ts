/**
 * The line on top: which session, how its agent is contained, the servers, and what waits for an answer. Pure.
 */
import type { SessionView, View } from '../../protocol/view.ts';
import type { Span, StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, clipText, columnsOf, foreign, span, spread } from './text.ts';
import { toCount, toIsolationToken, toSessionStateToken } from './words.ts';

export interface StatusModel {
  readonly view: View;
  readonly session: SessionView | null;
  readonly viewName: string;
  /** Cards that wait, local ones included. */
  readonly waiting: number;
  /** Null while connected; else what is being done about it. */
  readonly connection: string | null;
}

/** The parts in order of importance; on a narrow screen the last ones are left out, never cut in the middle. */
export function toStatusLine(model: StatusModel, page: Page): StyledLine {
  const name = span(' signalbox ', 'accent', { bold: true, inverse: true });
  const right: Span[] = [];
  if (model.connection !== null) right.push(span(` ${model.connection} `, 'danger', { inverse: true }));
  if (model.waiting > 0)
    right.push(span(` ${page.glyphs.waiting} ${model.waiting} waiting `, 'warn', { bold: true, inverse: true }));
  const open = model.view.openItems.length;
  if (open > 0) right.push(span(` ${page.glyphs.warning} ${toCount(open, 'open item')} `, 'danger', { bold: true }));
  if (model.view.host.demo) right.push(span(' demo ', 'muted'));
  const room = page.columns - columnsOf(right) - columnsOf([name]) - 1;
  const left: Span[] = [];
  for (const part of toFitting(toParts(model, page), room)) {
    left.push(left.length === 0 ? span(' ') : span(` ${page.glyphs.separator} `, 'border'), ...part.line);
  }
  return spread([name, ...left], clip(right, page.columns - columnsOf([name])), page.columns);
}

interface Part {
  readonly line: StyledLine;
  /** 0 goes last. */
  readonly importance: number;
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

function toParts(model: StatusModel, page: Page): readonly Part[] {
  const { session, view } = model;
  const servers = Object.values(view.servers);
  const connected = servers.filter((server) => server.state === 'connected').length;
  const note = connected > 0 ? `, ${connected} connected` : '';
  return [
    ...(session ? [{ line: toTitle(session, view, page), importance: 4 }] : []),
    ...(model.viewName === 'workspace' ? [] : [{ line: [span(model.viewName, 'text')], importance: 3 }]),
    ...(session ? toSessionParts(session) : []),
    ...(session
      ? []
      : [{ line: [span(toCount(Object.keys(view.sessions).length, 'session'), 'muted')], importance: 2 }]),
    { line: [span(toCount(servers.length, 'server') + note, 'muted')], importance: 1 },
    ...(session?.usage ? toUsageParts(session.usage) : []),
  ];
}

function toTitle(session: SessionView, view: View, page: Page): StyledLine {
  const sessions = Object.values(view.sessions).sort((a, b) => a.createdAtMs - b.createdAtMs);
  const at = sessions.findIndex((entry) => entry.id === session.id) + 1;
  const title = clipText(foreign(session.title), Math.max(12, Math.floor(page.columns / 5)), page.glyphs.ellipsis);
  return [span(title, 'title', { bold: true }), span(sessions.length > 1 ? ` ${at}/${sessions.length}` : '', 'muted')];
}

function toSessionParts(session: SessionView): readonly Part[] {
  const isolation = session.isolation.state;
  const look = isolation === 'NOT CONTAINED' ? { bold: true, inverse: true } : {};
  return [
    { line: [span(isolation, toIsolationToken(isolation), look)], importance: 5 },
    {
      line: [span(`${foreign(session.agent)} `, 'text'), span(session.state, toSessionStateToken(session.state))],
      importance: 2,
    },
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
