/** One MCP message a line over a byte stream. The library's own reader copies its whole buffer for each chunk; this one is linear. */
import type { Duplex } from 'node:stream';
import { deserializeMessage, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import { LineSplitter, toLine } from '../../base/ndjson.ts';
import { limits } from '../../core/limits.ts';

export class StreamTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #stream: Duplex;
  readonly #lines = new LineSplitter(limits.agentMessageBytesMax);
  #closed = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  async start(): Promise<void> {
    this.#stream.on('error', (error) => {
      this.onerror?.(error);
      this.#stream.destroy();
    });
    this.#stream.once('close', () => void this.close());
    this.#stream.once('end', () => void this.close());
    this.#stream.on('data', (chunk: Buffer) => this.#handleChunk(chunk));
    // Whoever read the opening line may have left the stream paused.
    this.#stream.resume();
    if (this.#stream.destroyed) await this.close();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The MCP connection is closed.'));
    return new Promise((resolve, reject) => {
      this.#stream.write(toLine(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** What was answered still leaves; then the connection is over for both sides. A client of a half-closed one would wait for ever. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#stream.writable) this.#stream.end(() => this.#stream.destroy());
    else this.#stream.destroy();
    this.onclose?.();
  }

  #handleChunk(chunk: Buffer): void {
    if (this.#closed) return;
    let lines: string[];
    try {
      lines = this.#lines.push(chunk);
    } catch (error) {
      this.onerror?.(error as Error);
      void this.close();
      return;
    }
    for (const line of lines) this.#handleLine(line);
  }

  /** A line that is no message is dropped: it may be a stray print of the client's, and has no id to answer to. */
  #handleLine(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch (error) {
      this.onerror?.(error as Error);
      return;
    }
    this.onmessage?.(message);
  }
}
