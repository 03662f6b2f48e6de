/** The one answer to every operation, the same for agents, command line and screens. */
import type { Code } from './codes.ts';
import type { AskedOperation } from './operations/table.ts';
import type { PolicyOutcome } from './policy/decision.ts';

export type SnapshotStatus = 'not_applicable' | 'written' | 'hash_only' | 'partial_failure';

export interface Execution {
  /** Something was sent to the server beyond the reads of prepare. */
  readonly attempted: boolean;
  readonly completed: boolean;
  /** What was sent may have changed the server, and nobody could tell. */
  readonly outcomeUnknown?: true;
  /** A durable command goes on on the server; the code says why it is not followed any more. */
  readonly goesOn?: true;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Bytes the command produced, not only those kept. */
  readonly stdoutBytes?: number;
  readonly stderrBytes?: number;
  readonly stdoutTruncated?: boolean;
  readonly stderrTruncated?: boolean;
  readonly durationMs: number;
}

export interface Envelope {
  readonly status: 'ok' | 'partial_failure' | 'error';
  readonly tool: AskedOperation;
  readonly server?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly code?: Code;
  /** One sentence; on an error it says what to do next. */
  readonly message?: string;
  readonly execution: Execution;
  readonly audit: { readonly id: string; readonly logWritten: boolean; readonly snapshotStatus: SnapshotStatus };
  readonly policy: { readonly decision: PolicyOutcome | 'none'; readonly rule: string };
  /** The operator changed the request before approving it; `ran` says what ran. */
  readonly editedByOperator?: boolean;
  readonly ran?: string;
}
