/** What logins ask, at a plain terminal: the question in words, the answer typed unseen. Where nobody can type, it says where to answer. */
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { type Clock, systemClock } from '../base/clock.ts';
import { escapeExact, escapeProse } from '../base/display/escape.ts';
import { type Disposable, Disposables, toDisposable } from '../base/lifecycle.ts';
import { Serial } from '../base/serial.ts';
import type { HostConnection } from '../client/host-connection.ts';
import { attach, type Mirror } from '../client/mirror.ts';
import type { LoginDesk } from '../core/login/login-desk.ts';
import { type LoginView, toLoginPlace } from '../protocol/login-view.ts';
import { askHidden, canAsk } from './ask.ts';
import { type CliIo, printNote } from './output.ts';

export interface LoginPorts {
  /** Null declines. */
  answer(id: string, answers: readonly string[] | null): Promise<unknown> | unknown;
  /** Around each question, where the terminal is not ours alone. */
  readonly atTerminal?: (ask: () => Promise<void>) => Promise<void>;
}

/** Asks one after the other, each once; what is answered elsewhere meanwhile is not asked on. */
export class LoginAnswers implements Disposable {
  readonly #io: CliIo;
  readonly #ports: LoginPorts;
  readonly #asked = new Map<string, AbortController>();
  readonly #turns = new Serial();

  constructor(io: CliIo, ports: LoginPorts) {
    this.#io = io;
    this.#ports = ports;
  }

  /** All that wait now. */
  update(waiting: readonly LoginView[]): void {
    for (const [id, controller] of this.#asked) if (!waiting.some((one) => one.id === id)) controller.abort();
    for (const question of waiting) {
      if (this.#asked.has(question.id)) continue;
      const controller = new AbortController();
      this.#asked.set(question.id, controller);
      if (question.prompts.length === 0) this.#tell(question);
      else if (!canAsk(this.#io)) printNote(this.#io, `${toWords(question)}; answer on a screen: run signalbox.`);
      else void this.#turns.run(() => this.#askAlone(question, controller.signal));
    }
  }

  dispose(): void {
    for (const controller of this.#asked.values()) controller.abort();
  }

  #tell(question: LoginView): void {
    printNote(this.#io, `${toWords(question)}.`);
    for (const line of question.note?.split('\n') ?? []) printNote(this.#io, `  ${escapeProse(line)}`);
  }

  async #askAlone(question: LoginView, signal: AbortSignal): Promise<void> {
    const ask = (): Promise<void> => this.#ask(question, signal);
    await (this.#ports.atTerminal ? this.#ports.atTerminal(ask) : ask());
  }

  async #ask(question: LoginView, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    printNote(this.#io, `${toWords(question)}.`);
    if (question.note !== null) printNote(this.#io, escapeProse(question.note));
    // Not wrapped: two commands must never look the same.
    if (question.command !== undefined) this.#io.stderr.write(`\n  ${escapeExact(question.command)}\n\n`);
    while (!signal.aborted) {
      const answers = await this.#type(question, signal);
      const problem = await this.#answer(question.id, answers);
      if (problem === null || answers === null) return;
      printNote(this.#io, escapeProse(problem));
    }
  }

  /** Null when nothing was typed: Ctrl-C, the end of the input, or it was answered elsewhere. */
  async #type({ prompts }: LoginView, signal: AbortSignal): Promise<readonly string[] | null> {
    const answers: string[] = [];
    try {
      for (const { label, echo } of prompts) {
        const words = `${escapeProse(label.trim().replace(/:$/, ''))}: `;
        answers.push(
          echo === 'hidden' ? await askHidden(this.#io, words, signal) : await askShown(this.#io, words, signal),
        );
      }
      return answers;
    } catch {
      return null;
    }
  }

  /** Why it is not the right answer; null for one that is, or when nobody waits for it any more. */
  async #answer(id: string, answers: readonly string[] | null): Promise<string | null> {
    try {
      await this.#ports.answer(id, answers);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/**
 * For logins of the host's, while an operation of ours has no answer yet: usually it has one before anything is looked at. Says where to
 * answer when the terminal's input is taken.
 */
export function answerLogins(
  io: CliIo,
  connection: HostConnection,
  { stdinIsTaken, atTerminal, watch }: WaitOptions,
  clock: Clock = systemClock,
): Disposable {
  const lifetimes = new Disposables();
  const begin = async (): Promise<void> => {
    const mirror = lifetimes.add(await attach(connection));
    if (watch) lifetimes.add(watch(mirror));
    const asking = stdinIsTaken ? { ...io, stdin: Readable.from([]) } : io;
    lifetimes.add(answerLoginsOf(asking, connection, mirror, atTerminal ? { atTerminal } : {}));
  };
  // A host that went away tells the operation itself.
  lifetimes.add(clock.after(lookAfterMs, () => void begin().catch(() => undefined)));
  return lifetimes;
}

/** Of a mirror that is there, from now on. */
export function answerLoginsOf(
  io: CliIo,
  connection: HostConnection,
  mirror: Pick<Mirror, 'view' | 'onChange'>,
  { atTerminal }: Pick<LoginPorts, 'atTerminal'> = {},
): Disposable {
  const lifetimes = new Disposables();
  const answers = lifetimes.add(
    new LoginAnswers(io, {
      answer: (id, given) => connection.call('login.answer', { id, answers: given }),
      ...(atTerminal ? { atTerminal } : {}),
    }),
  );
  lifetimes.add(mirror.onChange(({ event, view }) => event.type === 'logins.replaced' && answers.update(view.logins)));
  answers.update(mirror.view.logins);
  return lifetimes;
}

export interface WaitOptions extends Pick<LoginPorts, 'atTerminal'> {
  readonly stdinIsTaken?: true;
  /** Sees what else changes meanwhile. */
  readonly watch?: (mirror: Mirror) => Disposable;
}

/** A connection that is there answers sooner. */
const lookAfterMs = 400;

/** For logins of this process itself. */
export function answerHere(io: CliIo, desk: LoginDesk): Disposable {
  const lifetimes = new Disposables();
  if (!canAsk(io)) return lifetimes;
  const answers = lifetimes.add(
    new LoginAnswers(io, {
      answer: (id, given) => (given === null ? desk.decline(id) : desk.answer(id, given)),
    }),
  );
  lifetimes.add(desk.attend());
  lifetimes.add(desk.onChange((waiting) => answers.update(waiting)));
  return lifetimes;
}

function toWords({ server, what }: LoginView): string {
  return `${server === null ? 'This' : `The login to ${escapeProse(toLoginPlace(server))}`} needs ${escapeProse(what)}`;
}

async function askShown(io: CliIo, question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  const closed = toDisposable(() => lines.close());
  try {
    return await lines.question(question, { signal });
  } finally {
    closed.dispose();
  }
}
