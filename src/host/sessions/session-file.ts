/** The small file beside a transcript with which a session goes on after its host ended. It starts nothing and judges nothing. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Serial } from '../../base/serial.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { type KeptPrompt, type KeptSession, toKeptSession } from '../../core/kept-session.ts';

const suffix = '.session.json';
const titleCharactersMax = 1_000;
/** Of a prompt, so that it can be sent after all; pasted files are longer. */
const promptCharactersMax = 32_000;

export class SessionFile {
  readonly #path: string;
  readonly #redactor: Redactor;
  readonly #onProblem: (sentence: string) => void;
  readonly #serial = new Serial();
  /** What is written next; earlier states that were not written yet do not matter any more. */
  #next: KeptSession | null = null;
  #hasFailed = false;

  /** @param onProblem called once; the session goes on, and would not be found after a restart of the host. */
  constructor(folder: string, id: string, redactor: Redactor, onProblem: (sentence: string) => void) {
    this.#path = join(folder, `${id}${suffix}`);
    this.#redactor = redactor;
    this.#onProblem = onProblem;
  }

  /** Replaced as a whole (mode 0600): a crash leaves the old state or the new one. What people typed is redacted, and cut where long. */
  write(state: KeptSession): void {
    const isWaiting = this.#next !== null;
    const toText = (text: string, charactersMax: number): string =>
      this.#redactor.redact(text).text.slice(0, charactersMax);
    const toPrompt = (prompt: KeptPrompt): KeptPrompt => {
      const text = toText(prompt.text, promptCharactersMax);
      return { text, isWhole: prompt.isWhole && text === prompt.text };
    };
    const [waitingPrompts, heldPrompts] = [state.waitingPrompts ?? [], state.heldPrompts ?? []];
    this.#next = {
      ...{ ...state, title: toText(state.title, titleCharactersMax) },
      ...{ waitingPrompts: waitingPrompts.map(toPrompt), heldPrompts: heldPrompts.map(toPrompt) },
    };
    if (isWaiting) return;
    this.#run(async () => {
      const text = `${JSON.stringify(this.#next)}\n`;
      this.#next = null;
      // On the disk before it takes the name: a machine that loses power must not leave an empty file.
      await writeFile(`${this.#path}.new`, text, { mode: 0o600, flush: true });
      await rename(`${this.#path}.new`, this.#path);
    });
  }

  /** The session is over: nothing goes on with it. */
  remove(): void {
    this.#run(async () => {
      await rm(`${this.#path}.new`, { force: true });
      await rm(this.#path, { force: true });
    });
  }

  /** Resolves when all that was asked for so far is done. */
  idle(): Promise<void> {
    return this.#serial.idle();
  }

  #run(task: () => Promise<void>): void {
    void this.#serial.run(task).catch((error: Error) => {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      this.#onProblem(`${this.#path} cannot be written (${error.message}); this session will not survive its host.`);
    });
  }
}

/** The sessions that were not ended, oldest first; `broken` names files that say nothing. */
export async function readSessionFiles(
  folder: string,
): Promise<{ readonly sessions: readonly KeptSession[]; readonly broken: readonly string[] }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix));
  const read = await Promise.all(
    names.map(async (name) => {
      // One that cannot be read is as good as damaged: the others are brought back all the same.
      const session = toKeptSession(await readFile(join(folder, name), 'utf8').catch(() => ''));
      return session !== null && name === `${session.id}${suffix}` ? session : name;
    }),
  );
  return {
    sessions: read.filter((one) => typeof one !== 'string').sort((a, b) => a.createdAtMs - b.createdAtMs),
    broken: read.filter((one) => typeof one === 'string'),
  };
}
