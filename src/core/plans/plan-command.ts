/** The plan of a command: judged as text before anything touches the server, run as the judged argv or as the approved line. */

import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import { goesOn, toDurableEnding } from '../durable.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { Decision } from '../policy/decision.ts';
import type { ExecOutcome, PerformOutcome } from '../ports.ts';
import type { Target } from '../server.ts';
import { findSudoQuestion, sudoOf } from '../sudo.ts';
import type { Finding, Look, Plan, Prepared, Reader } from './plan.ts';
import { show } from './text.ts';

export type CommandInput = OperationInput<'remote_exec'>;

export function planCommand(input: CommandInput): Plan {
  const prepared = prepareCommand(input, null);
  return {
    tool: 'remote_exec',
    summary: prepared.summary,
    cwd: input.cwd ?? null,
    entry: prepared.entry,
    question: prepared.question,
    looksAtServer: false,
    prepare: async (look) => prepareCommand(input, look.servers.status(look.target.id).hostKey, look),
  };
}

function prepareCommand(input: CommandInput, hostKey: string | null, look: Look | null = null): Prepared {
  const target = look?.target ?? null;
  const cwd = input.cwd ?? null;
  const summary = input.command ?? (input.argv ?? []).join(' ');
  const place = { cwd, hasStdin: input.stdin !== undefined, ...(input.durable ? { isDurable: true as const } : {}) };
  const sudo = (decision: Decision): ReturnType<typeof sudoOf> => (input.durable ? {} : sudoOf(decision, target));
  return {
    summary,
    entry: {
      ...(input.argv ? { argv: input.argv } : {}),
      ...(input.command === undefined ? {} : { line: input.command }),
      ...(cwd === null ? {} : { cwd }),
    },
    question: input.argv
      ? { kind: 'argv', argv: input.argv, ...place }
      : { kind: 'line', line: input.command ?? '', ...place },
    hostKey,
    change: null,
    subject: (decision) => ({
      kind: 'command',
      argv: decision.argv,
      line: decision.argv === null ? (input.command ?? null) : null,
      cwd,
      stdin: input.stdin ?? null,
      ...sudo(decision),
      ...(input.durable ? { durable: true } : {}),
      parts: decision.parts,
    }),
    action: (decision) => ({
      kind: 'exec',
      command: toForm(input, decision),
      cwd,
      timeoutMs: input.timeoutMs ?? limits.commandTimeoutMsDefault,
      stdin: input.stdin === undefined ? null : Buffer.from(input.stdin),
      outputBytesMax: limits.outputBytesMax,
      // What a rule lifted may be more than a read, so its paths were looked up before: a second run is no way to ask.
      realPathsOf: decision.outcome === 'auto-allow' && decision.lifted !== true ? decision.paths : [],
      ...sudo(decision),
      ...(input.durable ? { durable: { title: look?.redactor.redact(summary).text ?? '' } } : {}),
    }),
    edit: (text) => {
      if (text.trim() === '')
        throw new OperationError('INVALID_ARGUMENT', 'The edited command is empty; deny the request instead.');
      const { argv: _argv, ...rest } = input;
      return prepareCommand({ ...rest, command: text }, hostKey, look);
    },
    finding: (outcome, reader) => toCommandFinding(outcome, reader),
  };
}

function toForm(
  input: CommandInput,
  decision: Decision,
): { form: 'argv'; argv: readonly string[] } | { form: 'line'; line: string } {
  if (decision.argv !== null) return { form: 'argv', argv: decision.argv };
  assert(input.command !== undefined, 'A request without an argv that runs has a line.');
  return { form: 'line', line: input.command };
}

export function toCommandFinding(outcome: PerformOutcome, reader: Reader): Finding {
  assert(outcome.kind === 'exec', 'A command ends as a command.');
  const advice = adviceOf(outcome, reader.target);
  return {
    ...toEnding(outcome, reader.target),
    data: {
      ...toOutputData(outcome, reader),
      ...(advice === null ? {} : { advice }),
      ...(outcome.durable ? { durable: toDurableData(outcome.durable) } : {}),
    },
    execution: toExecution(outcome),
  };
}

function toDurableData({ id, state, folder }: NonNullable<ExecOutcome['durable']>): Record<string, unknown> {
  return { id, state, folder };
}

/** The output of a command as data; base64 for both streams as soon as one of them is not text. */
export function toOutputData(
  outcome: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
  reader: Pick<Reader, 'redact' | 'redactor'>,
): Record<string, unknown> {
  const stdout = show(outcome.stdout, reader);
  const stderr = show(outcome.stderr, reader);
  const encoding = stdout.encoding === 'utf-8' && stderr.encoding === 'utf-8' ? 'utf-8' : 'base64';
  const encode = (shown: typeof stdout): string =>
    encoding === 'base64' && shown.encoding === 'utf-8' ? Buffer.from(shown.text).toString('base64') : shown.text;
  return { stdout: encode(stdout), stderr: encode(stderr), encoding, redacted: stdout.redacted + stderr.redacted };
}

export function toExecution(outcome: ExecOutcome): Finding['execution'] {
  return {
    ...(outcome.exitCode === null ? {} : { exitCode: outcome.exitCode }),
    ...(outcome.signal === null ? {} : { signal: outcome.signal }),
    ...(outcome.durable?.state === 'lost' ? { outcomeUnknown: true } : {}),
    ...(goesOn(outcome) ? { goesOn: true } : {}),
    stdoutBytes: outcome.stdoutBytes,
    stderrBytes: outcome.stderrBytes,
    stdoutTruncated: outcome.stdoutBytes > outcome.stdout.byteLength,
    stderrTruncated: outcome.stderrBytes > outcome.stderr.byteLength,
  };
}

/** What to do about a sudo that wanted a password, and where output is that was read before; null for all else. */
function adviceOf(
  { exitCode, stderr, sudo, durable }: ExecOutcome,
  target: Pick<Target, 'id' | 'sudo'>,
): string | null {
  if (durable && durable.doneAt !== null)
    return `${durable.id} was read to its end before, and nothing of it is left on ${target.id}; \`signalbox audit replay ${durable.id}\` shows its output.`;
  return exitCode === 0 || exitCode === null ? null : findSudoQuestion(stderr, target, sudo);
}

/** How a command ended, when it did not end well. */
export function toEnding(outcome: ExecOutcome, target: Pick<Target, 'id' | 'sudo'>): Pick<Finding, 'code' | 'message'> {
  const server = target.id;
  if (outcome.durable) {
    const ending = toDurableEnding(outcome.durable, outcome.ended, server);
    if (ending !== null) return ending;
  }
  if (outcome.ended === 'timeout') {
    return {
      code: 'TIMEOUT',
      message: `The command on ${server} was ended at its time limit; this is its output so far. Give a larger timeoutMs (--timeout at a terminal) if it needs longer.`,
    };
  }
  if (outcome.ended === 'cancelled') {
    return {
      code: 'CANCELLED',
      message: `The command on ${server} was cancelled while it ran; what it had done by then stays done.`,
    };
  }
  if (outcome.signal !== null)
    return { code: 'NON_ZERO_EXIT', message: `The command on ${server} was ended by signal ${outcome.signal}.` };
  if (outcome.exitCode !== 0) {
    const advice = adviceOf(outcome, target);
    if (advice !== null) return { code: 'NON_ZERO_EXIT', message: advice };
    return { code: 'NON_ZERO_EXIT', message: `The command on ${server} ended with status ${outcome.exitCode}.` };
  }
  return {};
}
