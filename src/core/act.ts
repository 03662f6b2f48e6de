/**
 * Steps 5 to 10 of the gate: re-check, before-image, permit, perform, after-image, result, envelope. What came back is
 * shown only after the real paths behind it were judged too. Called by the orchestrator alone; only here are permits made.
 */
import { assert } from '../base/assert.ts';
import { isRead } from './audit/audit-entry.ts';
import type { AuditEntry } from './audit/record.ts';
import { OperationError } from './codes.ts';
import type { Envelope } from './envelope.ts';
import { keepAfterImage, toImageNote, toResumedMessage, toSha256 } from './keep-after-image.ts';
import { toLaterResults } from './later-results.ts';
import type { Cleared, GateParts } from './orchestrator.ts';
import { Permit } from './permit.ts';
import type { Change, Finding, Reader } from './plans/plan.ts';
import { toOutputData } from './plans/plan-command.ts';
import type { Decision } from './policy/decision.ts';
import type { PerformOutcome } from './ports.ts';
import { OutputRecorder } from './recording/output-recorder.ts';
import type { Ending, Run } from './run.ts';
import { toCommandEntry, toRunningCommand } from './running-command.ts';
import type { Target } from './server.ts';
import { WithheldOutput } from './withheld-output.ts';

/** Puts the question to a person after all; throws when the answer is no. */
type AskAgain = (why: Decision) => Promise<Cleared>;

export async function act(run: Run, cleared: Cleared, parts: GateParts, askAgain: AskAgain): Promise<Envelope> {
  const target = await recheck(run, parts);
  const { prepared, decision } = cleared;
  const commitBefore = await keepBeforeImage(run, parts, prepared.change);
  const action = prepared.action(decision);
  await writePermit(run, parts, cleared, {
    ...(commitBefore === null ? {} : { commitBefore }),
    ...toCommandEntry(action),
  });

  if (prepared.change) parts.snapshots.stage?.(prepared.change.after);
  run.canBeStopped = action.kind === 'exec' || action.kind === 'durable' || action.kind === 'shell';
  run.act(prepared.summary, toRunningCommand(action, decision));
  const recorder = new OutputRecorder(run, prepared.summary, parts, action.kind === 'shell' ? action.size : null);
  run.recorder = recorder;
  const withheld = new WithheldOutput(decision, action, run.policy, target, (stream, chunk) => {
    recorder.write(chunk, stream);
    run.request.onOutput?.(stream, chunk);
    run.publish({ kind: 'output', id: run.id, server: target.id, stream, chunk });
  });
  const informed = run.keepInformed('running', null, 'The operation is still running.');
  let outcome: PerformOutcome;
  try {
    outcome = await parts.servers.perform(
      new Permit(run.id, target, action, prepared.hostKey),
      {
        ...withheld.sink,
        isBehind: () => withheld.isFull || recorder.isBehind || run.request.isBehind?.() === true,
        onTerminal: (terminal) => run.request.onTerminal?.(recorder.watch(terminal)),
      },
      run.request.signal,
    );
  } catch (error) {
    return await endWithError(run, parts, toReader(run, parts, decision, target), error);
  } finally {
    informed.dispose();
  }
  if (outcome.kind === 'read-file' && action.kind === 'read-file')
    withheld.judge(new Map([[action.path, outcome.realPath]]));
  const stricter = withheld.settle();
  if (stricter) {
    releaseContent(outcome);
    return await act(run, await askForWithheld(run, parts, stricter, askAgain), parts, askAgain);
  }
  const later =
    action.kind === 'durable' && outcome.kind === 'exec'
      ? await toLaterResults({ id: run.id, target, action, outcome }, parts.audit)
      : [];
  return await finish(run, parts, cleared, { outcome, later }, toReader(run, parts, decision, target));
}

/**
 * Step 5: what the approval was bound to must still be so. The file's hash and the host key are checked where they are
 * seen: at the write, and on the line.
 */
