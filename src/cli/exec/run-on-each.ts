/**
 * One command of the operator's on several servers: each is an operation of its own through the gate, with its own card and record.
 * A few run at once, cards are asked one after the other, and Ctrl-C ends them all. It does not know what the command is.
 */
import { Serial } from '../../base/serial.ts';
import { HostError } from '../../client/host-error.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { EnvelopeView } from '../../protocol/methods.ts';
import { canAsk } from '../ask.ts';
import { openDesk } from '../commands/server/desk.ts';
import { fromHostError, type HostClient, withHost } from '../host-client.ts';
import { answerLogins } from '../login-answers.ts';
import { tellLostConnections } from '../lost-connections.ts';
import type { CliIo } from '../output.ts';
import { checkInput, onInterrupt, performWith, showCard, toKeyInQuestion, trustAfterAsking } from '../perform.ts';
import { toSafeSentence } from '../safe-text.ts';
import { type NamedServer, type PrefixedLines, toPrefixedLines } from './prefixed-lines.ts';

export interface EachOptions {
  readonly operation: string;
  readonly servers: readonly string[];
  readonly toInput: (server: string) => Readonly<Record<string, unknown>>;
  /** Output is shown as it comes; not where the envelope will be printed. */
  readonly output: 'show' | 'drop';
  /** The terminal's input belongs to the operation, so nothing can be asked there. */
  readonly stdinIsTaken?: true;
}

/** How it ended on one server: what the gate answered, or why it could not be asked. */
export type EachResult = { readonly server: string } & (
  | { readonly envelope: EnvelopeView }
  | { readonly error: OperationError }
);

export interface EachPorts {
  /** Hears of each server as it ends, with what can print beside its output. */
  readonly onEnd: (result: EachResult, lines: PrefixedLines) => void;
}

/** Results in the order of the servers. Throws OperationError, before anything runs, when the input is wrong or a server is not there. */
export async function runOnEach(io: CliIo, options: EachOptions, ports: EachPorts): Promise<readonly EachResult[]> {
  const { operation, servers, toInput } = options;
  for (const server of servers) checkInput({ operation, input: toInput(server) });
  const lines = toPrefixedLines(io, await findServers(io, servers));
  return await withHost(io, 'if-needed', async (client) => {
    const controller = new AbortController();
    const interrupt = onInterrupt(controller);
    const cards = new Serial();
    const atTerminal = (ask: () => Promise<void>): Promise<void> => askAlone({ cards, lines }, ask);
    const logins = answerLogins(io, client.connection, {
      ...(options.stdinIsTaken ? { stdinIsTaken: true } : {}),
      atTerminal,
      watch: (mirror) => tellLostConnections({ servers, operation, input: toInput(''), note: lines.note }, mirror),
    });
    const runOne = async (server: string): Promise<EachResult> => {
      const result = await performOne(io, client, server, options, { controller, cards, lines });
      lines.end(server);
      ports.onEnd(result, lines);
      return result;
    };
    try {
      return await inTurn(servers, limits.serversAtOnceMax, runOne);
    } finally {
      interrupt.dispose();
      logins.dispose();
    }
  });
}

interface Shared {
  readonly controller: AbortController;
  readonly cards: Serial;
  readonly lines: PrefixedLines;
}

async function performOne(
  io: CliIo,
  client: HostClient,
  server: string,
  { operation, toInput, output, stdinIsTaken }: EachOptions,
  { controller, cards, lines }: Shared,
): Promise<EachResult> {
  if (controller.signal.aborted)
    return { server, error: new OperationError('CANCELLED', 'Cancelled before it was begun here.') };
  const asks = canAsk(io) && stdinIsTaken === undefined;
  const onCard = async (id: string): Promise<void> => {
    if (!asks) {
      lines.note(server, toWaiting(id));
      return;
    }
    await askAlone({ cards, lines }, () => showCard(io, client, id, {}, controller));
  };
  const perform = {
    operation,
    input: toInput(server),
    ...(output === 'show'
      ? {
          onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array): void => lines.write(server, stream, bytes),
        }
      : {}),
  };
  try {
    for (;;) {
      const envelope = await performWith(client, perform, controller.signal, onCard);
      const key = asks && !controller.signal.aborted ? toKeyInQuestion(envelope) : null;
      if (key === null) return { server, envelope };
      let isTrusted = false;
      await askAlone({ cards, lines }, async () => {
        isTrusted = await trustAfterAsking(io, client, key);
      });
      if (!isTrusted) return { server, envelope };
    }
  } catch (error) {
    // The host refused this one, or is gone; what the others did is still to be told.
    if (error instanceof HostError) return { server, error: fromHostError(error) };
    if (error instanceof OperationError) return { server, error };
    throw error;
  }
}

/** One question at a time, and no output beside it. */
async function askAlone({ cards, lines }: Pick<Shared, 'cards' | 'lines'>, ask: () => Promise<void>): Promise<void> {
  await cards.run(async () => {
    lines.hold();
    try {
      await ask();
    } finally {
      lines.release();
    }
  });
}

function toWaiting(id: string): string {
  const safe = toSafeSentence(id);
  return `Waits for an approval: ${safe}. Answer on a screen, or with \`signalbox approvals approve ${safe}\`.`;
}

/** A mistyped id must not be found out after the command has run on the others. The gate looks again for each. */
async function findServers(io: CliIo, ids: readonly string[]): Promise<readonly NamedServer[]> {
  const { servers } = await withHost(io, 'if-needed', (client) => client.view());
  const desk = openDesk(io);
  const found: NamedServer[] = [];
  // What the host has not read yet may be in the files since.
  for (const id of ids) found.push(servers[id] ?? (await desk.registry.resolve(id, desk.workspace, 'asked')));
  return found;
}

/** Runs `task` for each, at most `atOnce` at a time, begun in order. */
async function inTurn<In, Out>(
  items: readonly In[],
  atOnce: number,
  task: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const [index, item] of waiting) results[index] = await task(item);
    }),
  );
  return results;
}
