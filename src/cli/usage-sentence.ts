/** Rewords a parser's complaint into one sentence that says what was meant and where to look. */
import type { Command } from 'commander';
import { nearest } from '../base/nearest.ts';

/** @param text as commander prints it: `error: unknown option '--jsn'`, on a second line `(Did you mean --json?)`. */
export function toUsageSentence(text: string, command: Command): string {
  const [complaint = '', ...rest] = text.trim().split('\n');
  const line = rest.find((one) => one.startsWith('(Did you mean'))?.replace(/^\(Did/, '(did') ?? '';
  const meant = isNear(complaint, line) ? line : '';
  const clause = complaint.replace(/^error: /, '').replace(/\.$/, '');
  return `signalbox: ${clause}${meant === '' ? '' : ` ${meant}`}; see \`${pathOf(command)} --help\`.\n`;
}

/** The parser finds words alike that nobody would take for each other; only what is a slip of the keys is offered. */
function isNear(complaint: string, suggestion: string): boolean {
  const wrong = /'([^']+)'$/.exec(complaint)?.[1] ?? '';
  const offered = suggestion.match(/[\w-]+(?=[,?])/g) ?? [];
  return (
    nearest(
      wrong.replace(/^-+/, ''),
      offered.map((word) => word.replace(/^-+/, '')),
    ) !== null
  );
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
