/**
 * What agents that run wrote to stderr last: no part of the conversation, and often the only place that says why nothing comes. Pure.
 */
import type { SessionView, StderrLineView } from '../../protocol/view.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { columnsOf, conversationLines, emptyLine, foreign, plain, span, wrapExact } from './text.ts';
import { toDayAndTime, toTimeOfDay } from './words.ts';

const rowsMax = 12;
/** Below an agent; the others are below their sessions. */
const sessionsMax = 3;

/** Of each agent of a session, below the session. */
export function toSessionStderr({ agents }: Pick<SessionView, 'agents'>, page: Page): readonly StyledLine[] {
  return agents.flatMap(({ id, stderr = [] }) => toStderrLines(stderr, `by ${foreign(id)}`, page));
}

/** Of one agent in the sessions where it wrote last, below the agent. */
export function toAgentStderr(agent: string, sessions: readonly SessionView[], page: Page): readonly StyledLine[] {
  return sessions
    .flatMap(({ title, agents }) =>
      agents.flatMap(({ id, stderr = [] }) => (id === agent && stderr.length > 0 ? [{ title, stderr }] : [])),
    )
    .sort((a, b) => toLastMs(b.stderr) - toLastMs(a.stderr))
    .slice(0, sessionsMax)
    .flatMap(({ title, stderr }) => toStderrLines(stderr, `in ${foreign(title)}`, page));
}

function toStderrLines(lines: readonly StderrLineView[], where: string, page: Page): readonly StyledLine[] {
  if (lines.length === 0) return [];
  const rows = lines.flatMap(({ text, atMs }) => {
    const first = plain(`${toTime(atMs, page)}  `, 'muted');
    return wrapExact(span(conversationLines(text).join(' ')), page.columns, first, plain(' '.repeat(columnsOf(first))));
  });
  return [
    emptyLine,
    [span('Last on stderr', 'title', { bold: true }), span(`  ${where}`, 'muted')],
    ...rows.slice(-rowsMax),
  ];
}

function toLastMs(lines: readonly StderrLineView[]): number {
  return lines.at(-1)?.atMs ?? 0;
}

/** The day, too, when it was another one. */
function toTime(atMs: number, { nowMs }: Page): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return isToday ? toTimeOfDay(atMs) : toDayAndTime(atMs);
}
