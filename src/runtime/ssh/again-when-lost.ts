/** A second try over a new connection, where the first was lost and nothing can have come of it. It knows nothing of what is tried. */
import { OperationError } from '../../core/codes.ts';

/** `task` takes a connection itself. What only reads is tried again wherever it was cut off; what acts only when nothing was sent. */
export async function againWhenLost<T>(
  kind: 'reads' | 'acts',
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const isLost = error instanceof OperationError && error.code === 'CONNECTION_LOST';
    if (!isLost || signal.aborted || (kind === 'acts' && error.outcomeUnknown)) throw error;
    return await task();
  }
}
