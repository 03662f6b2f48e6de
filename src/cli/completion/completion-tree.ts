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

/** @param hidden names of commands of the program itself that nobody types. */
export function toCompletionTree(
  command: Command,
  hidden: ReadonlySet<string>,
  path: readonly string[] = [],
): CompletionNode[] {
  const help = command.createHelp();
  const visibleOptions: readonly Option[] = help.visibleOptions(command);
  const visibleCommands = (help.visibleCommands(command) as Command[]).filter(
    (one) => path.length > 0 || !hidden.has(one.name()),
  );
  const words = [
    ...visibleCommands.map((one) => ({ word: one.name(), summary: one.description() })),
    ...visibleOptions.flatMap((option) => (option.long ? [{ word: option.long, summary: option.description }] : [])),
  ];
  const below = visibleCommands.filter((one) => one.name() !== 'help');
  return [{ path, words }, ...below.flatMap((one) => toCompletionTree(one, hidden, [...path, one.name()]))];
}

/** A text in single quotes, as bash, zsh and the POSIX shell read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The words before the cursor as one key: ` server add`; empty for the program itself. */
export function keyOf(path: readonly string[]): string {
  return path.map((name) => ` ${name}`).join('');
}
