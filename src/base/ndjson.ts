/** Newline-delimited JSON over a byte stream: one value a line, with a bound on the length of a line. */
import { StringDecoder } from 'node:string_decoder';

export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** Cuts a byte stream into lines. Bytes of one character may arrive in different chunks. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #charactersMax: number;
  #parts: string[] = [];
  #length = 0;

  /** @param charactersMax a longer line throws LineTooLongError from `push`. */
  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  /** Returns the lines that this chunk completes, without their line ends; empty lines are left out. */
  push(chunk: Uint8Array): string[] {
    const text = this.#decoder.write(chunk as Buffer);
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      this.#take(text.slice(from, at));
      const line = this.#parts.join('').replace(/\r$/, '');
      this.#parts = [];
      this.#length = 0;
      if (line !== '') lines.push(line);
      from = at + 1;
    }
    this.#take(text.slice(from));
    return lines;
  }

  #take(part: string): void {
    if (part === '') return;
    this.#length += part.length;
    if (this.#length > this.#charactersMax)
      throw new LineTooLongError(`A line is longer than ${this.#charactersMax} characters.`);
    this.#parts.push(part);
  }
}

export function toLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
