/**
 * The gate. Every operation on a server goes through `perform`, in this order: intent, prepare, decide, ask, re-check, permit,
 * perform, after-image, result, envelope. Nothing happens before its intent is on disk. Step 4 is in ask.ts, 5 to 10 in act.ts.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/event.ts';
import { Disposables } from '../base/lifecycle.ts';
import { type Accepted, accept } from './accept.ts';
import { act } from './act.ts';
import type { Approver } from './approval/approval.ts';
import type { ApprovalQueue } from './approval/queue.ts';
import { ask, type Occasion, rejected, toLook } from './ask.ts';
import { sizeOfTexts } from './asked.ts';
import type { Redactor } from './audit/redactor.ts';
import { OperationError } from './codes.ts';
import type { Envelope } from './envelope.ts';
import type { Activity, GateRequest, OperatorGate } from './gate.ts';
import { isPathLift, judgeLift } from './judge-lift.ts';
import { limits } from './limits.ts';
import { isOperationName } from './operations/table.ts';
import { makePlan } from './plans/make-plan.ts';
import type { Prepared } from './plans/plan.ts';
import { listServersData } from './plans/plan-list-servers.ts';
import type { Decision } from './policy/decision.ts';
import type { PolicySource } from './policy/policy-source.ts';
import type { AuditLog, Recordings, Registry, Servers, Snapshots } from './ports.ts';
import { Run } from './run.ts';
import { SessionGrants } from './session-grants.ts';
import { SessionPlaces } from './session-places.ts';

export interface GateParts {
  /** Asked once a request: everything about it is decided by one policy. */
  readonly policies: PolicySource;
  readonly registry: Registry;
  readonly servers: Servers;
  readonly audit: AuditLog;
  readonly snapshots: Snapshots;
  /** Without it nothing is recorded. */
  readonly recordings?: Recordings;
  readonly redactor: Redactor;
  readonly queue: ApprovalQueue;
  readonly clock: Clock;
  /** An id for the records of one operation; unique for all time. */
  readonly newId: () => string;
}

/** A request that may run now: what was decided, and what it was decided about. */
export interface Cleared {
  readonly prepared: Prepared;
  readonly decision: Decision;
}

interface Running {
  readonly run: Run;
  readonly stop: AbortController;
  readonly ended: Promise<Envelope>;
}

export class Orchestrator implements OperatorGate {
  readonly #parts: GateParts;
  readonly #activity = new Emitter<Activity>();
  readonly onActivity = this.#activity.event;
  /** By id: what runs, how it is ended, and what it is. */
  readonly #running = new Map<string, Running>();
  readonly #places = new SessionPlaces();
  readonly #grants = new SessionGrants();
  #closed = false;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  perform(request: GateRequest): Promise<Envelope> {
    const stop = new AbortController();
    const signal = AbortSignal.any([request.signal, stop.signal]);
    const run = this.#toRun({ ...request, signal });
    const ended = this.#perform(run);
    this.#running.set(run.id, { run, stop, ended });
    void ended.finally(() => this.#running.delete(run.id));
    return ended;
  }

  stop(id: string, approver: Approver): void {
    const running = this.#running.get(id);
    if (!running?.run.isActing) throw new OperationError('INVALID_ARGUMENT', `Nothing runs as ${id} any more.`);
    if (!running.run.canBeStopped)
      throw new OperationError('UNSUPPORTED', 'A change of a file is never stopped halfway; wait for its end.');
    running.run.stoppedBy = approver;
    running.stop.abort();
  }

  /** Forgets what was granted to a session; called when it ends. */
  endSession(session: string): void {
    this.#grants.endSession(session);
  }

