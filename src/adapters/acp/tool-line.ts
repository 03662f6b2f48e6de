/**
 * Our own way to the tool door of a session: its socket, opened with its token like any bridge of an agent, and questions of an MCP client on
 * it. What a tool is and who may use it, the door behind the socket decides; nothing here knows.
 */
import { connect, type Socket } from 'node:net';
import type { Disposable } from '../../base/lifecycle.ts';
import { LineSplitter, toLine } from '../../base/ndjson.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { refusal } from './refusal.ts';

export interface ToolQuestion {
  readonly method: string;
  readonly params: Fields | undefined;
  /** Nobody waits any more: the door withdraws what it asked for. */
  readonly signal: AbortSignal;
  /** What the door says while it works on this question. */
  notify(method: string, params: Fields): void;
}

interface Waiting {
  readonly question: ToolQuestion;
  /** As the asker named it; null when it wants no progress. */
  readonly progressToken: unknown;
  resolve(answer: Fields): void;
  reject(error: Error): void;
}

export class ToolLine implements Disposable {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isClosed = false;

  constructor({ toolSocket, toolToken }: { readonly toolSocket: string; readonly toolToken: string }) {
    this.#socket = connect(toolSocket);
    const lines = new LineSplitter(limits.agentMessageBytesMax);
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) this.#handleMessage(fieldsOf(JSON.parse(line)));
      } catch {
        // No door of ours writes such a line.
        this.#socket.destroy();
      }
    });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.once('close', () => this.#handleClose());
    this.#socket.write(toLine({ token: toolToken }));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The answer of JSON-RPC, with `result` or `error`. Rejects when the door is gone; with the protocol's code for it, when it was withdrawn. */
  ask(question: ToolQuestion): Promise<Fields> {
    if (this.#isClosed) return Promise.reject(new Error(closedWords));
    this.#lastId += 1;
    const id = this.#lastId;
    const meta = fieldsOf(question.params?._meta);
    const progressToken = meta.progressToken ?? null;
    // Two questions of different clients' making may have the same token; ours are one sequence.
    const params =
      progressToken === null ? question.params : { ...question.params, _meta: { ...meta, progressToken: id } };
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        if (!this.#waiting.delete(id)) return;
        this.#write({ method: 'notifications/cancelled', params: { requestId: id, reason: 'the agent withdrew it' } });
        reject(refusal('CANCELLED', 'The question was withdrawn.'));
      };
      const settle = (): void => question.signal.removeEventListener('abort', withdraw);
      this.#waiting.set(id, {
        ...{ question, progressToken },
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      question.signal.addEventListener('abort', withdraw, { once: true });
      this.#write({ id, method: question.method, ...(params === undefined ? {} : { params }) });
      if (question.signal.aborted) withdraw();
    });
  }

  dispose(): void {
    this.#socket.destroy();
  }

  #write(message: Fields): void {
    if (!this.#isClosed) this.#socket.write(toLine({ jsonrpc: '2.0', ...message }));
  }

  #handleMessage(message: Fields): void {
    const { id, method } = message;
    if (typeof method === 'string') {
      if (id === undefined) this.#handleNotification(method, fieldsOf(message.params));
      return;
    }
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (typeof id !== 'number' || waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.resolve(message);
  }

  /** Only progress belongs to a question; what the door tells of itself has no receiver over this way. */
  #handleNotification(method: string, params: Fields): void {
    if (method !== 'notifications/progress' || typeof params.progressToken !== 'number') return;
    const waiting = this.#waiting.get(params.progressToken);
    waiting?.question.notify(method, { ...params, progressToken: waiting.progressToken });
  }

  #handleClose(): void {
    this.#isClosed = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(closedWords));
    this.#waiting.clear();
  }
}

const closedWords =
  'The tool door of signalbox does not answer: the session has ended, or its token is not valid any more.';
