/**
 * One command on one channel, from its slot to its end: output, time limit, cancelling, a lost connection. It knows nothing of permits.
 */
import type { ClientChannel } from 'ssh2';
import { type Disposable, Disposables, toDisposable } from '../../base/lifecycle.ts';
import { promiseWithResolvers } from '../../base/promise-with-resolvers.ts';
import type { CommandForm } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { ExecOutcome } from '../../core/ports.ts';
import { ChannelPace } from './channel-pace.ts';
import { ChannelRefusedError } from './channel-refused.ts';
import type { Connection } from './connection.ts';
import { endProcessGroup } from './end-process-group.ts';
import { CappedOutput, ErrorLaunchLine, LaunchLine } from './exec-output.ts';
import { startsDirectly, toDirectLaunch, toLaunchCommand } from './launch.ts';
import { SudoLine, sudoStart } from './launch-sudo.ts';
import { NoShellError, toUnmarkedError } from './no-shell-error.ts';
import { keepWindow } from './receive-window.ts';

export interface CommandRequest {
  readonly command: CommandForm;
  readonly cwd: string | null;
  readonly timeoutMs: number;
  readonly stdin: Uint8Array | null;
  readonly outputBytesMax: number;
  /** Variables of the user's OpenSSH configuration that go with it; absent: none, as for what this program runs itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** For sudo, which the command then is. */
  readonly sudoPassword?: string;
  /** Called once, when a slot is free and the command is about to be sent. */
  readonly onStart?: () => void;
  /** All of it, also what the outcome does not keep. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  /** Whoever takes the output has too much of it: the channel is not read until it is false. */
  readonly isBehind?: () => boolean;
}

/**
 * Resolves when the command has ended and all of its output has arrived, whatever its status. Throws CANCELLED (nothing was sent),
 * FILE_NOT_FOUND or PERMISSION_DENIED (the folder; nothing ran), UNSUPPORTED, and CONNECTION_LOST with the output so far.
 */
export async function runCommand(
  connection: Connection,
  request: CommandRequest,
  signal: AbortSignal,
): Promise<ExecOutcome> {
  const withPassword = request.sudoPassword !== undefined;
  const anyShell = withPassword
    ? toLaunchCommand(request.command, request.cwd, undefined, sudoStart)
    : toLaunchCommand(request.command, request.cwd);
  const direct = withPassword ? null : toDirectLaunch(request.command, request.cwd);
  let isAnnounced = false;
  let [retries, earlyRetries] = [0, 0];
  for (;;) {
    const slot = await connection.channels.acquire(signal);
    const isDirect = direct !== null && connection.line.startsDirectly === true;
    const run = new CommandRun(connection, request, signal, isDirect);
    try {
      if (!isAnnounced) request.onStart?.();
      isAnnounced = true;
      const input = request.stdin === null && !withPassword ? 'none' : 'some';
      const command = isDirect ? direct : anyShell;
      await connection.start({ command, env: request.env ?? {} }, input, (channel) => run.attach(channel));
      return await run.outcome;
    } catch (error) {
      // What reads commands here is no shell that does it itself: nothing has run, and it is asked in the form for any.
      if (error instanceof NoShellError && isDirect) {
        connection.line.startsDirectly = false;
        continue;
      }
      if (!(error instanceof ChannelRefusedError)) throw error;
      // As many ran at once before: sshd has not freed one yet that has ended.
      const { live, others } = connection.channels;
      const wereOpen = live + others <= connection.line.openMost;
      const isEarly = live > 1 && wereOpen && earlyRetries < limits.sessionRetriesMax;
      if (isEarly) await pause(connection, (earlyRetries += 1) * limits.sessionRetryMs);
      // The server allows fewer sessions than usual: remember, and wait in the queue until one of ours ends.
      else if (live > 1) connection.takeFewerSessions(live - 1 + others);
      // Alone and refused: the file service may have the only place.
      else if (await connection.giveUpFiles()) continue;
      // sshd frees a session a moment after it has ended, so it is asked again; if none has ended, it takes none.
      else if (connection.channels.ended === 0 || retries >= limits.sessionRetriesMax) throw error;
      else await pause(connection, (retries += 1) * limits.sessionRetryMs);
    } finally {
      slot.dispose();
    }
  }
}

