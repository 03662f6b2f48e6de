/** A terminal on a server as the gate hands it out: what is typed into it, and its size. It knows no connection and no screen. */

/** Cells, each from 1 to `limits.terminalSideMax`. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Valid until the operation ends; calls after that do nothing. */
export interface TerminalInput {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Stops reading: the server may send one window more, and then waits. */
  pause(): void;
  resume(): void;
}
