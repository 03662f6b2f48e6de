/**
 * What a caller hears while its call waits or runs: that it is not forgotten, and what its command prints, redacted, as far as a model
 * reads along. The whole output is in the result.
 */
import { StringDecoder } from 'node:string_decoder';
import type { ServerContext } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { createRedactionStream } from '../../core/audit/redaction-stream.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import type { GateRequest } from '../../core/gate.ts';

/** Lines are collected this long, so that a command that prints much sends a few messages. */
const collectMs = 500;
/** The end of what was collected is sent; the rest is left out, with a note. */
const messageCharactersMax = 2_048;
/** Of one call; a client shows progress and throws it away. */
const outputCharactersMax = 64 * 1_024;

export interface Progress extends Disposable {
  readonly onProgress: NonNullable<GateRequest['onProgress']>;
  readonly onOutput: NonNullable<GateRequest['onOutput']>;
}

export interface ProgressOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/**
 * Null for a caller that gave no token (MCP, basic utilities: progress); the value must grow with each message. Disposing it holds back
 * what was not sent yet: the result says it.
 */
export function toProgress(context: ServerContext, options: ProgressOptions): Progress | null {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return null;
  let step = 0;
  const send = (message: string): void => {
    step += 1;
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress: step, message } })
      // The connection is gone: its end aborts the call by itself.
      .catch(() => undefined);
  };
  const output = new OutputLines(options, send);
  return {
    onProgress: ({ message, elapsedMs }) =>
      send(elapsedMs < 1_000 ? message : `${message} (${Math.round(elapsedMs / 1_000)} s)`),
    onOutput: (stream, chunk) => output.push(stream, chunk),
    dispose: () => output.dispose(),
  };
}

class OutputLines implements Disposable {
  readonly #options: ProgressOptions;
  readonly #send: (message: string) => void;
  readonly #streams;
  #collected = '';
  #skipped = 0;
  #left = outputCharactersMax;
  #timer: Disposable | null = null;

  constructor(options: ProgressOptions, send: (message: string) => void) {
    this.#options = options;
    this.#send = send;
    const toStream = () => ({ decoder: new StringDecoder('utf8'), redaction: createRedactionStream(options.redactor) });
    this.#streams = { stdout: toStream(), stderr: toStream() };
  }

  push(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (this.#left <= 0) return;
    const { decoder, redaction } = this.#streams[stream];
    const text = redaction.push(decoder.write(Buffer.from(chunk)));
    this.#collected += text;
    this.#left -= text.length;
    const over = this.#collected.length - messageCharactersMax;
    if (over > 0) {
      this.#skipped += over;
      this.#collected = this.#collected.slice(over);
    }
    if (this.#collected !== '') this.#timer ??= this.#options.clock.after(collectMs, () => this.#flush());
  }

  dispose(): void {
    this.#left = 0;
    this.#timer?.dispose();
  }

  #flush(): void {
    this.#timer = null;
    const note = this.#skipped === 0 ? '' : `[${this.#skipped} characters before this are in the result only]\n`;
    const end = this.#left > 0 ? '' : '\n[what follows is in the result only]';
    this.#send(`${note}${this.#collected.trimEnd()}${end}`);
    this.#collected = '';
    this.#skipped = 0;
  }
}
