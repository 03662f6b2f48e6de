/** One live SSH connection: its channels, its one SFTP channel, its latency, and the moment it is lost. Knows neither how it was made nor what runs on it. */
import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { Serial } from '../../base/serial.ts';
import type { ShellAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Target } from '../../core/server.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { ChannelQueue } from './channel-queue.ts';
import { ChannelRefusedError } from './channel-refused.ts';
import type { HowMade } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';
import { toFingerprint } from './known-hosts.ts';
import type { LineRecord } from './line-record.ts';
import { openSftp } from './open-sftp.ts';
import { openShell } from './open-shell.ts';
import { SessionAhead } from './session-ahead.ts';
import type { SftpChannel } from './sftp-channel.ts';
import { abandon, type ExecRequest, requestExec, sendTogether } from './ssh2-internals.ts';
import { giveUpFiles, untilFree } from './take-turns.ts';

export interface ConnectionOptions {
  readonly client: Client;
  readonly key: Buffer;
  readonly made: HowMade;
  readonly target: Target;
  readonly clock: Clock;
  readonly keepalive: SshOptions['keepalive'];
  readonly line: LineRecord;
}

export class Connection {
  readonly target: Target;
  /** SHA256:… of the key the server proved. */
  readonly hostKey: string;
  /** Why the server is trusted and how the login went, for `server test`. */
  readonly made: HowMade;
  readonly clock: Clock;
  /** What is learned of the line and of the server while it is used. */
  readonly line: LineRecord;
  /** Slots for commands; SFTP and ending a command have places of their own. */
  readonly channels = new ChannelQueue(limits.channelsPerServerMax);
  /** For what must run while all slots are taken (ending a command): one at a time. */
  readonly spare = new Serial();
  /** Names the server gave for numbers, as `uid:0` or `gid:0`. */
  readonly names = new Map<string, string>();

  readonly #client: Client;
  readonly #ahead: SessionAhead;
  readonly #closed = new Emitter<string>();
  readonly #latency = new Emitter<number>();
  #sftp: Promise<SftpChannel> | null = null;
  #lostBecause: string | null = null;
  #holds = 0;
  readonly #heartbeat: Heartbeat;

  constructor({ client, key, made, target, clock, line, keepalive }: ConnectionOptions) {
    this.target = target;
    this.hostKey = toFingerprint(key);
    this.made = made;
    this.clock = clock;
    this.#client = client;
    this.line = line;
    const { sessionsMax } = line.facts;
    if (sessionsMax !== null && sessionsMax <= sessionsRememberedMax) this.channels.reduceTo(sessionsMax);
    this.#ahead = new SessionAhead(client, clock);
    let lastProblem = 'the connection was closed';
    // For good: ssh2 reports a broken connection more than once, and an error event without a listener ends the process.
    client.on('error', (error) => {
      lastProblem = error.message;
    });
    client.on('close', () => this.#handleClosed(lastProblem));
    this.#heartbeat = new Heartbeat({
      ...{ client, clock, wanted: keepalive },
      onLatency: (latencyMs) => this.#handleLatency(latencyMs),
      onSilent: (silentMs) => {
        this.#handleClosed(`it did not answer for ${silentMs / 1000} seconds`);
        abandon(client);
      },
      // A new one costs less than finding out whether an old one that nobody uses still works.
      onWoke: () => void (this.#holds === 0 && this.end()),
    });
  }

  /** The reason of the loss, one sentence fragment. */
  readonly onClosed = this.#closed.event;
  /** Milliseconds of a round trip, every few seconds. */
  readonly onLatency = this.#latency.event;

  /** The shortest round trip so far, in milliseconds; 0 before the first. */
  get roundTripMs(): number {
    return this.line.roundTripMs;
  }

  /** A round trip takes so long that one is worth more than a command on the server. */
  get isFar(): boolean {
    return this.line.isFar;
  }

  get isOpen(): boolean {
    return this.#lostBecause === null;
  }

  /** How many operations and jumps keep this connection from being idle. */
  get holds(): number {
    return this.#holds;
  }