  /** Refuses intake and waiting cards, gives running operations `graceMs` to settle, then cancels them. */
  async close(graceMs: number = limits.shutdownGraceMs): Promise<void> {
    this.#closed = true;
    this.#parts.queue.close('signalbox is shutting down');
    const timer = this.#parts.clock.after(graceMs, () => {
      for (const { stop } of this.#running.values()) stop.abort();
    });
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
    timer.dispose();
  }

  #toRun(request: GateRequest): Run {
    return new Run({
      id: this.#parts.newId(),
      request,
      tool: isOperationName(request.operation) ? request.operation : 'unknown',
      clock: this.#parts.clock,
      publish: (activity) => this.#activity.fire(activity),
    });
  }

  async #perform(run: Run): Promise<Envelope> {
    const { request } = run;
    const places = new Disposables();
    try {
      if (this.#closed) throw new OperationError('CANCELLED', 'signalbox is shutting down; nothing was run.');
      places.add(this.#places.take(request.caller.session));
      places.add(this.#places.hold(request.caller.session, sizeOfTexts(request.input)));
      if (request.refusedBefore) throw new OperationError(request.refusedBefore.code, request.refusedBefore.message);
      const accepted = await accept(request, this.#parts.registry);
      if (accepted.kind === 'list-servers') return await this.#listServers(run);
      run.target = accepted.target;
      run.judgeBy(await this.#parts.policies.current(request.caller.workspace));
      const cleared = await this.#clear(run, accepted, places);
      return await act(run, cleared, this.#parts, (why) => this.#ask(run, { ...cleared, decision: why }, 'output'));
    } catch (error) {
      return await this.#refuse(run, error);
    } finally {
      places.dispose();
    }
  }

  /** Steps 1 to 4: everything before the permit. Throws when the answer is no. */
  async #clear(run: Run, accepted: Accepted & { kind: 'on-server' }, held: Disposables): Promise<Cleared> {
    const { servers, snapshots } = this.#parts;
    const { policy } = run;
    const { target } = accepted;
    const plan = makePlan(accepted.request);
    const first = policy.decide(plan.question, target);
    run.describe(plan, first);
    if (first.outcome === 'reject') throw rejected(first);
    run.announce(plan.summary, plan.cwd);

    // A command that policy allows by its text alone writes its intent together with its permit, in one write.
    if (plan.looksAtServer || first.outcome !== 'auto-allow' || isPathLift(first)) await this.#intend(run);
    // Its channel is opened meanwhile: that is transport, and nothing runs on it before the two are on disk.
    else if (plan.question.kind === 'line' || plan.question.kind === 'argv') held.add(servers.anticipate(target));
    if (plan.question.kind === 'write') await snapshots.checkWritable();
    const look = toLook(run, this.#parts);
    const prepared = await plan.prepare(look);
    const judged = plan.looksAtServer ? policy.decide(prepared.question, target) : first;
    const decision = await judgeLift(judged, look);
    run.describe(prepared, decision);
    if (decision.outcome === 'reject') throw rejected(decision);
    if (decision.outcome === 'auto-allow') return { prepared, decision };
    if (this.#grants.has(run, prepared, decision)) {
      run.approver = 'session grant';
      return { prepared, decision };
    }
    return await this.#ask(run, { prepared, decision }, 'request');
  }

  /** Step 4, in ask.ts. */
  async #ask(run: Run, cleared: Cleared, occasion: Occasion): Promise<Cleared> {
    // The program's own requests are nobody's wish, so nobody is asked about them.
    if (run.request.caller.origin === 'program') throw notAsked(cleared.decision);
    return await ask(run, cleared, { parts: this.#parts, places: this.#places, grants: this.#grants }, occasion);
  }

  async #intend(run: Run): Promise<void> {
    await this.#parts.audit.append([run.record('intent')]);
    run.intentWritten = true;
  }

  async #listServers(run: Run): Promise<Envelope> {
    const { registry, servers, audit } = this.#parts;
    await audit.append([
      run.record('intent'),
      run.record('permit', { approver: 'policy', decision: 'auto-allow', rule: 'list' }),
    ]);
    run.intentWritten = true;
    run.permitWritten = true;
    const data = await listServersData(registry, servers, run.request.caller);
    await audit.append([run.record('result', { status: 'ok' })], { durable: false });
    return run.end({ status: 'ok', data, execution: { completed: true } });
  }

  /** Every no, of whichever origin: recorded, and told with its code and reason. Nothing was done to the server. */
  async #refuse(run: Run, error: unknown): Promise<Envelope> {
    const known = error instanceof OperationError ? error : toInternal(error);
    const record = run.record('refused', { code: known.code, reason: known.message, ...run.answer });
    try {
      await this.#parts.audit.append([record]);
    } catch {
      // The log itself is what failed; the envelope says so, and nothing has run.
      run.logWritten = false;
    }
    return run.end({
      status: 'error',
      code: known.code,
      message: known.message,
      ...(known.data ? { data: known.data } : {}),
    });
  }
}

function notAsked({ rule, reason }: Decision): OperationError {
  return new OperationError(
    'POLICY_REJECTED',
    `Policy would ask a person (${rule}), who is not asked about this: ${reason}`,
  );
}

function toInternal(error: unknown): OperationError {
  const what = error instanceof Error ? error.message : String(error);
  return new OperationError('INTERNAL', `signalbox failed here (${what}); nothing was run. Please report it.`, {
    cause: error,
  });
}
