/** The transcript of one session on disk: one JSON object a line, redacted, only ever appended to. The live view forgets; this does not. */
import { appendFile, open, stat, truncate } from 'node:fs/promises';
import { Serial } from '../../base/serial.ts';
import type { Redactor } from '../../core/audit/redactor.ts';

/** Past this the transcript ends with a note: a year of talk is far below it. */
const bytesMax = 256 * 1024 * 1024;

export class Transcript {
  readonly #path: string;
  readonly #redactor: Redactor;
  readonly #onProblem: (sentence: string) => void;
  readonly #serial = new Serial();
  #stopped = false;
  /** It ends with a whole line, since we wrote it. */
  #isWhole = false;
  /** Lines that could not be written since the last one that was. */
  #missing = 0;

  /** @param onProblem called when lines cannot be written, once until they can be again; the session goes on. */
  constructor(path: string, redactor: Redactor, onProblem: (sentence: string) => void) {
    this.#path = path;
    this.#redactor = redactor;
    this.#onProblem = onProblem;
  }

  /** Every string in it is redacted; the file has mode 0600. Lines keep the order of the calls. */
  append(entry: object): void {
    if (this.#stopped) return;
    const line = `${JSON.stringify(this.#redactDeep(entry))}\n`;
    void this.#serial.run(() => this.#write(line));
  }

  /** A line that does not fit is left out whole. Each later line tries again, and the first that fits is preceded by how many are missing. */
  async #write(line: string): Promise<void> {
    if (this.#stopped) return;
    const gap = this.#missing === 0 ? '' : `${JSON.stringify({ kind: 'gap', missingLines: this.#missing })}\n`;
    let size: number | null = null;
    try {
      size = (await stat(this.#path).catch(() => null))?.size ?? 0;
      if (size + line.length > bytesMax) {
        this.#stop(`The transcript ${this.#path} is full; the session goes on without one.`);
        return;
      }
      await appendFile(this.#path, (await this.#lineEnd(size)) + gap + line, { mode: 0o600 });
      this.#isWhole = true;
      this.#missing = 0;
    } catch (error) {
      // What was written of the line before the disk was full: a half line would spoil the next one.
      if (size !== null) await truncate(this.#path, size).catch(() => undefined);
      this.#missing += 1;
      if (this.#missing === 1)
        this.#onProblem(
          `The transcript ${this.#path} cannot be written (${(error as Error).message}); make room or mend its mode, and it goes on by itself.`,
        );
    }
  }

  /** What a host that was killed left of its last line must not spoil the next one. */
  async #lineEnd(size: number): Promise<string> {
    if (this.#isWhole || size === 0) return '';
    const file = await open(this.#path, 'r');
    try {
      const last = Buffer.alloc(1);
      await file.read(last, 0, 1, size - 1);
      return last.toString('latin1') === '\n' ? '' : '\n';
    } finally {
      await file.close();
    }
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
