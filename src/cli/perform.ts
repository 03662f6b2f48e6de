/** One operation of the operator through the gate, as every command does it: output as it comes, the card at the terminal, Ctrl-C cancels. */
import { type Disposable, Disposables } from '../base/lifecycle.ts';
import type { Mirror } from '../client/mirror.ts';
import { OperationError } from '../core/codes.ts';
import { findInputProblem } from '../core/operations/find-input-problem.ts';
import { isOperationName } from '../core/operations/table.ts';
import type { EnvelopeView } from '../protocol/methods.ts';
import { readUnknownKey, type UnknownKey } from '../protocol/unknown-key.ts';
import { canAsk } from './ask.ts';
import { askHostKey } from './ask-host-key.ts';
import { answerAtTerminal } from './card-prompt.ts';
import { type HostClient, withHost } from './host-client.ts';
import { answerLogins } from './login-answers.ts';
import { tellLostConnections } from './lost-connections.ts';
import { type CliIo, printNote } from './output.ts';
import { toSafeLine, toSafeSentence } from './safe-text.ts';

export interface PerformOptions {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** The terminal's input belongs to the operation, so nothing can be asked there. */
  readonly stdinIsTaken?: true;
}

/** Resolves with the envelope, whatever it says. Rejects when the host cannot be reached or went away. */
export async function performOperation(io: CliIo, options: PerformOptions): Promise<EnvelopeView> {
  checkInput(options);
  return await withHost(io, 'if-needed', async (client) => {
    for (;;) {
      const envelope = await performOnce(io, client, options);
      const key = canAsk(io) && !options.stdinIsTaken ? toKeyInQuestion(envelope) : null;
      if (key === null || !(await trustAfterAsking(io, client, key))) return envelope;
      // Nothing was run yet. Behind a jump host the next key is the server's own.
    }
  });
}

/** The host key that a person may be asked about now; null for none. What was sent before its connection was lost is not done again for it. */
export function toKeyInQuestion({ code, message = '', execution }: EnvelopeView): UnknownKey | null {
  return code === 'HOST_KEY_UNKNOWN' && !execution.outcomeUnknown ? readUnknownKey(message) : null;
}

/** False: nobody has trusted it. */
export async function trustAfterAsking(io: CliIo, client: HostClient, key: UnknownKey): Promise<boolean> {
  if (!(await askHostKey(io, key))) return false;
  const { server, fingerprint } = key;
  printNote(io, toSafeSentence((await client.call('server.trustKey', { server, fingerprint })).message));
  return true;
}

async function performOnce(io: CliIo, client: HostClient, options: PerformOptions): Promise<EnvelopeView> {
  const controller = new AbortController();
  const lifetimes = new Disposables();
  lifetimes.add(onInterrupt(controller));
  const note = (_server: string, sentence: string): void => printNote(io, sentence);
  const { operation, input } = options;
  const told = { servers: [String(input['server'])], operation, input, note };
  const watch = (mirror: Mirror): Disposable => tellLostConnections(told, mirror);
  lifetimes.add(answerLogins(io, client.connection, { ...options, watch }));
  try {
    return await performWith(client, options, controller.signal, (id) => showCard(io, client, id, options, controller));
  } finally {
    lifetimes.dispose();
  }
}

/** The same on a connection that is there. @param onCard shows the card that waits; the envelope is not handed on before it has ended. */
export async function performWith(
  client: HostClient,
  { operation, input, onOutput }: PerformOptions,
  signal: AbortSignal,
  onCard: (id: string) => Promise<void>,
): Promise<EnvelopeView> {
  let shown: string | null = null;
  let prompt: Promise<void> = Promise.resolve();
  const { envelope } = await client.call(
    'operation.perform',
    { operation, input },
    {
      signal,
      ...(onOutput ? { onOutput } : {}),
      onProgress: ({ approvalId }) => {
        if (approvalId === null || approvalId === shown) return;
        shown = approvalId;
        prompt = onCard(approvalId);
      },
    },
  );
  await prompt;
  return envelope;
}

/** Throws INVALID_ARGUMENT in the words of the command line; the gate would refuse the same in those of the tools. */
export function checkInput({ operation, input }: Pick<PerformOptions, 'operation' | 'input'>): void {
  const problem = isOperationName(operation) ? findInputProblem(operation, input) : null;
  if (problem === null) return;
  const { field, message } = problem;
  const what = field === null ? '' : `${argumentNames[field] ?? `--${field}`} `;
  const hint = field === 'server' ? '; `signalbox server list` shows the ids' : '';
  throw new OperationError('INVALID_ARGUMENT', toSentence(`${what}${message}${hint}`));
}

const argumentNames: Readonly<Record<string, string>> = {
  server: 'The id of the server',
  path: 'The path',
  command: 'The command',
  argv: 'The command',
  content: 'The content',
  patch: 'The patch',
  timeoutMs: '--timeout',
};

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** First Ctrl-C: the operation is cancelled and its answer awaited. Second: this process ends, and the host withdraws the rest. */
export function onInterrupt(controller: AbortController): { dispose(): void } {
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    // The terminal has written ^C; what is said now begins a line of its own.
    if (process.stderr.isTTY) process.stderr.write('\n');
  };
  process.on('SIGINT', handle);
  return { dispose: () => void process.off('SIGINT', handle) };
}

/** Asks at the terminal, or says where to answer. When no answer can come from here any more, `controller` ends what waits. */
export async function showCard(
  io: CliIo,
  client: HostClient,
  id: string,
  options: Pick<PerformOptions, 'stdinIsTaken'>,
  controller: AbortController,
): Promise<void> {
  if (!canAsk(io) || options.stdinIsTaken) {
    printNote(io, `Waits for an approval: ${id}. Answer on a screen, or with \`signalbox approvals approve ${id}\`.`);
    return;
  }
  try {
    const end = await answerAtTerminal(io, client.connection, id);
    // After Ctrl-C the envelope says it all.
    if (end !== 'answered' && !controller.signal.aborted) printNote(io, `The card is gone: ${toSafeLine(end)}.`);
  } catch (error) {
    // No answer can come from here any more, so what waits is withdrawn; the envelope says the rest.
    printNote(io, toSafeSentence((error as Error).message));
    controller.abort();
  }
}
