/** Lets other work of the process run between the pieces of a long task. */
import { setImmediate as turn } from 'node:timers/promises';

/** A key press that waits this long is not noticed. */
const sliceMs = 8;
/** Looking at the clock costs more than most pieces. */
const piecesPerLook = { light: 32, heavy: 4 } as const;

/** Call the result after each piece: it returns at once, or, when the slice is used up, after everything else had its turn. */
export function createTimeSlice(pieceWeight: 'light' | 'heavy' = 'light'): () => Promise<void> | undefined {
  let pieces = 0;
  let untilMs = performance.now() + sliceMs;
  return () => {
    pieces += 1;
    if (pieces % piecesPerLook[pieceWeight] !== 0 || performance.now() < untilMs) return undefined;
    return turn().then(() => {
      untilMs = performance.now() + sliceMs;
    });
  };
}
