/**
 * The Agents view: the catalogue with each agent's state and what to do about it. Pure.
 */

import type { AgentView, SessionView, View } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toAgentStderr } from './agent-stderr.ts';
import type { Page } from './page.ts';
import { cell, clip, emptyLine, foreign, foreignLines, plain, span, wrap, wrapExact } from './text.ts';
import { toSpan } from './words.ts';

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

/** The bundled script: it says of itself that it is no model. */
export function isDemoAgent({ id }: Pick<AgentView, 'id'>): boolean {
  return id === 'demo';
}

const order: readonly string[] = ['ready', 'needs login', 'probing', 'error', 'unknown', 'not installed', 'disabled'];

/** Those that can be worked with first; outside of the demo its agent stands behind all others that can be started. */
export function toOrderedAgents({ agents, host }: Pick<View, 'agents' | 'host'>): readonly AgentView[] {
  const rank = (agent: AgentView): number => {
    const at = order.indexOf(agent.availability);
    const isLast = isDemoAgent(agent) && !host.demo && agent.availability === 'ready';
    return isLast ? order.indexOf('not installed') - 0.5 : at === -1 ? order.indexOf('unknown') : at;
  };
  return [...agents].sort((a, b) => rank(a) - rank(b));
}

/** Which key helps. */
const nextSteps: Readonly<Record<string, () => string>> = {
  'needs login': () =>
    `${keyWord('agents', 'loginAgent')} logs it in: its login gets the terminal, and the screen comes back after it.`,
  disabled: () => `${keyWord('agents', 'toggleAgent')} enables it.`,
  error: () => `${keyWord('agents', 'probeAgent')} tries it once more.`,
};

export function toAgentRow(agent: AgentView, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  return clip(
    [
      span(` ${cell(foreign(agent.label), 20, ellipsis)} `, 'title', { bold: true }),
      span(`${cell(foreign(agent.availability), 14, ellipsis)} `, toAvailabilityToken(agent.availability)),
      // On a narrow screen what is wrong with it is more than its version, which its details have.
      ...(page.columns < 100 ? [] : [span(`${cell(foreign(agent.version ?? ''), 10, ellipsis)} `, 'muted')]),
      span(foreign(agent.diagnostic), 'text'),
    ],
    page.columns,
    ellipsis,
  );
}

/** @param sessions in which it may run. @param probedAtMs when somebody at this screen had it tested; null when nobody had. */
export function toAgentDetails(
  agent: AgentView,
  page: Page,
  sessions: readonly SessionView[] = [],
  probedAtMs: number | null = null,
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string): void => {
    lines.push(...wrapExact(span(value), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  lines.push([
    span(cell('state', 14), 'muted'),
    span(foreign(agent.availability), toAvailabilityToken(agent.availability), { bold: true }),
  ]);
  if (probedAtMs !== null) field('tested', toProbeWords(page.nowMs - probedAtMs));
  lines.push(...toNextStep(agent, page));
  field('name', foreign(agent.label));
  field('id', foreign(agent.id));
  field('command', foreign(agent.command.join(' ')));
  if (agent.version !== null) field('version', foreign(agent.version));
  field('defined in', foreign(agent.origin));
  if (agent.diagnostic !== '') {
    lines.push(emptyLine);
    for (const line of foreignLines(agent.diagnostic)) lines.push(...wrap([span(line)], page.columns));
  }
  lines.push(...toAgentStderr(agent.id, sessions, page));
  return lines;
}

function toProbeWords(agoMs: number): string {
  return agoMs < 60_000 ? 'just now' : `${toSpan(agoMs)} ago`;
}

/** What to do about it, right below its state: on a small screen that is what has room. */
function toNextStep(agent: AgentView, page: Page): readonly StyledLine[] {
  const first = plain(cell('next', 14), 'muted');
  const rest = plain(' '.repeat(14));
  const next = nextSteps[agent.availability]?.();
  if (next !== undefined) return wrap([span(next, 'accent')], page.columns, first, rest);
  if (agent.availability !== 'not installed') return [];
  const words = isInstallable(agent)
    ? `${keyWord('agents', 'installAgent')} shows the command that installs it, and runs it when you say yes:`
    : 'signalbox knows no package of it; it comes from elsewhere:';
  return [
    ...wrap([span(words, 'accent')], page.columns, first, rest),
    ...foreignLines(agent.installHint).flatMap((line) => wrapExact(span(line, 'code'), page.columns, rest)),
  ];
}

/** Only packages of npm are installed by a key; any other hint is for the reader. */
export function isInstallable({ installHint }: Pick<AgentView, 'installHint'>): boolean {
  return installHint.startsWith('npm install ');
}
