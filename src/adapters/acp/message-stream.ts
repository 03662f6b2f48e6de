/** The agent's stdio as messages. Takes session updates out in the order they came, and keeps from the SDK what it would print to our terminal. */
import type { Readable, Writable } from 'node:stream';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { LineSplitter, toLine } from '../../base/ndjson.ts';
import { limits } from '../../core/limits.ts';
import { fieldsOf } from './updates.ts';

export interface MessageTaps {
  /**
   * Parameters of each session/update, before any later message is handled. The SDK would hand them over some microtasks later,
   * so that the answer to a prompt could overtake the last words of the turn.
   */
  onSessionUpdate(params: Readonly<Record<string, unknown>>): void;
  /** A line that is no message of the protocol. */
  onRubbish(line: string): void;
}

export function toMessageStream(input: Readable, output: Writable, taps: MessageTaps): Stream {
  /** Requests of ours that wait: an answer to anything else is rubbish. */
  const waiting = new Set<unknown>();
  const lines = new LineSplitter(limits.agentMessageBytesMax);

  const handleLine = (line: string, forward: (message: AnyMessage) => void): void => {
    const message = toMessage(line);
    if (message === null) return taps.onRubbish(line);
    if (!('method' in message)) {
      if (!waiting.delete(message.id)) return taps.onRubbish(line);
    } else if (message.method === 'session/update' && !('id' in message)) {
      return taps.onSessionUpdate(fieldsOf(message.params));
    }
    forward(message as unknown as AnyMessage);
  };

  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      let open = true;
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
  });

  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ('method' in message && 'id' in message) waiting.add(message.id);
      return new Promise((resolve, reject) => {
        output.write(toLine(message), (error) => (error ? reject(error) : resolve()));
      });
    },
  });
  return { readable, writable };
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
