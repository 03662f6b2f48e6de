/** How a request becomes a question and then an action: the shape that each operation's plan has. Plans ask and compute; the orchestrator decides when. */
import type { Action } from '../action.ts';
import type { ApprovalSubject } from '../approval/approval.ts';
import type { AuditEntry } from '../audit/record.ts';
import type { Redactor } from '../audit/redactor.ts';
import type { Code } from '../codes.ts';
import type { Execution } from '../envelope.ts';
import type { OperationName } from '../operations/table.ts';
import type { Decision } from '../policy/decision.ts';
import type { Policy, PolicyQuestion } from '../policy/policy.ts';
import type { AuditLog, FileImage, PerformOutcome, Servers, Snapshots } from '../ports.ts';
import type { Target } from '../server.ts';

export interface Plan {
  readonly tool: OperationName;
  /** The request in one line, unescaped. */
  readonly summary: string;
  readonly cwd: string | null;
  /** How the log names what is asked. */
  readonly entry: Pick<AuditEntry, 'argv' | 'line' | 'path' | 'cwd' | 'rollsBack'>;
  /** What the text alone asks. */
  readonly question: PolicyQuestion;
  /** The answer depends on what is on the server now, so prepare reads there. */
  readonly looksAtServer: boolean;
  /** Throws OperationError (PATCH_FAILED, NOT_A_FILE, UNREACHABLE, …). */
  prepare(look: Look): Promise<Prepared>;
}

/** What prepare may use: reads of one server, of the log and of the snapshots, and nothing else. */
export interface Look {
  readonly audit: Pick<AuditLog, 'records'>;
  readonly snapshots: Pick<Snapshots, 'read'>;
  readonly servers: Pick<Servers, 'survey' | 'realPath' | 'status'>;
  readonly target: Target;
  readonly policy: Policy;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/** A request whose every fact is known; immutable from the question to the execution. */
export interface Prepared {
  readonly summary: string;
  readonly entry: Plan['entry'];
  readonly question: PolicyQuestion;
  readonly hostKey: string | null;
  /** Set when a file changes: both sides, and where. */
  readonly change: Change | null;
  subject(decision: Decision): ApprovalSubject;
  action(decision: Decision): Action;
  /** The operator's own text in place of the agent's; throws INVALID_ARGUMENT when there is nothing to edit. */
  edit(text: string): Prepared;
  /** Turns what came back into what the caller gets. */
  finding(outcome: PerformOutcome, reader: Reader): Finding;
}

export interface Change {
  readonly realPath: string;
  readonly before: FileImage;
  readonly after: FileImage;
}

/** How results are shown to this caller: redacted or as they are. */
export interface Reader {
  readonly redactor: Redactor;
  readonly redact: 'secrets' | 'nothing';
  readonly target: Target;
}

/** What an outcome means, before audit and snapshots are added to it. */
export interface Finding {
  readonly data: Readonly<Record<string, unknown>>;
  readonly code?: Code;
  readonly message?: string;
  readonly execution: Omit<Execution, 'attempted' | 'completed' | 'durationMs'>;
}

export const noExecution: Finding['execution'] = {};
