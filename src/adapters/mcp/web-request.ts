/** Between Node's http messages and the web's, which the MCP library speaks. It judges nothing. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export class BodyTooLargeError extends Error {}

/**
 * The body as JSON; undefined when there is none. Throws BodyTooLargeError as soon as it is known to pass the bound, and SyntaxError
 * for what is not JSON.
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const tooLarge = `A message may have ${bytesMax} bytes at most.`;
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new BodyTooLargeError(tooLarge);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BodyTooLargeError(tooLarge);
    chunks.push(chunk);
  }
  return bytes === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Method and headers; the body was read before. `signal` is aborted when the client goes away before its answer is complete. */
export function toWebRequest(request: IncomingMessage, url: string, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // What belongs to the connection is no part of a request that has no body any more.
    if (value === undefined || ['content-length', 'transfer-encoding', 'connection'].includes(name)) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Request(url, { method: request.method ?? 'GET', headers, signal });
}

/** Passes on each piece as it comes. Resolves when the answer is complete, or when the client is gone; then the source is told. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  // An answer that comes in pieces begins now: clients wait for its head.
  response.flushHeaders();
  const reader = answer.body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  response.once('close', cancel);
  for (;;) {
    const { done, value } = await reader.read();
    if (done || response.destroyed) break;
    if (!response.write(value)) await drained(response);
  }
  response.off('close', cancel);
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      response.off('drain', finish);
      response.off('close', finish);
      resolve();
    };
    response.once('drain', finish);
    response.once('close', finish);
  });
}
