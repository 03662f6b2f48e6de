/** Waits for answers of an agent: no longer than the bound, and never for a process that is gone. What was given up is cancelled. */
import type { ClientContext } from '@agentclientprotocol/sdk';
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { toAgentError, toExitWords } from './agent-error.ts';
import type { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';

export type SendRequestOptions = NonNullable<Parameters<ClientContext['request']>[2]>;

export interface Starting {
  readonly process: AgentProcess;
  readonly profile: Pick<AgentProfile, 'id' | 'label' | 'origin'>;
  readonly clock: Clock;
}

export interface InTimeOptions {
  readonly timeoutMs: number;
  /** When it is that the agent may fail, in words. */
  readonly phase: string;
  /** Nobody waits for the answer any more: CANCELLED. */
  readonly signal?: AbortSignal;
}

/** For all that comes before a session is open. */
export const whileItStarts: InTimeOptions = { timeoutMs: limits.agentStartTimeoutMs, phase: 'while it started' };

type Stop = 'late' | 'gone' | 'withdrawn';

/**
 * @param ask sends the request with these options, so that it can be cancelled ($/cancel_request).
 * Rejects with OperationError: TIMEOUT, CANCELLED, CONNECTION_LOST when the agent died, else what it answered.
 */
export async function inTime<T>(
  starting: Starting,
  ask: (more: SendRequestOptions) => Promise<T>,
  options: InTimeOptions = whileItStarts,
): Promise<T> {
  const { process, profile, clock } = starting;
  const cancel = new AbortController();
  let stop: (reason: Stop) => void = () => undefined;
  const stopped = new Promise<Stop>((resolve) => {
    stop = resolve;
  });
  const timer = clock.after(options.timeoutMs, () => stop('late'));
  const withdraw = (): void => stop('withdrawn');
  options.signal?.addEventListener('abort', withdraw, { once: true });
  if (options.signal?.aborted) withdraw();
  void process.exited.then(() => stop('gone'));
  const answer = ask({ cancellationSignal: cancel.signal, stopWaitingOnCancel: true });
  answer.catch(() => undefined);
  try {
    const first = await Promise.race([answer.then((value) => ({ value })), stopped]);
    if (typeof first === 'object') return first.value;
    cancel.abort();
    throw await toStopError(starting, first, options);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    const known = toAgentError(error, profile);
    if (known) throw known;
    // The connection broke: most often the process just died, and its exit says more than the broken pipe.
    clock.after(limits.agentEndGraceMs, () => stop('late'));
    if ((await stopped) === 'gone') throw await toStopError(starting, 'gone', options);
    throw new OperationError('CONNECTION_LOST', `${profile.label} closed its output ${options.phase}.`, {
      cause: error,
    });
  } finally {
    timer.dispose();
    options.signal?.removeEventListener('abort', withdraw);
  }
}

async function toStopError(
  { process, profile }: Starting,
  stop: Stop,
  { timeoutMs, phase }: InTimeOptions,
): Promise<OperationError> {
  switch (stop) {
    case 'late': {
      const doubt = phase === whileItStarts.phase ? '; is it an ACP agent?' : '; end its session if it stays silent.';
      return new OperationError('TIMEOUT', `${profile.label} did not answer within ${timeoutMs / 1000} s${doubt}`);
    }
    case 'withdrawn':
      return new OperationError('CANCELLED', `${profile.label} was not waited for any longer.`);
    case 'gone': {
      const words = toExitWords(await process.exited, process.lastWords);
      return new OperationError('CONNECTION_LOST', `${profile.label} ended ${phase}: ${words}`);
    }
  }
}
