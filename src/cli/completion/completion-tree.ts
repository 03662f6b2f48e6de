/** What can be completed after which command: the tree of a fully loaded program, flattened. Knows no shell. */
import type { Command, Option } from 'commander';

export interface CompletionNode {
  /** Names of the commands down to this one, without the program's. */
  readonly path: readonly string[];
  readonly words: readonly CompletionWord[];
}

export interface CompletionWord {
  readonly word: string;
  readonly summary: string;
}

export function toCompletionTree(command: Command, path: readonly string[] = []): CompletionNode[] {
  const { visibleCommands, visibleOptions } = visibleOf(command);
  const words = [
    ...visibleCommands.map((one) => ({ word: one.name(), summary: one.description() })),
    ...visibleOptions.flatMap((option) => (option.long ? [{ word: option.long, summary: option.description }] : [])),
  ];
  const below = visibleCommands.filter((one) => one.name() !== 'help');
  return [{ path, words }, ...below.flatMap((one) => toCompletionTree(one, [...path, one.name()]))];
}

function visibleOf(command: Command): { visibleCommands: readonly Command[]; visibleOptions: readonly Option[] } {
  const help = command.createHelp();
  return { visibleCommands: help.visibleCommands(command) as Command[], visibleOptions: help.visibleOptions(command) };
}

/** A text in single quotes, as bash, zsh and the POSIX shell read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The words before the cursor as one key: ` server add`; empty for the program itself. */
export function keyOf(path: readonly string[]): string {
  return path.map((name) => ` ${name}`).join('');
}
