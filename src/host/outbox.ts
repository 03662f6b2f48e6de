/** What waits to be sent to one client. Never makes anyone wait: a lagging screen loses block output first, a screen far behind is cut off. */
import type { Socket } from 'node:net';
import { toLine } from '../base/ndjson.ts';
import { bounds } from '../protocol/bounds.ts';
import type { HostEvent } from '../protocol/events.ts';
import { utf8Bytes } from '../protocol/reduce-pane.ts';
import type { HostFrame } from '../protocol/wire.ts';

/** Bytes handed to the socket before it says that it is empty again; enough to keep it busy. */
const inFlightBytes = 256 * 1024;

interface Waiting {
  line: string;
  /** What counts as backlog: nothing for answers, since the client asked for them and their number is bounded. */
  bytes: number;
  /** Set for output that may be skipped. */
  readonly output: { readonly seq: number; readonly event: Extract<HostEvent, { type: 'block.output' }> } | null;
}

export class Outbox {
  readonly #socket: Socket;
  readonly #onCutOff: () => void;
  #queue: Waiting[] = [];
  #bytes = 0;
  /** Entries before it hold no output that could still be skipped. */
  #skippedUpTo = 0;

  /** @param onCutOff called once, when the client is too far behind; it ends the connection. */
  constructor(socket: Socket, onCutOff: () => void) {
    this.#socket = socket;
    this.#onCutOff = onCutOff;
    socket.on('drain', () => this.#flush());
  }

  get waitingBytes(): number {
    return this.#bytes;
  }

  send(frame: HostFrame): void {
    const line = toLine(frame);
    this.#enqueue({ line, bytes: 'id' in frame ? 0 : utf8Bytes(line), output: null });
  }

  /** @param line the frame of the event, made once for all screens. */
  sendEvent(seq: number, event: HostEvent, line: string): void {
    const output = event.type === 'block.output' ? { seq, event } : null;
    this.#enqueue({ line, bytes: utf8Bytes(line), output });
  }

  #enqueue(waiting: Waiting): void {
    if (this.#socket.destroyed) return;
    if (this.#queue.length === 0 && this.#socket.writableLength < inFlightBytes) {
      this.#socket.write(waiting.line);
      return;
    }
    this.#queue.push(waiting);
    this.#bytes += waiting.bytes;
    if (this.#bytes > bounds.screenLagBytes) this.#skipOutput();
    if (this.#bytes <= bounds.screenBacklogBytesMax) return;
    this.#queue = [];
    this.#bytes = 0;
    this.#onCutOff();
  }

  /** Replaces the oldest waiting output by its count, so that sequence numbers stay whole and every byte is accounted for. */
  #skipOutput(): void {
    // Down to half, so that a flood does not come here for each chunk.
    while (this.#bytes > bounds.screenLagBytes / 2 && this.#skippedUpTo < this.#queue.length) {
      const waiting = this.#queue[this.#skippedUpTo];
      this.#skippedUpTo += 1;
      if (!waiting?.output || waiting.output.event.text === '') continue;
      const { seq, event } = waiting.output;
      const skippedBytes = event.skippedBytes + utf8Bytes(event.text);
      this.#bytes -= waiting.bytes;
      waiting.line = toLine({ seq, event: { ...event, text: '', skippedBytes } } satisfies HostFrame);
      waiting.bytes = utf8Bytes(waiting.line);
      this.#bytes += waiting.bytes;
    }
  }

  #flush(): void {
    let sent = 0;
    for (const { line, bytes } of this.#queue) {
      if (this.#socket.writableLength >= inFlightBytes) break;
      this.#socket.write(line);
      this.#bytes -= bytes;
      sent += 1;
    }
    this.#queue.splice(0, sent);
    this.#skippedUpTo = Math.max(0, this.#skippedUpTo - sent);
  }
}
