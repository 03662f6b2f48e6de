/** Interactive shells between host and clients: how they look in the view, what can be asked of them, and what comes from one. */

/** One shell of the operator on a server; it lives in the host, and goes on without a screen. */
export interface ShellView {
  readonly id: string;
  readonly server: string;
  /** As the program in it has set it; empty before. Free of control characters. */
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly state: 'opening' | 'open' | 'ended';
  /** How it ended when nobody ended it by typing; null otherwise. */
  readonly problem: string | null;
  readonly startedAtMs: number;
  /** Screens that show it. */
  readonly watchers: number;
}

/**
 * What comes while a client is attached. `restore` is first, and again when this client was too slow for what came in between: a fresh
 * terminal of that size, given this text, looks as the shell does. Then `output` follows; `size` when somebody resized it.
 */
export type ShellFrame =
  | { readonly kind: 'restore'; readonly columns: number; readonly rows: number; readonly text: string }
  /** As base64. */
  | { readonly kind: 'output'; readonly bytes: string }
  | { readonly kind: 'size'; readonly columns: number; readonly rows: number };

export interface ShellMethods {
  /** Answers at once; how the opening goes is in the view. The environment is offered to the server, which takes what it accepts. */
  'shell.open': {
    params: {
      readonly server: string;
      readonly columns: number;
      readonly rows: number;
      /** A name of terminfo. */
      readonly term: string;
      readonly env?: Readonly<Record<string, string>>;
    };
    result: { readonly id: string };
  };
  /** Frames of it follow until it ends, which answers this, or until this is cancelled. */
  'shell.attach': { params: { readonly shell: string }; result: Record<string, never> };
  /** Keys, as base64 of the bytes of a terminal. */
  'shell.type': { params: { readonly shell: string; readonly bytes: string }; result: Record<string, never> };
  /** For all that are attached: the one who resized last counts. */
  'shell.resize': {
    params: { readonly shell: string; readonly columns: number; readonly rows: number };
    result: Record<string, never>;
  };
  /** Hangs up what runs in it; one that has ended goes out of the view. */
  'shell.close': { params: { readonly shell: string }; result: Record<string, never> };
}