function pause(connection: Connection, delayMs: number): Promise<void> {
  return new Promise((resolve) => connection.clock.after(delayMs, resolve));
}

class CommandRun {
  readonly outcome: Promise<ExecOutcome>;
  readonly #connection: Connection;
  readonly #request: CommandRequest;
  readonly #signal: AbortSignal;
  readonly #isDirect: boolean;
  readonly #stdout: CappedOutput;
  readonly #stderr: CappedOutput;
  readonly #line = new LaunchLine();
  readonly #sudo: SudoLine | null;
  readonly #errorLine: ErrorLaunchLine | SudoLine;
  readonly #lifetimes = new Disposables();
  readonly #settle: { resolve(outcome: ExecOutcome): void; reject(error: Error): void };
  #exit: { code: number | null; signal: string | null } | null = null;
  #ended: ExecOutcome['ended'] = 'exit';
  #openParts = 2;
  #pace: Disposable = toDisposable(() => undefined);
  #stopping: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, request: CommandRequest, signal: AbortSignal, isDirect: boolean) {
    this.#isDirect = isDirect;
    this.#connection = connection;
    this.#request = request;
    this.#signal = signal;
    this.#stdout = new CappedOutput(request.outputBytesMax);
    this.#stderr = new CappedOutput(request.outputBytesMax);
    this.#sudo = request.sudoPassword === undefined ? null : new SudoLine();
    this.#errorLine = this.#sudo ?? new ErrorLaunchLine();
    const { promise, resolve, reject } = promiseWithResolvers<ExecOutcome>();
    this.outcome = promise;
    this.#settle = { resolve, reject };
  }

  /** Must run in the turn in which the channel opened. */
  attach(channel: ClientChannel): void {
    const { clock } = this.#connection;
    keepWindow(channel, { bytes: limits.commandWindowBytes, bytesMax: limits.commandWindowBytesMax, clock });
    const pace = new ChannelPace({ channel, clock, isBehind: () => this.#request.isBehind?.() === true });
    this.#pace = pace;
    const handle = (stream: 'stdout' | 'stderr', chunk: Buffer): void => {
      this.#emit(stream, (stream === 'stdout' ? this.#line : this.#errorLine).take(chunk));
      pace.keep();
    };
    channel.on('data', (chunk: Buffer) => handle('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => handle('stderr', chunk));
    channel.on('exit', (code: number | null, signalName?: string) => {
      this.#exit = { code, signal: signalName ?? null };
    });
    // The two streams end on their own; only when both have is the output complete.
    channel.on('close', () => this.#handlePartClosed());
    channel.stderr.on('close', () => this.#handlePartClosed());
    // Writing to a command that does not read its input is no failure of the command.
    channel.on('error', () => undefined);
    const { sudoPassword, stdin } = this.#request;
    if (sudoPassword !== undefined) channel.write(`${sudoPassword}\n`);
    if (stdin !== null) channel.end(Buffer.from(stdin));
    else if (!channel.writableEnded) channel.end();

    const timer = this.#connection.clock.after(this.#request.timeoutMs, () => this.#stop('timeout', channel));
    this.#lifetimes.add(timer);
    this.#lifetimes.add(onAbort(this.#signal, () => this.#stop('cancelled', channel)));
  }

  #emit(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    (stream === 'stdout' ? this.#stdout : this.#stderr).add(chunk);
    this.#request.onOutput?.(stream, chunk);
  }

  #handlePartClosed(): void {
    this.#openParts -= 1;
    // After a stop, the outcome waits until what is left of the process group is gone too.
    if (this.#openParts === 0) this.#stopping.then(() => this.#finish());
  }

  #finish(): void {
    this.#lifetimes.dispose();
    this.#pace.dispose();
    const { launch, hasNoise } = this.#line;
    const { line } = this.#connection;
    if (launch !== null) line.noteCommand('ours', hasNoise || this.#errorLine.hasNoise);
    else if (this.#exit !== null && this.#ended === 'exit' && !this.#isDirect && !this.#errorLine.isThere)
      line.noteCommand('other program', false);
    if (launch?.kind === 'started' && launch.loginShell !== null)
      line.startsDirectly ??= startsDirectly(launch.loginShell);
    const error = this.#toError();
    if (error) this.#settle.reject(error);
    else this.#settle.resolve(this.#toOutcome());
  }

  #stop(why: 'timeout' | 'cancelled', channel: ClientChannel): void {
    if (this.#ended !== 'exit') return;
    this.#ended = why;
    // A command that is ended is read to its end, whoever is behind.
    this.#pace.dispose();
    this.#stopping = endProcessGroup(this.#connection, channel, () => this.#processGroup()).then((state) => {
      // A process that left its group may keep the streams open; the caller is not kept waiting for it.
      if (state === 'still-open') this.#finish();
    });
  }

  #processGroup(): number | null {
    return this.#line.launch?.kind === 'started' ? this.#line.launch.processGroup : null;
  }

  #toError(): OperationError | null {
    const { id } = this.#connection.target;
    const folder = this.#request.cwd;
    switch (this.#line.launch?.kind) {
      case 'no-folder':
        return new OperationError('FILE_NOT_FOUND', `The folder ${folder} does not exist on ${id}; nothing was run.`);
      case 'closed-folder':
        return new OperationError(
          'PERMISSION_DENIED',
          `The folder ${folder} on ${id} may not be entered by ${this.#connection.target.username}; nothing was run.`,
        );
      case 'started':
        if (this.#exit !== null && this.#sudo?.problem(this.#connection.target))
          return this.#sudo.problem(this.#connection.target);
        if (this.#exit !== null || (this.#ended !== 'exit' && this.#connection.isOpen)) return null;
        return this.#toLostError();
      case undefined:
        if (this.#ended !== 'exit' && this.#connection.isOpen) return null;
        if (this.#exit === null) return this.#toLostError();
        if (this.#errorLine.isThere) return toUnmarkedError(this.#connection.target, 'begun');
        return this.#toNoShellError(this.#line.noise || this.#errorLine.noise);
    }
  }

  /** What is no shell of ours says so; of silence nobody can tell where it comes from, so nothing is asked for again then. */
  #toNoShellError(said: string): OperationError {
    const { target } = this.#connection;
    return said === '' ? toUnmarkedError(target, 'nothing') : new NoShellError(target, said);
  }

  #toLostError(): OperationError {
    const { stdout, stderr, stdoutBytes, stderrBytes } = this.#toOutcome();
    const processGroup = this.#processGroup();
    const look =
      processGroup === null ? 'look there' : `\`pgrep -a -g ${processGroup}\` there shows whether it still runs`;
    return this.#connection.lostError(`whether the command finished is unknown; ${look} before you run it again`, {
      outcomeUnknown: true,
      data: { stdout, stderr, stdoutBytes, stderrBytes, processGroup },
    });
  }

  #toOutcome(): ExecOutcome {
    return {
      kind: 'exec',
      exitCode: this.#exit?.code ?? null,
      signal: this.#exit?.signal ?? null,
      stdout: this.#stdout.toBytes(),
      stderr: this.#stderr.toBytes(),
      stdoutBytes: this.#stdout.bytes,
      stderrBytes: this.#stderr.bytes,
      ended: this.#ended,
      ...(this.#sudo === null ? {} : { sudo: 'password' }),
    };
  }
}

function onAbort(signal: AbortSignal, handle: () => void): Disposable {
  if (signal.aborted) handle();
  signal.addEventListener('abort', handle, { once: true });
  return toDisposable(() => signal.removeEventListener('abort', handle));
}
