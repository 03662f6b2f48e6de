/** A client's end of the control socket: requests with their answers, output and progress, and the events in between. Knows no screen. */
import type { Socket } from 'node:net';
import { Emitter } from '../base/event.ts';
import { LineSplitter, toLine } from '../base/ndjson.ts';
import { bounds } from '../protocol/bounds.ts';
import type { HostEvent } from '../protocol/events.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { ShellFrame } from '../protocol/shells.ts';
import type { HostFrame } from '../protocol/wire.ts';
import { HostError } from './host-error.ts';

export interface CallOptions {
  /** Aborting asks the host to end the request; its answer still comes. */
  readonly signal?: AbortSignal;
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Of `shell.attach`. */
  readonly onShell?: (frame: ShellFrame) => void;
  readonly onProgress?: (progress: Extract<HostFrame, { progress: unknown }>['progress']) => void;
}

interface Pending {
  readonly options: CallOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class HostConnection {
  readonly #socket: Socket;
  readonly #lines = new LineSplitter(bounds.frameCharactersMax);
  readonly #pending = new Map<number, Pending>();
  readonly #events = new Emitter<{ readonly seq: number; readonly event: HostEvent }>();
  readonly #closed = new Emitter<{ readonly reason: string }>();
  #lastId = 0;
  #closeReason: string | null = null;
  #failure: HostError | null = null;

  /** Events after `view.attach`, in order; subscribe before asking for it. */
  readonly onEvent = this.#events.event;
  /** Fires once: the host is gone, or cut this client off. */
  readonly onClose = this.#closed.event;

  /** @param socket connected; it belongs to the connection from here on. */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#handleChunk(chunk));
    socket.on('error', (error) => {
      this.#closeReason ??= error.message;
    });
    socket.once('close', () => this.#handleClose());
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Asks the host. Rejects with HostError: what the host said, or CONNECTION_LOST when it went away before answering. */
  call<Name extends MethodName>(method: Name, params: Params<Name>, options: CallOptions = {}): Promise<Result<Name>> {
    if (this.isClosed) return Promise.reject(this.#toGoneError());
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { options, resolve, reject });
      this.#socket.write(toLine({ id, method, params }));
    });
    const { signal } = options;
    if (!signal) return answer as Promise<Result<Name>>;
    const cancel = (): void => {
      // The answer to the cancelled request tells how it ended; that of the cancel itself tells nothing.
      this.call('cancel', { request: id }).catch(() => undefined);
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    return answer.finally(() => signal.removeEventListener('abort', cancel)) as Promise<Result<Name>>;
  }

  /** Ends the connection; operations of it that still wait are withdrawn by the host. */
  close(reason = 'closed by this program'): void {
    this.#closeReason ??= reason;
    this.#socket.destroy();
  }

  #handleChunk(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#handleFrame(JSON.parse(line) as HostFrame);
    } catch (error) {
      this.#closeReason = `the host sent something that is no frame (${(error as Error).message})`;
      this.#socket.destroy();
    }
  }

  #handleFrame(frame: HostFrame): void {
    if ('event' in frame) {
      this.#events.fire(frame);
      return;
    }
    if ('stream' in frame) {
      this.#pending.get(frame.request)?.options.onOutput?.(frame.stream, Buffer.from(frame.bytes, 'base64'));
      return;
    }
    if ('shell' in frame) {
      this.#pending.get(frame.request)?.options.onShell?.(frame.shell);
      return;
    }
    if ('progress' in frame) {
      this.#pending.get(frame.request)?.options.onProgress?.(frame.progress);
      return;
    }
    if ('error' in frame) {
      const { code, message, data } = frame.error;
      const error = new HostError(code, message, data as Readonly<Record<string, unknown>> | undefined);
      // An error without a request is the last word of the host on this connection.
      if (!this.#pending.has(frame.id)) this.#failure = error;
      else this.#take(frame.id)?.reject(error);
      return;
    }
    this.#take(frame.id)?.resolve(frame.result);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #handleClose(): void {
    this.#closeReason ??= 'the host ended the connection';
    const error = this.#toGoneError();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#closed.fire({ reason: this.#failure?.message ?? this.#closeReason });
  }

  #toGoneError(): HostError {
    const reason = this.#closeReason ?? 'the connection is closed';
    return this.#failure ?? new HostError('CONNECTION_LOST', `The host does not answer any more: ${reason}.`);
  }
}
