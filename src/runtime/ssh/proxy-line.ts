/** Ways to servers through commands of this machine (ProxyCommand): each only with the operator's leave. It knows nothing of SSH. */
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { Disposables, toDisposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import {
  type LocalCommand,
  type LocalCommands,
  type ProxySettings,
  toLibraryText,
} from '../../core/login/local-command.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { Target } from '../../core/server.ts';
import { toLeaveRefusal } from '../local-commands/ask-leave.ts';
import { type CommandEnd, CommandStream } from '../local-commands/command-stream.ts';
import { BusyServerError } from './handshake.ts';
import type { Way } from './way.ts';

export interface ProxyLinesOptions {
  readonly localCommands: LocalCommands;
  /** Who is told what a command says while nothing comes of it. */
  readonly questions: Pick<LoginQuestions, 'tell'>;
  /** What the commands are started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Where is noted which run; null: nowhere. */
  readonly ledgerFolder: string | null;
  /** Of what they say: it becomes part of an error that an agent may read. */
  readonly redact: (text: string) => string;
}

export class ProxyLines {
  readonly #options: ProxyLinesOptions;
  /** Those that run, with what was allowed. */
  readonly #running = new Map<CommandStream, LocalCommand>();
  /** How often leave was taken back. */
  #revocations = 0;

  constructor(options: ProxyLinesOptions) {
    this.#options = options;
  }

  /** The same leave for the library of a token. Throws CONFIG_INVALID without it. */
  demandLibrary(target: Target, path: string, signal: AbortSignal): Promise<void> {
    return this.#options.localCommands.demand({ server: target.id, text: toLibraryText(path) }, target.id, signal);
  }

  /** Nobody is asked. What is taken back while it is looked up counts. */
  async #isStillAllowed(command: LocalCommand): Promise<boolean> {
    for (;;) {
      const before = this.#revocations;
      const isAllowed = await this.#options.localCommands.isAllowed(command);
      if (!isAllowed || before === this.#revocations) return isAllowed;
    }
  }

  /** Ends those whose leave was taken back, and their connections with them. */
  async endRevoked(): Promise<void> {
    this.#revocations += 1;
    for (const [stream, command] of [...this.#running])
      if (!(await this.#options.localCommands.isAllowed(command)))
        stream.destroy(new Error('its ProxyCommand is not allowed any more'));
  }

  /** Asks for leave, where it was not given. Throws CONFIG_INVALID without it; nothing was run then. */
  async prepare(target: Target, { command, secretVariables }: ProxySettings, signal: AbortSignal): Promise<Way> {
    const { localCommands, env, clock, ledgerFolder, redact } = this.#options;
    const asked: LocalCommand = { server: target.id, text: command };
    await localCommands.demand(asked, target.id, signal);
    const streams: CommandStream[] = [];
    const awaited = new Emitter<void>();
    return {
      open: async () => {
        // It may have been taken back while a login before it took its time.
        if (!(await this.#isStillAllowed(asked))) throw toLeaveRefusal(asked, target.id);
        const stream = new CommandStream({ text: command, env, secretVariables, clock, ledgerFolder });
        streams.push(stream);
        this.#running.set(stream, asked);
        stream.once('close', () => this.#running.delete(stream));
        this.#tellWhileAwaited(target, stream, () => awaited.fire());
        return stream;
      },
      release() {
        for (const stream of streams) stream.destroy();
      },
      onAwaited: awaited.event,
      isAwaited: () => streams.at(-1)?.isAwaited === true,
      async explain(error) {
        const end = await streams.at(-1)?.explain();
        if (end === undefined) return error;
        return toErrorOfCommand(error, target, { ...end, said: end.said === null ? null : redact(end.said) });
      },
    };
  }

  /** What it says while nothing comes of it is for a person: often the address of a page on which to log in. */
  #tellWhileAwaited({ id: server }: Target, stream: CommandStream, onAwaited: () => void): void {
    const { questions, clock } = this.#options;
    const lifetimes = new Disposables();
    let note = toDisposable(() => undefined);
    const tell = (): void => {
      note.dispose();
      if (!stream.isAwaited) return;
      note = questions.tell({
        ...{ key: `proxy:${server}:${stream.pid}`, server, note: stream.said },
        what: 'you to do what its ProxyCommand says',
      });
      onAwaited();
    };
    lifetimes.add(toDisposable(() => note.dispose()));
    lifetimes.add(
      clock.after(tellAfterMs, () => {
        tell();
        lifetimes.add(stream.onSpoke(tell));
      }),
    );
    lifetimes.add(stream.onThrough(() => lifetimes.dispose()));
    stream.once('close', () => lifetimes.dispose());
  }
}

/** Most commands are through by then, whatever they say meanwhile. */
const tellAfterMs = 3_000;

/** Only what kept the server from being reached can be the command's fault. */
function toErrorOfCommand(error: unknown, { address }: Target, { failed, said }: CommandEnd): unknown {
  if (!(error instanceof OperationError) || error.code !== 'UNREACHABLE') return error;
  const words = [...(failed === null ? [] : [failed]), ...(said === null ? [] : [`said "${said}"`])].join(' and ');
  if (words === '') return error;
  // A command that ended well may have met a server that was busy; one that failed will fail again.
  const Kind = failed === null && error instanceof BusyServerError ? BusyServerError : OperationError;
  return new Kind(
    'UNREACHABLE',
    `${address} cannot be reached through its ProxyCommand, a command of this machine, which ${words}. Try the same with \`ssh\` to see all that it says.`,
    { cause: error },
  );
}
