/**
 * The Agents view: the catalogue with each agent's state and what to do about it. Pure.
 */
import type { AgentView } from '../../protocol/view.ts';
import type { StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { cell, clip, emptyLine, foreign, foreignLines, plain, span, wrap } from './text.ts';

/** The state's colour; the word stands beside it. */
export function toAvailabilityToken(availability: string): Token {
  switch (availability) {
    case 'ready':
      return 'ok';
    case 'probing':
      return 'accent';
    case 'needs login':
      return 'warn';
    case 'error':
      return 'danger';
    default:
      return 'muted';
  }
}

export function toAgentRow(agent: AgentView, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  return clip(
    [
      span(` ${cell(foreign(agent.label), 20, ellipsis)} `, 'title', { bold: true }),
      span(`${cell(agent.availability, 14, ellipsis)} `, toAvailabilityToken(agent.availability)),
      span(`${cell(agent.version === null ? '' : foreign(agent.version), 10, ellipsis)} `, 'muted'),
      span(foreign(agent.diagnostic), 'text'),
    ],
    page.columns,
    ellipsis,
  );
}

export function toAgentDetails(agent: AgentView, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrap([span(value)], page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  lines.push([
    span(cell('state', 14), 'muted'),
    span(agent.availability, toAvailabilityToken(agent.availability), { bold: true }),
  ]);
  field('id', foreign(agent.id));
  field('command', foreign(agent.command.join(' ')));
  if (agent.version !== null) field('version', foreign(agent.version));
  field('defined in', foreign(agent.origin));
  if (agent.diagnostic !== '') {
    lines.push(emptyLine);
    for (const line of foreignLines(agent.diagnostic)) lines.push(...wrap([span(line)], page.columns));
  }
  if (agent.installHint !== '' && agent.availability === 'not installed') {
    lines.push(emptyLine, plain('To install it', 'muted'));
    for (const line of foreignLines(agent.installHint))
      lines.push(...wrap([span(line, 'code')], page.columns, plain('  ')));
  }
  return lines;
}
