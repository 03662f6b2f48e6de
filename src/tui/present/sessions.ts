/**
 * The Sessions view: who works where, in what state, and how the agent is contained. Pure.
 */

import { countUnread } from '../../protocol/unread.ts';
import type { SessionView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine } from '../styled.ts';
import { toSessionStderr } from './agent-stderr.ts';
import type { Page } from './page.ts';
import { toCarefulOrder, toServerNames, toShortServer } from './server-name.ts';
import { type PreviewProse, toSessionPreview } from './session-preview.ts';
import { toChangedServerLines, toStateLines } from './session-state.ts';
import { cell, clip, clipText, emptyLine, foreign, plain, readable, span, wrap, wrapExact, wrapProse } from './text.ts';
import { toCount, toIsolationToken, toSessionStateToken, toSpan } from './words.ts';

/** From here on a row has room for its agent, too. */
const wideColumns = 110;

export function toSessionRow(session: SessionView, place: 'in the workspace' | 'elsewhere', page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const age = toSpan(page.nowMs - session.createdAtMs);
  const servers = toServerNames(toCarefulOrder(session.servers, page), page, toShortServer);
  const isWide = page.columns >= wideColumns;
  const who = [
    span(`${cell(foreign(session.agent), 14, ellipsis)} `, 'text'),
    span(`${cell(session.isolation.state, 22, ellipsis)} `, toIsolationToken(session.isolation.state)),
    span(`${cell(age, 7, ellipsis)} `, 'muted'),
  ];
  return clip(
    [
      span(place === 'in the workspace' ? `${page.glyphs.prompt} ` : '  ', 'accent'),
      span(`${cell(readable(session.title), isWide ? 26 : 22, ellipsis)} `, 'title', { bold: true }),
      span(cell(toUnreadWord(session), 8, ellipsis), 'accent', { bold: true }),
      span(`${cell(session.state, 16, ellipsis)} `, toSessionStateToken(session.state)),
      // Where a row is short, its agent is left to the details: where it acts is what tells sessions apart.
      ...(isWide ? [...who, ...servers] : servers),
    ],
    page.columns,
    ellipsis,
  );
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

export function toSessionDetails(session: SessionView, page: Page, prose?: PreviewProse): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrapExact(span(value), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  const isolation = session.isolation;
  lines.push([
    span(cell('state', 14), 'muted'),
    span(session.state, toSessionStateToken(session.state), { bold: true }),
  ]);
  for (const line of toStateLines(session, { ...page, columns: page.columns - 14 }))
    lines.push([span(' '.repeat(14)), ...line]);
  field(
    'agent',
    `${foreign(session.agent)}${session.agentVersion === null ? '' : ` ${foreign(session.agentVersion)}`}`,
  );
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
