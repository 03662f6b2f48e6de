/** One request on its way through the gate: what is known of it so far, and how that reads as a record, an activity and an envelope. */
import { present } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { ApprovalEnd, Approver } from './approval/approval.ts';
import { type Asked, toAsked } from './asked.ts';
import type { AuditEntry, AuditType } from './audit/record.ts';
import type { Code } from './codes.ts';
import { goesOn } from './durable.ts';
import type { Envelope, SnapshotStatus } from './envelope.ts';
import type { Activity, GateProgress, GateRequest } from './gate.ts';
import { limits } from './limits.ts';
import type { AskedOperation } from './operations/table.ts';
import type { Plan, Prepared } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import type { PerformOutcome } from './ports.ts';
import type { OutputRecorder } from './recording/output-recorder.ts';
import type { RunningCommand } from './running-command.ts';
import type { Target } from './server.ts';

export interface RunParts {
  readonly id: string;
  readonly request: GateRequest;
  readonly tool: AskedOperation;
  readonly clock: Clock;
  readonly publish: (activity: Activity) => void;
}

/** How a run ended, before it becomes an envelope. */
export interface Ending {
  readonly status: Envelope['status'];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly code?: Code;
  readonly message?: string;
  readonly execution?: Partial<Envelope['execution']>;
}

