/**
 * The SFTP channel as promises that always settle: a channel that stays silent while it owes answers is given up. It knows nothing of
 * what the requests mean.
 */
import type { SFTPWrapper } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import { OperationError } from '../../core/codes.ts';
import type { FileService } from '../../core/facts/line-facts.ts';
import { limits } from '../../core/limits.ts';
import type { Target } from '../../core/server.ts';
import {
  extensionsOf,
  hasExtension,
  isOpen,
  readBytesMaxOf,
  requestTogether,
  widenWindow,
  writeBytesMaxOf,
} from './ssh2-internals.ts';

/** What an SFTP server answered instead of success: the status of draft-ietf-secsh-filexfer-02, section 7. */
export class SftpStatusError extends Error {
  override readonly name = 'SftpStatusError';
  /** 2 no such file, 3 permission denied, 4 failure, 8 unsupported. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Why a channel is given up; `given-up`: something else needed its place. */
type SftpEnd = 'connection-lost' | 'stuck' | 'protocol-error' | 'given-up';

type Done<T> = (error: unknown, value: T) => void;

export class SftpChannel {
  /** Most bytes of one read and one write request. */
  readonly readBytesMax: number;
  readonly writeBytesMax: number;
  readonly hasPosixRename: boolean;
  readonly hasFsync: boolean;
  readonly hasStatvfs: boolean;
  /** All that the server announced; foreign text. */
  readonly extensions: readonly string[];

  readonly #sftp: SFTPWrapper;
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #closed = new Emitter<void>();
  readonly #pending = new Set<(error: OperationError) => void>();
  #isDiscarded = false;
  /** Requests so far. */
  #asked = 0;
  #watch: Disposable = toDisposable(() => undefined);

  constructor(sftp: SFTPWrapper, target: Target, clock: Clock) {
    this.#sftp = sftp;
    this.#target = target;
    this.#clock = clock;
    this.readBytesMax = Math.min(readBytesMaxOf(sftp), 256 * 1024);
    this.writeBytesMax = Math.min(writeBytesMaxOf(sftp), 256 * 1024);
    this.hasPosixRename = hasExtension(sftp, 'posix-rename@openssh.com', '1');
    this.hasFsync = hasExtension(sftp, 'fsync@openssh.com', '1');
    this.hasStatvfs = hasExtension(sftp, 'statvfs@openssh.com', '2');
    this.extensions = extensionsOf(sftp);
    sftp.on('error', () => this.discard('protocol-error'));
    sftp.on('end', () => this.discard('connection-lost'));
    sftp.on('close', () => this.discard('connection-lost'));
  }

  readonly onClosed = this.#closed.event;

  get service(): FileService {
    return { posixRename: this.hasPosixRename, fsync: this.hasFsync, statvfs: this.hasStatvfs };
  }

  /**
   * One request. Requests started in the same turn travel together. Rejects with SftpStatusError for the server's own no, with
   * CONNECTION_LOST or TIMEOUT when no answer can come; those two leave open whether the server acted.
   */
  request<T = void>(send: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDiscarded || !isOpen(this.#sftp)) {
        reject(this.#toError('connection-lost'));
        return;
      }
      const abandon = (error: OperationError): void => reject(error);
      this.#pending.add(abandon);
      this.#asked += 1;
      if (this.#pending.size === 1) this.#armWatch();
      const done: Done<T> = (error, value) => {
        if (!this.#pending.delete(abandon)) return;
        // Any answer is a sign of life: over a slow line one of many large ones may take long.
        this.#armWatch();
        if (error === undefined || error === null) resolve(value);
        else reject(this.#toAnswer(error));
      };
      try {
        send(this.#sftp, done);
      } catch (error) {
        // ssh2 throws for what it will not send; nothing is owed for it.
        this.#pending.delete(abandon);
        this.#armWatch();
        reject(error);
      }
    });
  }

  /** Requests that are made inside leave in one piece. */
  together<T>(ask: () => T): T {
    return requestTogether(this.#sftp, ask);
  }

  /** So many bytes of answers are about to be asked for: none of them waits for room. They are asked for by us, so memory is bounded by that. */
  expect(bytes: number): void {
    widenWindow(this.#sftp, bytes);
  }

  /** Gives the channel up; everything that waits is rejected, and the connection opens another when asked. */
  discard(reason: SftpEnd): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#watch.dispose();
    this.#sftp.end();
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#closed.fire();
    this.#closed.dispose();
    for (const abandon of pending) abandon(this.#toError(reason));
  }

  /** Resolves once nothing has been asked of it for so long, or it is closed. */
  async untilQuiet(quietMs: number): Promise<void> {
    for (let seen = -1; !this.#isDiscarded && (this.#pending.size > 0 || seen !== this.#asked); ) {
      seen = this.#asked;
      await new Promise<void>((resolve) => this.#clock.after(quietMs, resolve));
    }
  }

  #armWatch(): void {
    this.#watch.dispose();
    if (this.#pending.size > 0) this.#watch = this.#clock.after(limits.sftpDeadlineMs, () => this.discard('stuck'));
  }

  #toAnswer(error: unknown): Error {
    if (error instanceof Error && 'code' in error && typeof error.code === 'number')
      return new SftpStatusError(error.code, error.message);
    return this.#toError('connection-lost');
  }

  #toError(reason: SftpEnd): OperationError {
    const id = this.#target.id;
    if (reason === 'stuck')
      return new OperationError(
        'TIMEOUT',
        `${id} did not answer a file request in time; the file may hang, try again.`,
        {
          outcomeUnknown: true,
        },
      );
    const what = reason === 'protocol-error' ? 'sent what is not SFTP' : 'closed the file service';
    return new OperationError('CONNECTION_LOST', `${id} ${what} before it answered; try again.`, {
      outcomeUnknown: true,
    });
  }
}
