/** What a simulated command sees of its surroundings, and the state of the shell that runs it. */
import type { Machine } from '../machine/machine.ts';

export interface Io {
  readonly machine: Machine;
  /** Words after the name. */
  readonly args: readonly string[];
  readonly name: string;
  readonly stdin: Buffer;
  readonly cwd: string;
  readonly signal: AbortSignal;
  out(text: string | Buffer): void;
  error(text: string): void;
  /** An absolute path for a word, against the shell's folder. */
  path(word: string): string;
  /** Runs another command line of words in the same shell: for timeout, env, sh -c. */
  run(words: readonly string[]): Promise<number>;
  runScript(text: string, parameters: readonly string[]): Promise<number>;
  readonly state: ShellState;
}

export interface ShellState {
  cwd: string;
  readonly variables: Map<string, string>;
  /** $1, $2, … */
  parameters: readonly string[];
  readonly pid: number;
  status: number;
  readonly stdin: Buffer;
  readonly signal: AbortSignal;
  readonly depth: number;
  readonly out: (stream: 'stdout' | 'stderr', text: string | Buffer) => void;
}

/** `exit` and an aborted process leave the script this way. */
export class ExitSignal extends Error {
  override readonly name = 'ExitSignal';
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** Joins a word to a folder and removes `.` and `..` by name. */
export function toAbsolute(cwd: string, word: string): string {
  const parts: string[] = [];
  for (const part of (word.startsWith('/') ? word : `${cwd}/${word}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
