/** The end of what a process wrote to stderr, with when its last lines came. What a person or a file sees of it is redacted. */
import { stripVTControlCharacters } from 'node:util';
import type { Redactor } from '../../core/audit/redactor.ts';
import { limits } from '../../core/limits.ts';
import type { StderrLine } from '../../core/stderr-line.ts';
import { toTailText } from './tail-text.ts';

const { agentStderrBytesMax: bytesMax, agentStderrLinesMax: linesMax } = limits;
/** Of these the times are kept: empty lines, which are not shown, stand between those that are. */
const timesMax = 4 * linesMax;

export class StderrTail {
  readonly #redactor: Redactor;
  #text = '';
  /** When the last lines came, the one that has not ended yet among them. */
  #times: number[] = [];

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  push(text: string, atMs: number): void {
    const lines = text.split('\n').length;
    this.#times = [...this.#times.slice(0, -1), ...Array<number>(Math.min(lines, timesMax)).fill(atMs)].slice(
      -timesMax,
    );
    this.#text += text;
    if (this.#text.length > 2 * bytesMax) this.#text = toTailText(this.#text, bytesMax).text;
  }

  /** Redacted; empty when nothing was written. */
  get text(): string {
    return this.#redact(this.#text).trim();
  }

  /** The last lines, redacted, without colours and without empty ones; what was written over a line stands in its place. */
  get lines(): readonly StderrLine[] {
    // Together: a secret may go over several lines.
    const lines = this.#redact(stripVTControlCharacters(this.#text)).split('\n');
    const times = this.#times.slice(-lines.length);
    const first = lines.length - times.length;
    return times
      .flatMap((atMs, index): readonly StderrLine[] => {
        const line = (lines[first + index] ?? '').trimEnd().split('\r').at(-1) ?? '';
        return line.trim() === '' ? [] : [{ text: line.slice(0, limits.agentStderrLineCharactersMax), atMs }];
      })
      .slice(-linesMax);
  }

  #redact(text: string): string {
    return this.#redactor.redact(toTailText(text, bytesMax).text).text;
  }
}
