/** The live view of one server as data: its blocks, one a command or file operation. Knows nothing of how they are drawn. */

export interface PaneView {
  readonly server: string;
  readonly blocks: readonly BlockView[];
}

/** One command or file operation in a pane. `text` is raw remote output: it reaches a terminal only through an emulator. */
export interface BlockView {
  readonly id: string;
  readonly session: string | null;
  readonly who: string;
  readonly tool: string;
  readonly summary: string;
  readonly cwd: string | null;
  readonly state: 'waiting' | 'running' | 'ended';
  readonly approvalId: string | null;
  readonly text: string;
  /** Bytes dropped from the front of `text`, or never sent because this screen lagged. */
  readonly skippedBytes: number;
  readonly startedAtMs: number;
  readonly durationMs: number | null;
  readonly status: 'ok' | 'partial_failure' | 'error' | null;
  readonly code: string | null;
  readonly exitCode: number | null;
  readonly message: string | null;
  /** Since when it is being done, as the host's clock tells: it may have waited for a person before; absent until then. */
  readonly ranAtMs?: number;
  /** Of a command that runs or ran: what exactly, so that it can be asked for again; absent for everything else. */
  readonly ran?: RanCommandView;
  /** A durable command that goes on on the server, followed by nobody of this block any more; absent otherwise. */
  readonly goesOn?: true;
  /** Who ended it in the middle, when a person did (`operator@screen`); absent otherwise. */
  readonly stoppedBy?: string;
}

/** Either `argv`, word by word, or a line for a shell. */
export interface RanCommandView {
  readonly argv: readonly string[] | null;
  readonly line: string | null;
  readonly cwd: string | null;
  /** It was given text on standard input, which nobody keeps. */
  readonly hasInput: boolean;
  /** It is known to only read, so that ending it leaves nothing half done. */
  readonly isRead: boolean;
}
