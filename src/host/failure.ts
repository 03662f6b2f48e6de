/** Errors on their way to a client: an operating error keeps its code and sentence, anything else is our bug and says so. */
import { OperationError } from '../core/codes.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export function toFailure(error: unknown, log: (line: string) => void): Failure {
  if (error instanceof OperationError) {
    const { code, message, data } = error;
    return data === undefined ? { code, message } : { code, message, data };
  }
  log(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { code: 'INTERNAL', message: 'signalbox made a mistake; the host log has the details.' };
}
