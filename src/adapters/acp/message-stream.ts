/** The agent's stdio as messages. Takes session updates out in the order they came, and keeps from the SDK what it would print to our terminal. */
import type { Readable, Writable } from 'node:stream';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { LineSplitter, toLine } from '../../base/ndjson.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf } from './fields.ts';

export interface MessageTaps {
  /**
   * Parameters of each session/update, before any later message is handled. The SDK would hand them over some microtasks later,
   * so that the answer to a prompt could overtake the last words of the turn.
   */
  onSessionUpdate(params: Readonly<Record<string, unknown>>): void;
  /** A line that is no message of the protocol. */
  onRubbish(line: string): void;
  /** An answer to a request of ours, in its order among the updates, and before the SDK checks it. */
  onAnswer?(method: string, answer: Fields): void;
}

export interface MessageStream extends Stream {
  /** Leaves the stdio to another stream: nothing that comes from now on is heard here. */
  detach(): void;
}

export function toMessageStream(input: Readable, output: Writable, taps: MessageTaps): MessageStream {
  /** Requests of ours that wait: an answer to anything else is rubbish. */
  const waiting = new Map<unknown, string>();
  const lines = new LineSplitter(limits.agentMessageBytesMax);

  const handleLine = (line: string, forward: (message: AnyMessage) => void): void => {
    const message = toMessage(line);
    if (message === null) return taps.onRubbish(line);
    if (!('method' in message)) {
      const method = waiting.get(message.id);
      if (method === undefined) return taps.onRubbish(line);
      waiting.delete(message.id);
      taps.onAnswer?.(method, message);
    } else if (message.method === 'session/update' && !('id' in message)) {
      return taps.onSessionUpdate(fieldsOf(message.params));
    }
    forward(message as unknown as AnyMessage);
  };

  let open = true;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      const end = (close: () => void): void => {
        if (!open) return;
        open = false;
        close();
      };
      input.on('data', (chunk: Buffer) => {
        if (!open) return;
        try {
          for (const line of lines.push(chunk)) handleLine(line, (message) => controller.enqueue(message));
        } catch (error) {
          end(() => controller.error(error));
        }
      });
      input.once('error', (error) => end(() => controller.error(error)));
      input.once('end', () => end(() => controller.close()));
      input.once('close', () => end(() => controller.close()));
    },
    // The SDK lets go of it when it cannot write any more; what the agent still says then is for nobody.
    cancel() {
      open = false;
    },
  });

  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ('method' in message && 'id' in message) waiting.set(message.id, message.method);
      return new Promise((resolve, reject) => {
        output.write(toLine(message), (error) => (error ? reject(error) : resolve()));
      });
    },
  });
  const detach = (): void => {
    open = false;
  };
  return { readable, writable, detach };
}

/** A JSON-RPC 2.0 request, notification or answer; null for everything else. */
function toMessage(line: string): Readonly<Record<string, unknown>> | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const message = fieldsOf(value);
  if (message.jsonrpc !== '2.0') return null;
  if ('method' in message) return typeof message.method === 'string' ? message : null;
  return 'id' in message && ('result' in message || 'error' in message) ? message : null;
}
