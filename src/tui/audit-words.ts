/**
 * The words of the audit log's filter, as they are completed in its search line: what can be asked for, and which values there are. Pure;
 * what they mean is the host's.
 */
import type { View } from '../protocol/view.ts';

/** The most asked for first: on a narrow screen the last ones are cut. */
export const auditSearchKeys = [
  ...(['outcome', 'server', 'since', 'until', 'agent', 'tool', 'decision', 'session', 'rule', 'id'] as const),
] as const;

export const auditSearchOutcomes = [
  ...(['ok', 'failed', 'partial_failure', 'refused', 'denied', 'withdrawn'] as const),
  ...(['waiting', 'running', 'goes-on', 'unknown-outcome', 'never-ran'] as const),
] as const;

const times = ['30m', '2h', '1d', '7d'];
const decisions = ['auto-allow', 'approval-required', 'reject'];

/** What the last word of the text could become; nothing for a word that is text to look for. */
export function completeAuditSearch(
  text: string,
  view: Pick<View, 'servers' | 'agents' | 'sessions'>,
): readonly string[] {
  const word = /\S*$/.exec(text)?.[0] ?? '';
  const sign = word.startsWith('-') ? '-' : '';
  const [key = '', ...rest] = word.slice(sign.length).split(':');
  if (rest.length === 0) return auditSearchKeys.filter((name) => name.startsWith(key)).map((name) => `${sign}${name}:`);
  const begun = rest.join(':');
  return toValues(key, view)
    .filter((value) => value.startsWith(begun))
    .map((value) => `${sign}${key}:${value}`);
}

function toValues(
  key: string,
  { servers, agents, sessions }: Pick<View, 'servers' | 'agents' | 'sessions'>,
): readonly string[] {
  switch (key) {
    case 'outcome':
      return auditSearchOutcomes;
    case 'decision':
      return decisions;
    case 'since':
    case 'until':
      return times;
    case 'server':
      return Object.keys(servers);
    case 'agent':
      return agents.map(({ id }) => id);
    case 'session':
      return Object.keys(sessions);
    default:
      return [];
  }
}
