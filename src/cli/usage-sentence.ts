/** Rewords a parser's complaint into one sentence that says what was meant and where to look. */
import type { Command } from 'commander';

/** @param text as commander prints it: `error: unknown option '--jsn'`, on a second line `(Did you mean --json?)`. */
export function toUsageSentence(text: string, command: Command): string {
  const [complaint = '', ...rest] = text.trim().split('\n');
  const meant = rest.find((line) => line.startsWith('(Did you mean'))?.replace(/^\(Did/, '(did') ?? '';
  const clause = complaint.replace(/^error: /, '').replace(/\.$/, '');
  return `signalbox: ${clause}${meant === '' ? '' : ` ${meant}`}; see \`${pathOf(command)} --help\`.\n`;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
