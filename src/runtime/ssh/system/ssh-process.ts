/**
 * The system's ssh as the holder of one connection, over a line that is handed to it as its standard input and output. With the line it ends: when
 * this process is gone, so is the line. What passes by before it is enciphered is read along; what ssh says is kept.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../base/clock.ts';
import { toLocalEnvironment } from '../../local-commands/local-environment.ts';
import { ClearHandshake } from './clear-handshake.ts';
import { sshProgram } from './find-ssh.ts';
import { sshDestination } from './ssh-configuration.ts';

export interface SshProcessOptions {
  /** What leads to the server; from now on it is the process's. */
  readonly stream: Duplex;
  readonly configurationFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that hold secrets of servers: what ssh loads, as the library of a token, is handed none. */
  readonly secretVariables: readonly string[];
  readonly clock: Clock;
  /** Before ssh sees the key: what throws or rejects ends the connection. */
  readonly onKey: (key: Buffer) => Promise<void>;
  /** The server has proved its key. */
  readonly onProved: () => void;
  /** It has ended, or never began; `error` is what kept it from going on, of this side. Called once. */
  readonly onEnd: (error: unknown) => void;
}

export class SshProcess {
  readonly handshake = new ClearHandshake();
  readonly #options: SshProcessOptions;
  readonly #child: ChildProcess;
  #said = '';
  #isKeyJudged = false;
  #isProofTold = false;
  #hasEnded = false;

  constructor(options: SshProcessOptions) {
    this.#options = options;
    const { stream, configurationFile } = options;
    // Without a session of its own (-N): what runs there is for its clients to say.
    this.#child = spawn(sshProgram, ['-F', configurationFile, '-N', '-T', sshDestination], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...ownEnvironment(options.secretVariables), ...options.env },
    });
    const { stdin, stdout, stderr } = this.#child;
    if (!stdin || !stdout || !stderr) throw new Error('A child has its three streams.');
    // For good: a broken pipe is reported when it is noticed, and the end says it.
    for (const pipe of [stdin, stdout, stderr]) pipe.on('error', () => undefined);
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-saidCharactersMax);
    });
    stdout.on('data', (chunk: Buffer) => this.#toServer(chunk, stdout));
    stream.on('data', (chunk: Buffer) => this.#toSsh(chunk, stdin));
    stream.on('end', () => stdin.end());
    stream.on('error', (error) => this.end(error));
    stream.on('close', () => stdin.end());
    this.#child.on('error', (error) => this.#handleEnd(error));
    this.#child.on('close', () => this.#handleEnd(null));
  }

  /** What leads to the server. */
  get stream(): Duplex {
    return this.#options.stream;
  }

  /** The end of what it has printed on its standard error, much of it foreign text. */
  get said(): string {
    return this.#said;
  }

  /** Ends it, and the line; a second call does nothing. */
  end(error: unknown = null): void {
    if (this.#hasEnded) return;
    this.#options.stream.destroy();
    this.#child.kill('SIGTERM');
    this.#options.clock.after(killAfterMs, () => this.#child.kill('SIGKILL'));
    this.#handleEnd(error);
  }

  #handleEnd(error: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.stream.destroy();
    this.#options.onEnd(error);
  }

  #toServer(chunk: Buffer, source: NodeJS.ReadableStream): void {
    const { stream, onProved } = this.#options;
    if (!this.#read(() => this.handshake.fromClient(chunk))) return;
    if (this.handshake.isProved && !this.#isProofTold) {
      this.#isProofTold = true;
      onProved();
    }
    if (stream.destroyed || stream.write(chunk)) return;
    source.pause();
    stream.once('drain', () => source.resume());
  }

  #toSsh(chunk: Buffer, target: NodeJS.WritableStream): void {
    const { stream, onKey } = this.#options;
    if (!this.#read(() => this.handshake.fromServer(chunk))) return;
    const key = this.handshake.shownKey;
    if (key !== null && !this.#isKeyJudged) {
      this.#isKeyJudged = true;
      stream.pause();
      onKey(key).then(
        () => {
          target.write(chunk);
          stream.resume();
        },
        (error: unknown) => this.end(error),
      );
      return;
    }
    if (target.write(chunk)) return;
    stream.pause();
    target.once('drain', () => stream.resume());
  }

  /** False: what passes is no handshake, and it has ended. */
  #read(read: () => void): boolean {
    try {
      read();
      return !this.#hasEnded;
    } catch (error) {
      this.end(error);
      return false;
    }
  }
}

/** Of this process, without what is meant for it alone; what it says is to be in English. */
function ownEnvironment(secretVariables: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(toLocalEnvironment(process.env, secretVariables)).filter(
    ([name]) => !/^(NODE_|SSH_ASKPASS)/.test(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

const saidCharactersMax = 16 * 1024;
const killAfterMs = 2_000;
