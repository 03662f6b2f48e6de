/**
 * Between an MCP client on stdio and a door of the host. It passes each message on as it is, and remembers which questions are open, so that
 * a client whose host is lost gets an answer that says so instead of silence. At another door it repeats the client's handshake by itself.
 */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { LineSplitter, toLine } from '../../base/ndjson.ts';
import { limits } from '../../core/limits.ts';

export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

type RequestId = string | number;

/** What a client that keeps lists of another host's must hear. */
const newsOfAnotherDoor = ['notifications/tools/list_changed', 'notifications/resources/list_changed'];

export class StdioBridge {
  /** Resolves when the client is gone. */
  readonly ended: Promise<void>;
  readonly #streams: StdioStreams;
  readonly #open = new Set<RequestId>();
  #door: Socket | null = null;
  /** Why there is no door any more; null while there is one. */
  #loss: string | null = null;
  #isReading = false;
  /** The client's `initialize`, while it waits for its answer and once that came. */
  #asked: { readonly id: RequestId; readonly line: string } | null = null;
  #hello: string | null = null;
  /** Its `notifications/initialized`. */
  #ready: string | null = null;
  /** The id of a handshake that is repeated at the present door. */
  #repeating: RequestId | null = null;

  constructor(streams: StdioStreams) {
    this.#streams = streams;
    this.ended = new Promise((resolve) => {
      streams.stdin.once('end', resolve);
      streams.stdin.once('error', () => resolve());
      streams.stdin.once('close', () => resolve());
      // A reader that went away is the end of the conversation, not an error of ours.
      streams.stdout.once('error', () => resolve());
    });
  }

  /**
   * Passes messages both ways from here on; at another door than the first, once that has answered the handshake. @param onLost the door has
   * closed; `lose` says what it means.
   */
  connect(door: Socket, onLost: () => void): void {
    this.#door = door;
    if (this.#hello === null) this.#loss = null;
    else this.#repeat(this.#hello, door);
    door.on('error', () => door.destroy());
    door.once('close', onLost);
    const answers = new LineSplitter(limits.agentMessageBytesMax);
    door.on('data', (chunk: Buffer) => {
      try {
        for (const line of answers.push(chunk)) this.#handleAnswer(line);
      } catch {
        // A line past the bound: whoever sent it is no host of ours.
        door.destroy();
      }
    });
    if (!this.#isReading) this.#read();
  }

  /** There is no door, or none any more: open questions and those to come are answered with this sentence. */
  lose(sentence: string): void {
    this.#door?.destroy();
    this.#door = null;
    this.#loss = sentence;
    for (const id of this.#open) this.#answerLoss(id, sentence);
    this.#open.clear();
    this.#repeating = null;
    if (!this.#isReading) this.#read();
    // It may have waited for a door that takes nothing any more.
    this.#streams.stdin.resume();
  }

  /** Ends the door, and lets go of the client. */
  close(): void {
    this.#door?.destroy();
    this.#streams.stdin.destroy();
  }

  #repeat(hello: string, door: Socket): void {
    this.#repeating = `signalbox-${randomUUID()}`;
    door.write(toLine({ ...JSON.parse(hello), id: this.#repeating }));
  }

  #handleRepeated(door: Socket): void {
    this.#repeating = null;
    this.#loss = null;
    if (this.#ready !== null) door.write(`${this.#ready}\n`);
    for (const method of newsOfAnotherDoor) this.#streams.stdout.write(toLine({ jsonrpc: '2.0', method }));
  }

  #read(): void {
    this.#isReading = true;
    const questions = new LineSplitter(limits.agentMessageBytesMax);
    this.#streams.stdin.on('data', (chunk: Buffer) => {
      try {
        for (const line of questions.push(chunk)) this.#handleQuestion(line);
      } catch {
        // A line past the bound: the door would end the connection for it, too.
        this.#streams.stdin.destroy();
      }
    });
    this.#streams.stdin.resume();
  }

  #handleQuestion(line: string): void {
    const { id, method } = toHead(line);
    const isRequest = id !== null && method !== null;
    if (method === 'initialize' && id !== null) this.#asked = { id, line };
    if (method === 'notifications/initialized') this.#ready = line;
    if (this.#loss !== null) {
      if (isRequest) this.#answerLoss(id, this.#loss);
      return;
    }
    if (isRequest) this.#open.add(id);
    if (this.#door?.write(`${line}\n`) !== false) return;
    this.#streams.stdin.pause();
    this.#door.once('drain', () => this.#streams.stdin.resume());
  }

  #handleAnswer(line: string): void {
    const { id, method, isError } = toHead(line);
    const door = this.#door;
    if (id !== null && method === null) {
      // A host that does not take the handshake again is none that this client can use.
      if (id === this.#repeating) return isError || door === null ? void door?.destroy() : this.#handleRepeated(door);
      this.#open.delete(id);
      if (id === this.#asked?.id && !isError) this.#hello = this.#asked.line;
    }
    if (this.#streams.stdout.write(`${line}\n`) || door === null) return;
    door.pause();
    this.#streams.stdout.once('drain', () => door.resume());
  }

  #answerLoss(id: RequestId, message: string): void {
    this.#streams.stdout.write(toLine({ jsonrpc: '2.0', id, error: { code: -32_000, message } }));
  }
}

/** A line that is no message is passed on all the same: whoever reads it says what is wrong with it. */
function toHead(line: string): Head {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return noHead;
    const { id, method, error } = value as { id?: unknown; method?: unknown; error?: unknown };
    return {
      id: typeof id === 'string' || typeof id === 'number' ? id : null,
      method: typeof method === 'string' ? method : null,
      isError: error !== undefined,
    };
  } catch {
    return noHead;
  }
}

interface Head {
  readonly id: RequestId | null;
  readonly method: string | null;
  readonly isError: boolean;
}

const noHead: Head = { id: null, method: null, isError: false };
