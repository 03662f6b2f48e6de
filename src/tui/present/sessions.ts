/**
 * The Sessions view: who works where, in what state, and how the agent is contained. Pure.
 */
import type { SessionView } from '../../protocol/view.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { cell, clip, emptyLine, foreign, plain, span, wrap } from './text.ts';
import { toCount, toIsolationToken, toSessionStateToken, toSpan } from './words.ts';

export function toSessionRow(session: SessionView, place: 'in the workspace' | 'elsewhere', page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const age = toSpan(page.nowMs - session.createdAtMs);
  return clip(
    [
      span(place === 'in the workspace' ? `${page.glyphs.prompt} ` : '  ', 'accent'),
      span(`${cell(foreign(session.title), 26, ellipsis)} `, 'title', { bold: true }),
      span(`${cell(session.state, 16, ellipsis)} `, toSessionStateToken(session.state)),
      span(`${cell(foreign(session.agent), 14, ellipsis)} `, 'text'),
      span(`${cell(session.isolation.state, 22, ellipsis)} `, toIsolationToken(session.isolation.state)),
      span(`${cell(age, 7, ellipsis)} `, 'muted'),
      span(session.servers.join(', '), 'text'),
    ],
    page.columns,
    ellipsis,
  );
}

export function toSessionDetails(session: SessionView, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrap([span(value)], page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  const isolation = session.isolation;
  lines.push([
    span(cell('state', 14), 'muted'),
    span(session.state, toSessionStateToken(session.state), { bold: true }),
  ]);
  field('id', session.id);
  field(
    'agent',
    `${foreign(session.agent)}${session.agentVersion === null ? '' : ` ${foreign(session.agentVersion)}`}`,
  );
  field('servers', session.servers.join(', '));
  lines.push([
    span(cell('containment', 14), 'muted'),
    span(isolation.state, toIsolationToken(isolation.state), { bold: true }),
  ]);
  field('', foreign(isolation.reason));
  if (session.workspace !== null) field('workspace', foreign(session.workspace));
  if (session.currentMode !== null) field('mode', foreign(session.currentMode));
  field('conversation', toCount(session.items.length, 'item'));
  if (session.origin === 'external') field('origin', 'another program uses our tools; its conversation is not here');
  if (session.problem !== null)
    lines.push(emptyLine, ...wrap([span(foreign(session.problem), 'danger')], page.columns));
  return lines;
}
