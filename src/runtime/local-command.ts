/** Command lines that a message offers to a person, quoted so that a shell of this machine reads exactly these words. Runs nothing. */
import type { Shescape } from 'shescape';

/** Where /bin/sh is a shell of its own kind (macOS), another of the same quoting rules is there. */
const shells = ['/bin/sh', '/bin/bash', '/bin/zsh'] as const;

/** Words that no shell changes are shown as they are. */
const isPlain = (word: string): boolean => /^(?:--[A-Za-z0-9-]+=)?[A-Za-z0-9_@%+:,./-]+$/.test(word);

/** Joins words to one line; control characters, which no terminal could paste, are left out. */
export async function toLocalCommand(words: readonly string[]): Promise<string> {
  if (words.every(isPlain)) return words.join(' ');
  const shell = await openShell();
  return words.map((word) => (isPlain(word) ? word : shell.quote(word))).join(' ');
}

/** Loaded when a line needs it: most messages do not. Throws what shescape says when none of the shells is there. */
async function openShell(): Promise<Shescape> {
  const library = await import('shescape');
  const problems: unknown[] = [];
  for (const shell of shells) {
    try {
      return new library.Shescape({ shell, flagProtection: false });
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0];
}