export class Run {
  readonly id: string;
  readonly tool: AskedOperation;
  readonly request: GateRequest;
  target: Target | null = null;
  decision: Decision | null = null;
  /** Of the policy as it was when the request came; empty before there is anything to judge. */
  policyHash = '';
  entry: Plan['entry'] = {};
  /** Who or what answered: policy, a session grant, a person at a screen or at the command line, nobody in time. */
  approver = 'policy';
  /** How whoever answered was proven; null when no person did. */
  approverProof: string | null = null;
  /** An intent is on disk, so an ending record must follow. */
  intentWritten = false;
  permitWritten = false;
  logWritten = true;
  snapshotStatus: SnapshotStatus = 'not_applicable';
  edited = false;
  /** A changed policy asked about it in other words than before. */
  judgedAgain = false;
  ran: string | null = null;
  /** Of a command: it can be ended in the middle. */
  canBeStopped = false;
  /** Who ended it in the middle, when a person did. */
  stoppedBy: Approver | null = null;
  /** Set while it acts. */
  recorder: OutputRecorder | null = null;
  #policy: Policy | null = null;
  readonly #parts: RunParts;
  readonly #startedMs: number;
  /** When it began to act on the server: waiting for a person does not count as duration. */
  #actingMs: number | null = null;
  #announced = false;
  /** What was asked, as long as nothing was decided about it. */
  readonly #asked: Asked;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.tool = parts.tool;
    this.request = parts.request;
    this.#asked = toAsked(parts.request.input);
    this.#startedMs = parts.clock.monotonicMs();
  }

  /** From here on everything about the request is decided by this policy. */
  judgeBy(policy: Policy): void {
    this.#policy = policy;
    this.policyHash = policy.hash;
  }

  get policy(): Policy {
    return present(this.#policy, 'A run that is judged has its policy.');
  }

  /** Takes over what is asked now: the agent's request, or the operator's edit of it. */
  describe(prepared: Pick<Prepared, 'entry'>, decision: Decision): void {
    this.entry = prepared.entry;
    this.decision = decision;
  }

  answeredBy(end: ApprovalEnd): void {
    this.approver = toApprover(end);
    this.approverProof = 'proof' in end ? (end.proof ?? null) : null;
  }

  /** Who answered, as a record says it. */
  get answer(): Pick<AuditEntry, 'approver' | 'approverProof'> {
    const { approver, approverProof } = this;
    return { approver, ...(approverProof === null ? {} : { approverProof }) };
  }

  announce(summary: string, cwd: string | null): void {
    this.#announced = true;
    this.#parts.publish({
      kind: 'started',
      id: this.id,
      server: this.target?.id ?? null,
      caller: this.request.caller,
      tool: this.tool,
      summary,
      cwd,
      atMs: this.#parts.clock.nowMs(),
    });
  }

  publish(activity: Activity): void {
    this.#parts.publish(activity);
  }

  act(summary: string, command: RunningCommand | null): void {
    this.#actingMs = this.#parts.clock.monotonicMs();
    this.publish({ kind: 'running', id: this.id, summary, approver: this.approver, command });
  }

  /** Tells the caller every few seconds that it is not forgotten. */
  keepInformed(state: GateProgress['state'], approvalId: string | null, message: string): Disposable {
    const { onProgress } = this.request;
    if (!onProgress) return { dispose: () => undefined };
    let timer: Disposable;
    const tell = (): void => {
      onProgress({
        state,
        approvalId,
        elapsedMs: Math.round(this.#parts.clock.monotonicMs() - this.#startedMs),
        message,
      });
      timer = this.#parts.clock.after(limits.progressEveryMs, tell);
    };
    if (state === 'waiting') tell();
    else timer = this.#parts.clock.after(limits.progressEveryMs, tell);
    return { dispose: () => timer.dispose() };
  }

  record(type: AuditType, more: Partial<AuditEntry> = {}): AuditEntry {
    const { caller } = this.request;
    return {
      type,
      id: this.id,
      session: caller.session,
      agent: caller.agent,
      origin: caller.origin,
      tool: this.tool,
      ...(this.decision ? this.entry : this.#asked),
      ...(this.target ? { server: this.target.id, target: this.target.address } : {}),
      ...(this.decision
        ? { decision: this.decision.outcome, rule: this.decision.rule, policyHash: this.policyHash }
        : {}),
      ...more,
    };
  }

  /** It is being done on the server. */
  get isActing(): boolean {
    return this.#actingMs !== null;
  }

  /** Of a command that a person ended: whoever asked is told that it was no failure. Null otherwise. */
  toStoppedMessage(outcome: PerformOutcome): string | null {
    if (this.stoppedBy === null || !('ended' in outcome) || outcome.ended !== 'cancelled') return null;
    // What goes on was not ended by it, only left.
    if (outcome.kind === 'exec' && goesOn(outcome)) return null;
    return `The operator stopped it on ${this.target?.id} while it ran; what it had done by then stays done. Ask before you run it again.`;
  }

  get durationMs(): number {
    return this.#actingMs === null ? 0 : Math.round((this.#parts.clock.monotonicMs() - this.#actingMs) * 10) / 10;
  }

  /** The envelope; a run that was announced ends here for the screens too, exactly once. */
  end(ending: Ending): Envelope {
    const envelope: Envelope = {
      status: ending.status,
      tool: this.tool,
      ...(this.target ? { server: this.target.id } : {}),
      ...(ending.data ? { data: ending.data } : {}),
      ...(ending.code ? { code: ending.code } : {}),
      ...(ending.message ? { message: ending.message } : {}),
      execution: {
        attempted: this.#actingMs !== null,
        completed: false,
        ...ending.execution,
        durationMs: this.durationMs,
      },
      audit: { id: this.id, logWritten: this.logWritten, snapshotStatus: this.snapshotStatus },
      policy: { decision: this.decision?.outcome ?? 'none', rule: this.decision?.rule ?? 'none' },
      ...(this.edited ? { editedByOperator: true } : {}),
      ...(this.edited && this.ran !== null && this.#actingMs !== null ? { ran: this.ran } : {}),
    };
    if (this.#announced) {
      // A command may have ended by itself just before it was told to.
      const stopped =
        envelope.code === 'CANCELLED' && !envelope.execution.goesOn && this.stoppedBy !== null
          ? { stoppedBy: this.stoppedBy }
          : {};
      this.publish({ kind: 'ended', id: this.id, server: this.target?.id ?? null, envelope, ...stopped });
    }
    return envelope;
  }
}

function toApprover(end: ApprovalEnd): string {
  switch (end.kind) {
    case 'expired':
      return 'nobody';
    case 'withdrawn':
      return 'withdrawn';
    case 'recalled':
      return 'policy';
    default:
      return end.approver;
  }
}
