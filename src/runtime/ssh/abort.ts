/** Waiting that a caller may give up: the wait ends, what is waited for goes on. */
import { OperationError } from '../../core/codes.ts';

/** The promise, or CANCELLED as soon as the signal aborts. The work behind the promise is not stopped. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Its failure, if any, is of no interest to a caller that has left.
    promise.catch(() => undefined);
    return Promise.reject(toCancelledError());
  }
  return new Promise((resolve, reject) => {
    const handleAbort = (): void => reject(toCancelledError());
    signal.addEventListener('abort', handleAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', handleAbort));
  });
}

export function toCancelledError(): OperationError {
  return new OperationError('CANCELLED', 'The request was cancelled before anything was sent to the server.');
}
