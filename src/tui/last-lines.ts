/**
 * Lines that were laid out last, kept while all that they were made of is the same: each frame asks for them, and colours of code take long.
 */
import type { StyledLine } from './styled.ts';

export class LastLines {
  #parts: readonly unknown[] = [];
  #lines: readonly StyledLine[] | null = null;

  /** `parts` are compared one by one, as they are. */
  of(parts: readonly unknown[], layOut: () => readonly StyledLine[]): readonly StyledLine[] {
    const isSame = parts.length === this.#parts.length && parts.every((part, at) => Object.is(part, this.#parts[at]));
    if (this.#lines === null || !isSame) this.#lines = layOut();
    this.#parts = parts;
    return this.#lines;
  }
}