async function recheck(run: Run, parts: GateParts): Promise<Target> {
  const { target } = run;
  assert(target, 'A run that acts has its server.');
  if (run.approver === 'policy') return target;
  const now = await parts.registry.resolve(target.id, run.request.caller.workspace);
  if (now.recordHash !== target.recordHash) {
    throw new OperationError(
      'CONFLICT',
      `The record of ${target.id} changed while the request waited, so the approval is void; ask again.`,
    );
  }
  const policy = await parts.policies.current(run.request.caller.workspace);
  if (policy.hash !== run.policyHash) {
    throw new OperationError(
      'CONFLICT',
      'The policy changed while the request waited, so the approval is void; ask again.',
    );
  }
  return target;
}

async function keepBeforeImage(run: Run, parts: GateParts, change: Change | null): Promise<string | null> {
  return change ? await parts.snapshots.commit(change.before, toImageNote(run, change, 'before')) : null;
}

/** Step 6. An intent that is not on disk yet goes with its permit in one write. */
async function writePermit(
  run: Run,
  parts: GateParts,
  { prepared, decision }: Cleared,
  more: Pick<AuditEntry, 'commitBefore' | 'sudo' | 'durable'>,
): Promise<void> {
  const permit = run.record('permit', {
    ...run.answer,
    ...(decision.argv === null ? {} : { argv: decision.argv }),
    ...(prepared.hostKey === null ? {} : { hostKey: prepared.hostKey }),
    ...(prepared.change
      ? {
          beforeSha256: toSha256(prepared.change.before),
          wantedSha256: toSha256(prepared.change.after),
          changedPath: prepared.change.realPath,
        }
      : {}),
    ...more,
    ...(run.edited ? { edited: true } : {}),
  });
  await parts.audit.append(run.intentWritten ? [permit] : [run.record('intent'), permit]);
  run.intentWritten = true;
  run.permitWritten = true;
}

/** A read came back, but its real path is not what its name said: nothing of it is shown until a person says so. */
async function askForWithheld(run: Run, parts: GateParts, why: Decision, askAgain: AskAgain): Promise<Cleared> {
  await parts.audit.append([
    run.record('progress', { note: `output withheld: ${why.reason}`, rule: why.rule, decision: why.outcome }),
  ]);
  if (run.decision) run.describe({ entry: run.entry }, why);
  if (why.outcome === 'reject')
    throw new OperationError('POLICY_REJECTED', `Policy withholds the output (${why.rule}): ${why.reason}`);
  return await askAgain(why);
}

/** Steps 8 to 10. */
async function finish(
  run: Run,
  parts: GateParts,
  { prepared }: Cleared,
  { outcome, later }: { readonly outcome: PerformOutcome; readonly later: Told['later'] },
  reader: Reader,
): Promise<Envelope> {
  const changed =
    prepared.change && (outcome.kind === 'write-file' || outcome.kind === 'remove-file')
      ? await keepAfterImage(run, parts, prepared.change, outcome)
      : null;
  const finding = toFinding(() => prepared.finding(outcome, reader));
  releaseContent(outcome);
  const code = changed?.code ?? finding.code;
  const message = changed?.message ?? run.toStoppedMessage(outcome) ?? finding.message ?? toResumedMessage(outcome);
  const status = changed?.code ? 'partial_failure' : code ? 'error' : 'ok';
  return await writeResult(
    run,
    parts,
    {
      status,
      data: finding.data,
      ...(code ? { code } : {}),
      ...(message ? { message } : {}),
      execution: { completed: finding.execution.goesOn !== true, ...finding.execution },
    },
    { more: changed?.record ?? {}, later },
  );
}

interface Told {
  readonly more?: Partial<AuditEntry>;
  /** Of operations before this one, which it tells more of. */
  readonly later?: readonly AuditEntry[] | undefined;
}

