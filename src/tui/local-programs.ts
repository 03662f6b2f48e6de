/**
 * Programs of this machine that a key of the screen starts for the operator. How they are started is handed in; this only gives the terminal away.
 */

/** Handed in by whoever owns the process. */
export interface LocalPrograms {
  /** The argv that starts this program itself; words of a command follow. */
  readonly self: readonly string[];
  /** The argv that starts the editor of this person; the file follows. Absent where none is to be started. */
  readonly editor?: readonly string[];
  /**
   * Runs it on the terminal, which is its own meanwhile. Resolves with its exit status; -1 when it could not be started. `after`: what it
   * printed is read first (`wait`, the default), or the screen comes back at once.
   */
  runOnTerminal(argv: readonly string[], after?: 'wait' | 'return'): Promise<number>;
  /** Runs it without a terminal. `words` is the last line it printed, `output` all of its standard output; `input` is what it reads. */
  runQuietly(
    argv: readonly string[],
    input?: string,
  ): Promise<{ readonly status: number; readonly words: string; readonly output?: string }>;
}

/** The part of the terminal that is used. */
export interface LendingTerminal {
  suspend(): void;
  resume(): void;
}

/** The screen comes back also when the program could not be started. */
export async function lendTerminal(
  terminal: LendingTerminal,
  programs: LocalPrograms,
  argv: readonly string[],
  after: 'wait' | 'return' = 'wait',
): Promise<number> {
  terminal.suspend();
  try {
    return await programs.runOnTerminal(argv, after);
  } finally {
    terminal.resume();
  }
}
