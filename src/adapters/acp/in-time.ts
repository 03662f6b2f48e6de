/** Waits for answers of an agent that starts: no longer than the bound, and never for a process that is gone. */
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { toAgentError, toExitWords } from './agent-error.ts';
import type { AgentProcess } from './agent-process.ts';

export interface Starting {
  readonly process: AgentProcess;
  readonly profile: { readonly label: string };
  readonly clock: Clock;
}

/** Rejects with OperationError: TIMEOUT, CONNECTION_LOST when it died, else what the agent answered. */
export async function inTime<T>(starting: Starting, answer: Promise<T>): Promise<T> {
  const { process, profile, clock } = starting;
  const { promise: stopped, resolve: stop } = deferred();
  const timer = clock.after(limits.agentStartTimeoutMs, () => stop('late'));
  void process.exited.then(() => stop('gone'));
  try {
    const first = await Promise.race([answer.then((value) => ({ value })), stopped]);
    if (typeof first === 'object') return first.value;
    if (first === 'gone') throw await toDeath(starting);
    const seconds = limits.agentStartTimeoutMs / 1000;
    throw new OperationError('TIMEOUT', `${profile.label} did not answer within ${seconds} s; is it an ACP agent?`);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    const known = toAgentError(error, profile.label);
    if (known) throw known;
    // The connection broke: most often the process just died, and its exit says more than the broken pipe.
    clock.after(limits.agentEndGraceMs, () => stop('late'));
    if ((await stopped) === 'gone') throw await toDeath(starting);
    throw new OperationError('CONNECTION_LOST', `${profile.label} closed its output while it started.`, {
      cause: error,
    });
  } finally {
    timer.dispose();
  }
}

async function toDeath({ process, profile }: Starting): Promise<OperationError> {
  const words = toExitWords(await process.exited, process.lastWords);
  return new OperationError('CONNECTION_LOST', `${profile.label} ended while it started: ${words}`);
}

function deferred(): { readonly promise: Promise<'late' | 'gone'>; resolve(reason: 'late' | 'gone'): void } {
  let settle: (reason: 'late' | 'gone') => void = () => undefined;
  const promise = new Promise<'late' | 'gone'>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (reason) => settle(reason) };
}
