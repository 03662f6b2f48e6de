/** The gate as its callers see it: one request in, one envelope out, and a stream of what happens meanwhile. */
import type { Disposable } from '../base/lifecycle.ts';
import type { ApprovalSubject } from './approval/approval.ts';
import type { Caller } from './caller.ts';
import type { Code } from './codes.ts';
import type { Envelope } from './envelope.ts';
import type { OperationName } from './operations/table.ts';

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
  /** Raw output as it arrives, already released by policy; not redacted (for the operator's own exec). */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
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
      readonly tool: OperationName;
      /** The request in one line, unescaped. */
      readonly summary: string;
      readonly cwd: string | null;
      readonly atMs: number;
    }
  | { readonly kind: 'waiting'; readonly id: string; readonly approvalId: string; readonly subject: ApprovalSubject }
  /** Permitted: it runs now. `summary` is what runs, which an edit may have changed. */
  | { readonly kind: 'running'; readonly id: string; readonly summary: string; readonly approver: string }
  | {
      readonly kind: 'output';
      readonly id: string;
      readonly server: string;
      readonly stream: 'stdout' | 'stderr';
      readonly chunk: Uint8Array;
    }
  | { readonly kind: 'ended'; readonly id: string; readonly server: string | null; readonly envelope: Envelope };

export interface Gate {
  /** Never throws: every failure is an envelope. */
  perform(request: GateRequest): Promise<Envelope>;
  onActivity(listener: (activity: Activity) => void): Disposable;
}
