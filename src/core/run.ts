/** One request on its way through the gate: what is known of it so far, and how that reads as a record, an activity and an envelope. */
import { present } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/lifecycle.ts';
import { type Asked, toAsked } from './asked.ts';
import type { AuditEntry, AuditType } from './audit/record.ts';
import type { Code } from './codes.ts';
import type { Envelope, SnapshotStatus } from './envelope.ts';
import type { Activity, GateProgress, GateRequest } from './gate.ts';
import { limits } from './limits.ts';
import type { OperationName } from './operations/table.ts';
import type { Plan, Prepared } from './plans/plan.ts';
import type { Decision } from './policy/decision.ts';
import type { Policy } from './policy/policy.ts';
import type { OutputRecorder } from './recording/output-recorder.ts';
import type { Target } from './server.ts';

export interface RunParts {
  readonly id: string;
  readonly request: GateRequest;
  readonly tool: OperationName;
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
  readonly tool: OperationName;
  readonly request: GateRequest;
  target: Target | null = null;
  decision: Decision | null = null;
  /** Of the policy as it was when the request came; empty before there is anything to judge. */
  policyHash = '';
  entry: Plan['entry'] = {};
  /** Who or what answered: policy, a session grant, a person at a screen or at the command line, nobody in time. */
  approver = 'policy';
  /** An intent is on disk, so an ending record must follow. */
  intentWritten = false;
  permitWritten = false;
  logWritten = true;
  snapshotStatus: SnapshotStatus = 'not_applicable';
  edited = false;
  ran: string | null = null;
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

  act(summary: string): void {
    this.#actingMs = this.#parts.clock.monotonicMs();
    this.publish({ kind: 'running', id: this.id, summary, approver: this.approver });
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
      ...(this.edited && this.ran !== null ? { ran: this.ran } : {}),
    };
    if (this.#announced) this.publish({ kind: 'ended', id: this.id, server: this.target?.id ?? null, envelope });
    return envelope;
  }
}
