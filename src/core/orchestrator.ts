/**
 * The gate. Every operation on a server goes through `perform`, in this order: intent, prepare, decide, ask, re-check, permit,
 * perform, after-image, result, envelope. Nothing happens before its intent is on disk. Steps 5 to 10 are in act.ts.
 */
import { present } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/event.ts';
import { Disposables } from '../base/lifecycle.ts';
import { type Accepted, accept } from './accept.ts';
import { act } from './act.ts';
import type { ApprovalEnd } from './approval/approval.ts';
import { type ApprovalQueue, toWords } from './approval/queue.ts';
import { sizeOfTexts } from './asked.ts';
import type { Redactor } from './audit/redactor.ts';
import { OperationError } from './codes.ts';
import type { Envelope } from './envelope.ts';
import type { Activity, Gate, GateRequest } from './gate.ts';
import { isPathLift, judgeLift } from './judge-lift.ts';
import { limits } from './limits.ts';
import { isOperationName } from './operations/table.ts';
import { makePlan } from './plans/make-plan.ts';
import type { Look, Prepared } from './plans/plan.ts';
import { listServersData } from './plans/plan-list-servers.ts';
import type { Decision } from './policy/decision.ts';
import type { PolicySource } from './policy/policy-source.ts';
import { isKnownWrite } from './policy/rules/known-writes.ts';
import type { AuditLog, Recordings, Registry, Servers, Snapshots } from './ports.ts';
import { Run } from './run.ts';
import type { Target } from './server.ts';
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

export class Orchestrator implements Gate {
  readonly #parts: GateParts;
  readonly #activity = new Emitter<Activity>();
  readonly onActivity = this.#activity.event;
  readonly #running = new Map<Promise<Envelope>, AbortController>();
  readonly #places = new SessionPlaces();
  /** Exact commands the operator granted to a session: "this argv, this server, this session". */
  readonly #grants = new Set<string>();
  #closed = false;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  perform(request: GateRequest): Promise<Envelope> {
    const stop = new AbortController();
    const signal = AbortSignal.any([request.signal, stop.signal]);
    const running = this.#perform({ ...request, signal });
    this.#running.set(running, stop);
    void running.finally(() => this.#running.delete(running));
    return running;
  }

  /** Forgets what was granted to a session; called when it ends. */
  endSession(session: string): void {
    for (const grant of this.#grants) if (grant.startsWith(`${JSON.stringify(session)}\n`)) this.#grants.delete(grant);
  }

  /** Refuses intake and waiting cards, gives running operations `graceMs` to settle, then cancels them. */
  async close(graceMs: number = limits.shutdownGraceMs): Promise<void> {
    this.#closed = true;
    this.#parts.queue.close('signalbox is shutting down');
    const timer = this.#parts.clock.after(graceMs, () => {
      for (const stop of this.#running.values()) stop.abort();
    });
    await Promise.allSettled(this.#running.keys());
    timer.dispose();
  }

  async #perform(request: GateRequest): Promise<Envelope> {
    const run = new Run({
      id: this.#parts.newId(),
      request,
      tool: isOperationName(request.operation) ? request.operation : 'list_servers',
      clock: this.#parts.clock,
      publish: (activity) => this.#activity.fire(activity),
    });
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
      return await act(run, cleared, this.#parts, (why) => this.#ask(run, { ...cleared, decision: why }));
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
    const look = this.#toLook(run, target);
    const prepared = await plan.prepare(look);
    const judged = plan.looksAtServer ? policy.decide(prepared.question, target) : first;
    const decision = await judgeLift(judged, look);
    run.describe(prepared, decision);
    if (decision.outcome === 'reject') throw rejected(decision);
    if (decision.outcome === 'auto-allow') return { prepared, decision };
    if (this.#isGranted(run, prepared, decision)) {
      run.approver = 'session grant';
      return { prepared, decision };
    }
    return await this.#ask(run, { prepared, decision });
  }

  /** Step 4: a person answers. Resolves with what may run, which an edit may have changed. */
  async #ask(run: Run, { prepared, decision }: Cleared): Promise<Cleared> {
    const { queue } = this.#parts;
    const target = present(run.target, 'A run that asks has its server.');
    const { caller, signal } = run.request;
    const subject = prepared.subject(decision);
    const held = this.#places.hold(caller.session, sizeOfTexts(subject) + sizeOfImages(prepared));
    let informed = { dispose: (): void => undefined };
    const asked = queue.ask(
      {
        auditId: run.id,
        tool: run.tool,
        caller,
        target,
        hostKey: prepared.hostKey,
        subject,
        rule: decision.rule,
        reason: run.edited ? `The operator changed what was asked. ${decision.reason}` : decision.reason,
        floor: decision.floor,
        sessionGrantPossible: isGrantPossible(run, prepared, decision),
      },
      signal,
      (approval) => {
        run.publish({ kind: 'waiting', id: run.id, approvalId: approval.id, subject: approval.subject });
        informed = run.keepInformed('waiting', approval.id, `Waiting for the operator: ${decision.reason}`);
      },
    );
    const end = await asked.finally(() => held.dispose());
    informed.dispose();
    run.approver = end.kind === 'expired' ? 'nobody' : end.kind === 'withdrawn' ? 'withdrawn' : end.approver;
    if (end.kind !== 'approve' && end.kind !== 'edit') throw notApproved(end);
    if (end.kind === 'approve') {
      if (end.grant === 'session') this.#grants.add(toGrant(run, prepared, decision));
      return { prepared, decision };
    }
    return await this.#askEdited(run, prepared.edit(end.text));
  }

