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
  const parts = toParts(model, page);
  const room = page.columns - columnsOf(right) - columnsOf([name]) - 1;
  const separator = span(` ${page.glyphs.separator} `, 'border');
  const left: Span[] = [];
  for (const part of parts) {
    const next = left.length === 0 ? [span(' '), ...part] : [separator, ...part];
    if (columnsOf([...left, ...next]) > room) continue;
    left.push(...next);
  }
  return spread([name, ...left], clip(right, page.columns - columnsOf([name])), page.columns);
}

function toParts(model: StatusModel, page: Page): readonly StyledLine[] {
  const { session, view } = model;
  const sessions = Object.values(view.sessions);
  const servers = Object.values(view.servers);
  const connected = servers.filter((server) => server.state === 'connected').length;
  const parts: StyledLine[] = [];
  if (session) {
    const at = sessions.findIndex((entry) => entry.id === session.id) + 1;
    const number = sessions.length > 1 ? ` ${at}/${sessions.length}` : '';
    const title = clipText(foreign(session.title), Math.max(12, Math.floor(page.columns / 4)), page.glyphs.ellipsis);
    const isolation = session.isolation.state;
    const isBad = isolation === 'NOT CONTAINED';
    parts.push([span(isolation, toIsolationToken(isolation), isBad ? { bold: true, inverse: true } : {})]);
    parts.unshift([span(title, 'title', { bold: true }), span(number, 'muted')]);
    parts.push([span(`${foreign(session.agent)} `, 'text'), span(session.state, toSessionStateToken(session.state))]);
  } else {
    parts.push([span(toCount(sessions.length, 'session'), 'muted')]);
  }
  const note = connected > 0 ? `, ${connected} connected` : '';
  parts.push([span(toCount(servers.length, 'server') + note, 'muted')]);
  if (model.viewName !== 'workspace') parts.splice(session ? 1 : 0, 0, [span(model.viewName, 'text')]);
  const usage = session?.usage;
  if (usage && usage.size > 0) {
    parts.push([span(`context ${Math.round((usage.used / usage.size) * 100)} %`, 'muted')]);
    if (usage.cost !== null) parts.push([span(foreign(usage.cost), 'muted')]);
  }
  return parts;
}
