/** The transcript of one session on disk: one JSON object a line, redacted, only ever appended to. The live view forgets; this does not. */
import { appendFile } from 'node:fs/promises';
import { Serial } from '../../base/serial.ts';
import type { Redactor } from '../../core/audit/redactor.ts';

/** Past this the transcript ends with a note: a year of talk is far below it. */
const bytesMax = 256 * 1024 * 1024;

export class Transcript {
  readonly #path: string;
  readonly #redactor: Redactor;
  readonly #onProblem: (sentence: string) => void;
  readonly #serial = new Serial();
  #bytes = 0;
  #stopped = false;

  /** @param onProblem called once, when a line could not be written; the session goes on without a transcript. */
  constructor(path: string, redactor: Redactor, onProblem: (sentence: string) => void) {
    this.#path = path;
    this.#redactor = redactor;
    this.#onProblem = onProblem;
  }

  /** Every string in it is redacted; the file has mode 0600. Lines keep the order of the calls. */
  append(entry: Readonly<Record<string, unknown>>): void {
    if (this.#stopped) return;
    const line = `${JSON.stringify(this.#redactDeep(entry))}\n`;
    this.#bytes += Buffer.byteLength(line);
    if (this.#bytes > bytesMax) {
      this.#stop(`The transcript ${this.#path} is full; the session goes on without one.`);
      return;
    }
    void this.#serial
      .run(() => appendFile(this.#path, line, { mode: 0o600 }))
      .catch((error: Error) => {
        this.#stop(`The transcript ${this.#path} cannot be written (${error.message}); make room or mend its mode.`);
      });
  }

  /** Resolves when all lines given so far are written. */
  idle(): Promise<void> {
    return this.#serial.idle();
  }

  #stop(sentence: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#onProblem(sentence);
  }

  #redactDeep(value: unknown): unknown {
    if (typeof value === 'string') return this.#redactor.redact(value).text;
    if (Array.isArray(value)) return value.map((one) => this.#redactDeep(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#redactDeep(one)]));
  }
}
