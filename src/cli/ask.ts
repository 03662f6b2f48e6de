/** Asks the person at the terminal; without a terminal nothing is asked and the caller says which option would have answered. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { OperationError } from '../core/codes.ts';
import type { CliIo } from './output.ts';
import { wrapProse } from './wrap-prose.ts';

/** True when both ends are a terminal, so that a question is seen and can be answered. */
export function canAsk(io: CliIo): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}

export interface AskOptions {
  /** What Esc answers; without it the line is edited as the terminal itself allows, and Esc is no key. */
  readonly escape?: string;
}

/** One line, trimmed. The question goes to stderr. Throws CANCELLED at the end of the input and on Ctrl-C. */
export async function askLine(io: CliIo, question: string, { escape }: AskOptions = {}): Promise<string> {
  const { stdin: input } = io;
  const terminal = escape !== undefined && 'setRawMode' in input;
  const lines = createInterface({ input, output: io.stderr, terminal });
  let handleKey: ((text: unknown, key: { readonly name?: string }) => void) | null = null;
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (): void => reject(new OperationError('CANCELLED', 'Nothing was changed.'));
      handleKey = (_text, { name }) => {
        if (name !== 'escape' || escape === undefined) return;
        io.stderr.write(`${escape}\n`);
        resolve(escape);
      };
      if (terminal) input.on('keypress', handleKey);
      lines.once('close', stop);
      lines.once('SIGINT', stop);
      lines.question(wrapProse(io.stderr, question)).then((answer) => resolve(answer.trim()), reject);
    });
  } finally {
    if (handleKey !== null) input.off('keypress', handleKey);
    lines.close();
  }
}

/** The same, with nothing of what is typed to be seen, and nothing trimmed. Aborting it rejects like Ctrl-C. */
export async function askHidden(io: CliIo, question: string, signal: AbortSignal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // As a terminal: readline then puts it into raw mode, in which nothing is echoed.
  const lines = createInterface({
    input: io.stdin,
    output: nowhere,
    terminal: io.stdin.isTTY === true,
    historySize: 0,
  });
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (): void => reject(new OperationError('CANCELLED', 'Nothing was answered.'));
      lines.once('close', stop);
      lines.once('SIGINT', stop);
      lines.question('', { signal }).then(resolve, stop);
      // Only now: whoever answers at once is heard.
      io.stderr.write(wrapProse(io.stderr, question));
    });
  } finally {
    io.stderr.write('\n');
    lines.close();
  }
}

/** Only `y` and `yes` mean yes; Esc is a no at once, where the terminal hands us keys. */
export async function askYes(io: CliIo, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(io, `${question} [y/N] `, { escape: 'n' }));
}

/** Asks until one of the words (or its first letter, where that is unique) is given. */
export async function askChoice<T extends string>(io: CliIo, question: string, choices: readonly T[]): Promise<T> {
  for (;;) {
    const answer = (await askLine(io, `${question} (${choices.join(', ')}) `)).toLowerCase();
    const meant = choices.filter((choice) => answer !== '' && choice.startsWith(answer));
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only;
    io.stderr.write(`Type one of: ${choices.join(', ')}.\n`);
  }
}
