/** The gate as its callers see it: one request in, one envelope out, and a stream of what happens meanwhile. */
import type { Disposable } from '../base/lifecycle.ts';
import type { ApprovalSubject, Approver } from './approval/approval.ts';
import type { Caller } from './caller.ts';
import type { Code } from './codes.ts';
import type { Envelope } from './envelope.ts';
import type { AskedOperation } from './operations/table.ts';
import type { RunningCommand } from './running-command.ts';
import type { TerminalInput } from './terminal.ts';

export interface GateRequest {
  /** Unknown names and inputs that do not fit the schema are answered with an error envelope and a `refused` record. */
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Caller;
  /** Aborting withdraws a waiting card (it never runs later) or ends the running command. */
  readonly signal: AbortSignal;
  /** It was refused before and is refused again without being looked at: only recorded, and answered with these words. */
  readonly refusedBefore?: { readonly code: Code; readonly message: string };
  /** Called when a card begins to wait, and every few seconds while it does or the command runs. */
  readonly onProgress?: (progress: GateProgress) => void;
  /** Asked while output comes: true lets the server wait. Without it, whoever asked takes what comes. */
  readonly isBehind?: () => boolean;
  /** Raw output as it arrives, already released by policy; not redacted (for the operator's own exec). */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  /** Called when a shell is there, with what types into it. */
  readonly onTerminal?: (terminal: TerminalInput) => void;
}

export interface GateProgress {
  readonly state: 'waiting' | 'running';
  readonly approvalId: string | null;
  readonly elapsedMs: number;
  readonly message: string;
}

/** What the panes and notifiers see of an operation. Every `started` is followed by exactly one `ended` of the same id. */
export type Activity =
  | {
      readonly kind: 'started';
      readonly id: string;
      readonly server: string | null;
      readonly caller: Caller;
      readonly tool: AskedOperation;
      /** The request in one line, unescaped. */
      readonly summary: string;
      readonly cwd: string | null;
      readonly atMs: number;
    }
  | { readonly kind: 'waiting'; readonly id: string; readonly approvalId: string; readonly subject: ApprovalSubject }
  /** Permitted: it runs now. `summary` is what runs, which an edit may have changed. */
  | {
      readonly kind: 'running';
      readonly id: string;
      readonly summary: string;
      readonly approver: string;
      /** Null or absent for what is no command. */
      readonly command?: RunningCommand | null;
    }
  | {
      readonly kind: 'output';
      readonly id: string;
      readonly server: string;
      readonly stream: 'stdout' | 'stderr';
      readonly chunk: Uint8Array;
    }
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly server: string | null;
      readonly envelope: Envelope;
      /** Who ended it in the middle, when a person did. */
      readonly stoppedBy?: Approver;
    };

export interface Gate {
  /** Never throws: every failure is an envelope. */
  perform(request: GateRequest): Promise<Envelope>;
  onActivity(listener: (activity: Activity) => void): Disposable;
}

/** The gate in the hands of the program itself: no door for agents has this. */
export interface OperatorGate extends Gate {
  /**
   * Ends a command that runs, on a person's word, and tells whoever asked for it so. Throws INVALID_ARGUMENT when nothing with this id
   * runs, and UNSUPPORTED for a change of a file, which is never stopped halfway.
   */
  stop(id: string, approver: Approver): void;
}
