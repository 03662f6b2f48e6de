/** `signalbox run`: one prompt without a screen; what happens is on stdout, and the exit status tells how it ended. */
import type { Command } from 'commander';
import { attach } from '../../client/mirror.ts';
import { OperationError } from '../../core/codes.ts';
import type { SessionView, TurnView } from '../../protocol/view.ts';
import { checkSession } from '../check-session.ts';
import { exitCodes } from '../exit-codes.ts';
import { type HostClient, withHost } from '../host-client.ts';
import { answerLoginsOf } from '../login-answers.ts';
import { openSession } from '../open-session.ts';
import { type CliIo, ioOf, printNote } from '../output.ts';
import { onInterrupt } from '../perform.ts';
import { toRunPrinter } from '../run-printer.ts';
import { toSafeSentence } from '../safe-text.ts';
import { type SessionOptions, withSessionOptions } from '../session-options.ts';

interface RunOptions extends SessionOptions {
  readonly keep?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  withSessionOptions(program.command('run').argument('<prompt>', 'what the agent is to do'))
    .description('send one prompt to an agent, without a screen')
    .option('--keep', 'leave the session running afterwards')
    .option('--json', 'print every event as JSON, one a line')
    .addHelpText('after', examples)
    .action(async (prompt: string, options: RunOptions, command: Command) => {
      const io = ioOf(command);
      const checked = await checkSession(io, [], options);
      io.exitCode = await withHost(io, 'if-needed', (client) => run(io, client, prompt, checked));
    });
}

const examples = `
What needs an approval waits: answer on a screen, or with \`signalbox approvals approve\`. What a login needs is asked here.
Ctrl-C cancels the turn.
Status: 0 the agent finished; 9 it refused; 10 it died or stopped early; 130 cancelled.

Example:
  signalbox run --agent opencode --server web-1 "which units have failed?"
`;

async function run(io: CliIo, client: HostClient, prompt: string, options: RunOptions): Promise<number> {
  const mirror = await attach(client.connection);
  const printer = toRunPrinter(io, options.json ? 'json' : 'text');
  const id = await openSession(client, [], options, undefined);
  const changes = mirror.onChange(({ view, event }) => printer.print(id, view, event));
  const controller = new AbortController();
  const interrupt = onInterrupt(controller);
  const logins = answerLoginsOf(io, client.connection, mirror);
  controller.signal.addEventListener('abort', () => {
    client
      .call('session.cancel', { session: id })
      .catch((error: Error) => printNote(io, toSafeSentence(error.message)));
  });
  try {
    const ended = untilTurnEnds(client, mirror, id);
    await client.call('session.prompt', { session: id, text: prompt });
    const turn = await ended;
    printer.end();
    const isTold = !options.json && isSaid(mirror.view.sessions[id], turn.problem);
    return report(io, isTold ? { ...turn, problem: null } : turn);
  } finally {
    interrupt.dispose();
    logins.dispose();
    changes.dispose();
    mirror.dispose();
    if (!options.keep)
      await client
        .call('session.kill', { session: id })
        .catch((error: Error) => printNote(io, toSafeSentence(error.message)));
  }
}

/** Rejects when the host goes away; an agent that dies ends its turn as failed. */
function untilTurnEnds(client: HostClient, mirror: Awaited<ReturnType<typeof attach>>, id: string): Promise<Turn> {
  return new Promise((resolve, reject) => {
    const closed = client.connection.onClose(({ reason }) => {
      settle();
      reject(new OperationError('CONNECTION_LOST', `The host is gone: ${reason}`, { outcomeUnknown: true }));
    });
    const changed = mirror.onChange(({ view }) => {
      const session = view.sessions[id];
      const turn = toTurn(session?.lastTurn, session?.problem ?? null, session === undefined);
      if (!turn) return;
      settle();
      resolve(turn);
    });
    const settle = (): void => {
      closed.dispose();
      changed.dispose();
    };
  });
}

type Turn = Omit<TurnView, 'number'>;

function toTurn(last: TurnView | undefined, problem: string | null, isGone: boolean): Turn | null {
  if (problem !== null) return { stop: 'failed', problem };
  if (last) return last;
  return isGone ? { stop: 'cancelled', problem: 'The session was ended.' } : null;
}

/** The conversation said it already, and the printer with it. */
function isSaid(session: SessionView | undefined, problem: string | null): boolean {
  const items = session?.items ?? [];
  return problem !== null && items.some((item) => item.kind === 'notice' && item.text.includes(problem));
}

function report(io: CliIo, { stop, problem }: Turn): number {
  if (problem !== null) printNote(io, `signalbox: ${toSafeSentence(problem)}`);
  switch (stop) {
    case 'end_turn':
      return exitCodes.done;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'refusal':
      printNote(io, 'signalbox: the agent refused.');
      return exitCodes.refusedByServer;
    case 'max_tokens':
    case 'max_turn_requests':
      printNote(io, `signalbox: the agent stopped early (${stop}).`);
      return exitCodes.outcomeUnknown;
    case 'failed':
      return exitCodes.outcomeUnknown;
  }
}