  /** The operator's own text is judged anew, and what is not a mere read is shown again as it would run: an edit is no approval. */
  async #askEdited(run: Run, edited: Prepared): Promise<Cleared> {
    const look = this.#toLook(run, present(run.target, 'A run that asks has its server.'));
    const decision = await judgeLift(run.policy.decide(edited.question, look.target), look);
    run.describe(edited, decision);
    run.edited = true;
    run.ran = edited.summary;
    if (decision.outcome === 'reject') throw rejected(decision);
    if (decision.outcome === 'auto-allow') return { prepared: edited, decision };
    return await this.#ask(run, { prepared: edited, decision });
  }

  #isGranted(run: Run, prepared: Prepared, decision: Decision): boolean {
    return isGrantPossible(run, prepared, decision) && this.#grants.has(toGrant(run, prepared, decision));
  }

  async #intend(run: Run): Promise<void> {
    await this.#parts.audit.append([run.record('intent')]);
    run.intentWritten = true;
  }

  #toLook(run: Run, target: Target): Look {
    const { servers, redactor, audit, snapshots } = this.#parts;
    return { servers, target, policy: run.policy, redactor, audit, snapshots, signal: run.request.signal };
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
    const record = run.record('refused', { code: known.code, reason: known.message, approver: run.approver });
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

/** One exact command that may run again and again: never one that is known to change files, nor one of several inside of one. */
function isGrantPossible(run: Run, prepared: Prepared, decision: Decision): boolean {
  if (decision.argv === null || decision.parts.length > 1) return false;
  if (decision.rule === 'floor.write' || isKnownWrite(decision.argv)) return false;
  if (run.request.caller.session === null || run.target?.environment === 'production') return false;
  const subject = prepared.subject(decision);
  return subject.kind === 'command' && subject.stdin === null;
}

/** Both sides of a change stay in memory until it is answered. */
function sizeOfImages({ change }: Prepared): number {
  const sides = change ? [change.before, change.after] : [];
  return sides.reduce((sum, side) => sum + (side.kind === 'content' ? side.content.byteLength : 0), 0);
}

function toGrant(run: Run, prepared: Prepared, decision: Decision): string {
  const subject = prepared.subject(decision);
  const cwd = subject.kind === 'command' ? subject.cwd : null;
  return `${JSON.stringify(run.request.caller.session)}\n${JSON.stringify([run.target?.recordHash, run.policyHash, run.tool, decision.argv, cwd])}`;
}

function rejected(decision: Decision): OperationError {
  return new OperationError('POLICY_REJECTED', `Policy rejects this (${decision.rule}): ${decision.reason}`);
}

function notApproved(end: Exclude<ApprovalEnd, { kind: 'approve' | 'edit' }>): OperationError {
  switch (end.kind) {
    case 'deny':
      return new OperationError(
        'APPROVAL_DENIED',
        end.reason === null
          ? 'The operator denied this request; nothing was run.'
          : `The operator denied this request: ${end.reason}`,
      );
    case 'expired':
      return new OperationError(
        'APPROVAL_EXPIRED',
        'Nobody answered in time; nothing was run. Ask again when the operator is there.',
      );
    case 'withdrawn':
      return new OperationError('CANCELLED', `The request was ${toWords(end)}; nothing was run.`);
  }
}

function toInternal(error: unknown): OperationError {
  const what = error instanceof Error ? error.message : String(error);
  return new OperationError('INTERNAL', `signalbox failed here (${what}); nothing was run. Please report it.`, {
    cause: error,
  });
}
