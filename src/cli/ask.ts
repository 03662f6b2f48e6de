/** Asks the person at the terminal; without a terminal nothing is asked and the caller says which option would have answered. */
import { createInterface } from 'node:readline/promises';
import { OperationError } from '../core/codes.ts';
import type { CliIo } from './output.ts';

/** True when both ends are a terminal, so that a question is seen and can be answered. */
export function canAsk(io: CliIo): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}

/** One line, trimmed, edited as the terminal itself allows. The question goes to stderr. Throws CANCELLED at the end of the input. */
export async function askLine(io: CliIo, question: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (): void => reject(new OperationError('CANCELLED', 'Nothing was changed.'));
      lines.once('close', stop);
      lines.question(question).then((answer) => resolve(answer.trim()), reject);
    });
  } finally {
    lines.close();
  }
}

/** Only `y` and `yes` mean yes. */
export async function askYes(io: CliIo, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(io, `${question} [y/N] `));
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