  /** Keeps it from counting as idle until disposed. `onReleased` runs when the last hold goes. */
  hold(onReleased: () => void): Disposable {
    this.#holds += 1;
    return toDisposable(() => {
      this.#holds -= 1;
      if (this.#holds === 0) onReleased();
    });
  }

  /**
   * Starts a command on a channel of its own. `onChannel` is called in the same turn as the server's answer, so that no byte is missed.
   * With no `input`, its end may leave together with the command; `onChannel` then ends it if that is still to be done.
   * Throws CONNECTION_LOST (outcome unknown only if the command had been sent) or UNSUPPORTED when the server refuses to run commands.
   */
  async start(asked: ExecRequest, input: 'none' | 'some', onChannel: (channel: ClientChannel) => void): Promise<void> {
    const { command, env } = asked;
    const opening = this.isOpen ? this.#ahead.takeOrOpen() : null;
    const ready = (await opening?.catch((error) => Promise.reject(this.#toStartError(error)))) ?? null;
    await new Promise<void>((resolve, reject) => {
      const handleAnswer = (error: Error | null | undefined, channel: ClientChannel): void => {
        if (error) {
          reject(this.#toStartError(error));
          return;
        }
        this.line.noteSession((call) => channel.once('close', call));
        onChannel(channel);
        resolve();
      };
      if (!this.isOpen) reject(this.lostError('nothing was run'));
      else if (ready === null) this.#client.exec(command, { allowHalfOpen: true, env }, handleAnswer);
      else
        sendTogether(this.#client, () => {
          requestExec(ready, asked, (error) => handleAnswer(error, ready));
          if (input === 'none') ready.end();
        });
      this.#keepAhead();
    });
  }

  /** The login shell on a terminal; `onChannel` is called in the same turn as the server's answer, as in `start`. Throws CONNECTION_LOST, or UNSUPPORTED when the server gives none. */
  openShell(shell: ShellAction, onChannel: (channel: ClientChannel) => void): Promise<void> {
    const open = (): Promise<void> => this.#ahead.makeRoomFor(() => openShell(this.#client, this, shell, onChannel));
    return open().catch(async (error: unknown) => {
      if (!(error instanceof ChannelRefusedError)) throw error;
      await this.giveUpFiles();
      return await untilFree(open, this.clock);
    });
  }

  /** The file service leaves its place to what was refused one; the next use of it opens it anew. False: it had none. */
  giveUpFiles(): Promise<boolean> {
    return giveUpFiles(this.#sftp);
  }

  /**
   * Opens a channel for the command that is about to come, when a slot is free for it; whatever starts next takes it, so there are never
   * more channels than slots. Opening one is transport: the server runs and changes nothing. Disposing closes it unless it was taken.
   */
  anticipate(): Disposable {
    return this.isOpen && this.channels.isFree ? this.#ahead.open() : toDisposable(() => undefined);
  }

  /** The one SFTP channel; a new one when the last is closed or stuck. Throws UNSUPPORTED or CONNECTION_LOST. */
  sftp(): Promise<SftpChannel> {
    if (this.#sftp) return this.#sftp;
    const opening = untilFree(() => this.#ahead.makeRoomFor(() => openSftp(this.#client, this)), this.clock);
    this.#sftp = opening;
    const forget = (): void => {
      if (this.#sftp === opening) this.#sftp = null;
    };
    opening.then(
      (channel) => {
        channel.onClosed(forget);
        this.line.noteSession(channel.onClosed);
        const place = this.channels.standBeside();
        channel.onClosed(() => place.dispose());
        this.line.noteFiles(channel.service);
      },
      (error: unknown) => {
        forget();
        const isNone = error instanceof OperationError && error.code === 'UNSUPPORTED';
        if (isNone && !(error instanceof ChannelRefusedError)) this.line.noteFiles('none');
      },
    );
    return opening;
  }

  /** A stream from the server to another machine, for a jump. Throws UNREACHABLE. */
  forward(host: string, port: number): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(this.lostError('nothing was sent'));
        return;
      }
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (!error) resolve(channel);
        else
          reject(
            new OperationError(
              'UNREACHABLE',
              `${this.target.id} could not open the way to ${host}:${port}: ${error.message}. ` +
                'Check that it allows forwarding and reaches that host.',
              { cause: error },
            ),
          );
      });
    });
  }

  /** CONNECTION_LOST with the reason; `consequence` says what that means for the caller. */
  lostError(
    consequence: string,
    details: { outcomeUnknown?: boolean; data?: Record<string, unknown> } = {},
  ): OperationError {
    return new OperationError(
      'CONNECTION_LOST',
      `The connection to ${this.target.id} (${this.target.address}) was lost (${this.#lostBecause ?? 'the channel was closed'}); ${consequence}.`,
      details,
    );
  }

  /** It refused one more session than so many, of whatever kind. */
  takeFewerSessions(open: number): void {
    this.channels.reduceTo(open);
    this.line.noteRefusal();
  }

  /** What was learned of the server is learned anew. */
  learnAnew(): void {
    this.channels.restore();
    this.line.forget();
  }

  /** Says goodbye and closes; everything still running on it is lost. */
  end(): void {
    if (!this.isOpen) return;
    this.#client.end();
    this.#handleClosed('signalbox closed it');
    this.#client.destroy();
  }

  /** Before it is used again: one that nobody used while this machine slept is ended here. */
  checkAwake(): void {
    if (this.isOpen) this.#heartbeat.checkAwake();
  }

  #handleClosed(reason: string): void {
    if (this.#lostBecause !== null) return;
    this.#lostBecause = reason;
    this.#heartbeat.dispose();
    const opening = this.#sftp;
    this.#sftp = null;
    opening?.then((channel) => channel.discard('connection-lost')).catch(() => undefined);
    this.#closed.fire(reason);
    this.#closed.dispose();
    this.#latency.dispose();
    this.line.dispose();
  }

  #keepAhead(): void {
    if (this.isFar && this.isOpen && this.channels.isFree) this.#ahead.keep();
  }

  #toStartError(error: Error & { reason?: unknown }): OperationError {
    const wasSent = /Unable to exec/.test(error.message);
    if (!this.isOpen || /No response from server/.test(error.message))
      return this.lostError(wasSent ? 'whether the command ran is unknown' : 'nothing was run', {
        outcomeUnknown: wasSent,
      });
    if (error.reason !== undefined) return new ChannelRefusedError(this.target.id, error);
    this.line.noteCommand('none', false);
    return new OperationError(
      'UNSUPPORTED',
      `${this.target.id} refused to run a command (${error.message}); its account may be limited to other services.`,
      { cause: error },
    );
  }

  #handleLatency(latencyMs: number): 'enough' | 'again' {
    if (!this.isOpen) return 'enough';
    const wanted = this.line.noteRoundTrip(latencyMs);
    this.#latency.fire(latencyMs);
    this.#keepAhead();
    return wanted;
  }
}

/** A burst of commands over sessions that sshd has not freed yet looks like a limit a little below ours; a low one is one of sshd_config. */
const sessionsRememberedMax = 4;
