/** What the screen asks for when somebody chooses a theme: which there are, to see one, and to keep one. Types only; files are somebody else's. */

export interface ThemeEntry {
  readonly name: string;
  /** Whose palette it is, or what is wrong with its file. */
  readonly comment: string;
  /** From the operator's own folder. */
  readonly isOwn: boolean;
  /** Why it cannot be shown; null when it can. */
  readonly problem: string | null;
}

export interface ThemeChoice {
  /** As it was chosen: `auto` follows the background of the terminal. */
  readonly chosen: string;
  /** `auto` first, then ours, then the operator's own. */
  list(): readonly ThemeEntry[];
  /** Shows it from the next frame on, until another is shown. Null, or why not. */
  show(name: string): string | null;
  /** Shows it and writes it down for later screens. Null, or why that was not possible. */
  keep(name: string): Promise<string | null>;
}
