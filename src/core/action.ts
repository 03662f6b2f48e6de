/** What is done to a server, after all questions are answered: immutable, and carried by the permit from the question to the execution. */

import type { TerminalSize } from './terminal.ts';

export type CommandForm =
  /** The judged argv, re-quoted by us. */
  | { readonly form: 'argv'; readonly argv: readonly string[] }
  /** A line that is not simple, approved as shown: one argument of `sh -c`. */
  | { readonly form: 'line'; readonly line: string };

export interface ExecAction {
  readonly kind: 'exec';
  readonly command: CommandForm;
  readonly cwd: string | null;
  readonly timeoutMs: number;
  readonly stdin: Uint8Array | null;
  /** Bytes kept of each stream; the rest is counted and dropped. */
  readonly outputBytesMax: number;
  /** Paths whose real path is looked up in flight with the command, and once more after it; `onRealPaths` receives them before its result is given. */
  readonly realPathsOf: readonly string[];
  /** The command is a sudo that was approved, and sudo itself is given the password of the server's record. */
  readonly sudo?: 'password';
  /** It goes on on the server whatever becomes of us; how its list here calls it. */
  readonly durable?: { readonly title: string };
}

/** What the operator does with a durable command that is there already. */
export interface DurableAction {
  readonly kind: 'durable';
  /** The id of the operation that started it. */
  readonly command: string;
  readonly act: 'look' | 'follow' | 'stop' | 'remove';
  /** How long it is followed; it goes on after that. */
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
}

export interface ReadFileAction {
  readonly kind: 'read-file';
  readonly path: string;
  /** First byte and count; null count reads to the end. Never more than `bytesMax`. */
  readonly offset: number;
  readonly length: number | null;
  readonly bytesMax: number;
}

export interface ListDirAction {
  readonly kind: 'list-dir';
  readonly path: string;
  readonly limit: number;
}

export interface StatAction {
  readonly kind: 'stat';
  readonly path: string;
}

export interface WriteFileAction {
  readonly kind: 'write-file';
  /** The real path that survey found; for a new file, its real folder and name. */
  readonly path: string;
  readonly content: Uint8Array;
  /** What must still be there: the sha256 of the current content, or null for "absent". Anything else is CONFLICT. */
  readonly expectedSha256: string | null;
  /** Octal permission bits (0o644); null keeps what is there. */
  readonly mode: number | null;
  readonly replace: 'atomic' | 'in-place';
  /** Folders that will be created, outermost first; the card showed them. */
  readonly createFolders: readonly string[];
}

/** Only a rollback removes: a file that an earlier change created. */
export interface RemoveFileAction {
  readonly kind: 'remove-file';
  /** The real path; a link there by now is CONFLICT. */
  readonly path: string;
  /** What must still be there; anything else is CONFLICT. */
  readonly expectedSha256: string;
  /** Folders that were made for the file, outermost first; after it, those that are empty go, innermost first. */
  readonly removeFolders: readonly string[];
}

/** An interactive shell on a terminal of its own; the operator's alone. */
export interface ShellAction {
  readonly kind: 'shell';
  /** A name of terminfo. */
  readonly term: string;
  readonly size: TerminalSize;
  /** Offered to the server, which takes what it accepts. */
  readonly env: Readonly<Record<string, string>>;
}

export type Action =
  | ExecAction
  | DurableAction
  | ShellAction
  | ReadFileAction
  | ListDirAction
  | StatAction
  | WriteFileAction
  | RemoveFileAction;
