/** An approval card at the terminal: prints it whole, asks for a key and, to approve, for the code below the card. The host decides whether the answer counts. */
import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { HostConnection } from '../client/host-connection.ts';
import { attach } from '../client/mirror.ts';
import { OperationError } from '../core/codes.ts';
import { cardLines } from '../protocol/card.ts';
import type { Params } from '../protocol/methods.ts';
import type { CardView } from '../protocol/view.ts';
import type { CliIo } from './output.ts';
import { toSafeLine } from './safe-text.ts';

type Answer = Params<'approval.answer'>['answer'];

const codeLetters = 'abcdefghjkmnpqrstuvwxyz';

export function printCard(io: CliIo, card: CardView): void {
  const columns = io.stderr.columns ?? 80;
  io.stderr.write(
    `\n${cardLines(card, columns)
      .map(({ text }) => `${text}\n`)
      .join('')}\n`,
  );
}

/** Prints the card of `id` and asks until it is answered here or elsewhere; returns how it ended, in words. */
export async function answerAtTerminal(io: CliIo, connection: HostConnection, id: string): Promise<string> {
  const mirror = await attach(connection);
  const elsewhere = new AbortController();
  let end = 'answered, withdrawn or expired before it could be shown';
  const changes = mirror.onChange(({ event }) => {
    if (event.type !== 'approval.removed' || event.id !== id) return;
    end = event.end;
    elsewhere.abort();
  });
  try {
    const card = mirror.view.approvals.find((waiting) => waiting.id === id);
    if (!card) return end;
    printCard(io, card);
    const answer = await askForAnswer(io, card, elsewhere.signal);
    if (answer === null) return end;
    const { accepted, late } = await connection.call('approval.answer', { id, answer, via: 'cli', interactive: true });
    return accepted ? 'answered' : (late ?? end);
  } finally {
    changes.dispose();
    mirror.dispose();
  }
}

/** Null when `signal` fires first: the card is gone. Throws CANCELLED at the end of the input. */
export async function askForAnswer(io: CliIo, card: CardView, signal: AbortSignal): Promise<Answer | null> {
  const ask = toAsker(io, signal);
  const typed = card.server.environment === 'production' ? 'a code and the id of the server' : 'a code';
  try {
    for (;;) {
      const key = (await ask(`a approve, d deny, r deny with a reason; approving asks for ${typed}: `)).toLowerCase();
      if (key === 'd') return { kind: 'deny', reason: null };
      if (key === 'r') return { kind: 'deny', reason: (await ask('Reason, which the agent sees: ')) || null };
      if (key !== 'a') {
        io.stderr.write('Only a, d and r are answers here.\n');
        continue;
      }
      const confirmation = await confirm(io, card, ask);
      if (confirmation !== null) return { kind: 'approve', grant: 'once', ...confirmation };
    }
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    ask.close();
  }
}

/** The code proves that the end of the card was reached; production asks for the id of its server. Null: typed wrong. */
export async function confirm(
  io: CliIo,
  card: CardView,
  ask: (question: string) => Promise<string>,
): Promise<{ readonly confirmation?: string } | null> {
  const code = Array.from({ length: 4 }, () => codeLetters.charAt(randomInt(codeLetters.length))).join('');
  if ((await ask(`To approve what the card shows, type ${code}: `)) !== code) {
    io.stderr.write('That was not the code; nothing was approved.\n');
    return null;
  }
  if (card.server.environment !== 'production') return {};
  const typed = await ask(`${toSafeLine(card.server.id)} counts as production. Type its id: `);
  if (typed === card.server.id) return { confirmation: typed };
  io.stderr.write('That was not its id; nothing was approved.\n');
  return null;
}

/** Lines from the terminal; what was typed before a question was shown does not answer it. */
export function toAsker(io: CliIo, signal: AbortSignal): ((question: string) => Promise<string>) & { close(): void } {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  const ended = new Promise<never>((_resolve, reject) => {
    lines.once('close', () => reject(new OperationError('CANCELLED', 'The input ended; nothing was approved.')));
  });
  // Whoever asks next hears of it; nobody may be asking now.
  ended.catch(() => undefined);
  const ask = async (question: string): Promise<string> =>
    (await Promise.race([lines.question(question, { signal }), ended])).trim();
  return Object.assign(ask, { close: () => lines.close() });
}