/** Steps 9 and 10. The result is for the log; when the log fails now, the caller learns that the action happened unrecorded. */
async function writeResult(
  run: Run,
  parts: GateParts,
  ending: Ending,
  { more = {}, later = [] }: Told = {},
): Promise<Envelope> {
  const { execution } = ending;
  const bytes = (execution?.stdoutBytes ?? 0) + (execution?.stderrBytes ?? 0);
  const record = run.record('result', {
    status: ending.status,
    ...(ending.code ? { code: ending.code } : {}),
    ...(ending.message && ending.code !== 'NON_ZERO_EXIT' ? { reason: ending.message } : {}),
    ...(execution?.goesOn ? { goesOn: true } : {}),
    ...(execution?.exitCode === undefined ? {} : { exitCode: execution.exitCode }),
    ...(execution?.signal === undefined ? {} : { signal: execution.signal }),
    ...(execution?.outcomeUnknown ? { outcomeUnknown: true } : {}),
    ...(bytes > 0 ? { bytes } : {}),
    ...(execution?.stdoutTruncated || execution?.stderrTruncated ? { truncated: true } : {}),
    durationMs: run.durationMs,
    ...(run.stoppedBy === null ? {} : { note: `${execution?.goesOn ? 'left' : 'stopped'} by ${run.stoppedBy}` }),
    ...(await run.recorder?.end()),
    ...more,
  });
  try {
    // A lost result shows up as an unknown outcome, which is the careful reading; only changes wait for the disk.
    await parts.audit.append([record, ...later], { durable: more.changedPath !== undefined });
    return run.end(ending);
  } catch {
    run.logWritten = false;
    const message = `${ending.message ? `${ending.message} ` : ''}It ran, but its result could not be written to the audit log; nothing more runs until the log works again.`;
    return run.end({ ...ending, status: 'partial_failure', code: 'AUDIT_UNAVAILABLE', message });
  }
}

/** The server, the line or the clock ended it: the result says what is known, and whether something may have happened. */
async function endWithError(run: Run, parts: GateParts, reader: Reader, error: unknown): Promise<Envelope> {
  const known = error instanceof OperationError ? error : null;
  const code = known?.code ?? 'INTERNAL';
  const message =
    known?.message ??
    `signalbox failed while it acted (${error instanceof Error ? error.message : String(error)}); look at the server before you go on.`;
  const isUnknown = (known?.outcomeUnknown ?? true) && !isRead(run.tool);
  const data = known?.data ? toErrorData(known.data, reader) : undefined;
  return await writeResult(run, parts, {
    ...{ status: 'error', code, message, ...(data ? { data } : {}) },
    execution: { completed: false, ...(isUnknown ? { outcomeUnknown: true } : {}) },
  });
}

/** Output so far arrives as bytes; it is shown like any output. */
function toErrorData(data: Readonly<Record<string, unknown>>, reader: Reader): Readonly<Record<string, unknown>> {
  const { stdout, stderr, ...rest } = data;
  if (!(stdout instanceof Uint8Array) || !(stderr instanceof Uint8Array)) return data;
  return { ...rest, ...toOutputData({ stdout, stderr }, reader) };
}

/** A finding holds no bytes of it. */
function releaseContent(outcome: PerformOutcome): void {
  if (outcome.kind === 'read-file') outcome.release?.();
}

/** A result that cannot be shown as asked (lines of a binary file) is an error after the fact, not a bug. */
function toFinding(find: () => Finding): Finding {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { data: {}, code: error.code, message: error.message, execution: {} };
  }
}

/** Agents and foreign hosts see secrets replaced where the server, or the kind of listing, says so; the operator sees what is there. */
function toReader(run: Run, parts: GateParts, decision: Decision, target: Target): Reader {
  const isPerson = run.request.caller.origin === 'operator';
  return {
    redactor: parts.redactor,
    redact: !isPerson && (target.redactOutput || decision.redactOutput) ? 'secrets' : 'nothing',
    target,
  };
}
