/** Content for a command: from a local file, or from standard input. Read as bytes and bounded, since it all goes into one request. */
import { createReadStream } from 'node:fs';
import { OperationError } from '../core/codes.ts';
import type { CliIo } from './output.ts';

/** Throws INVALID_ARGUMENT when the file cannot be read, TOO_LARGE past `bytesMax`. */
export async function readInput(io: CliIo, from: string | undefined, bytesMax: number): Promise<Uint8Array> {
  if (from !== undefined && from !== '-') return readFile(from, bytesMax);
  if (io.stdin.isTTY === true) io.stderr.write('Reading from the terminal; Ctrl-D ends.\n');
  return collect(io.stdin, bytesMax, 'standard input');
}

async function readFile(path: string, bytesMax: number): Promise<Uint8Array> {
  try {
    return await collect(createReadStream(path), bytesMax, path);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError('INVALID_ARGUMENT', `${path} cannot be read: ${(error as Error).message}.`);
  }
}

async function collect(stream: AsyncIterable<unknown>, bytesMax: number, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > bytesMax)
      throw new OperationError('TOO_LARGE', `${name} is larger than the ${bytesMax} bytes that one operation takes.`);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** As text where the bytes are valid UTF-8, else as base64. */
export function toContent(bytes: Uint8Array): { readonly content: string; readonly encoding: 'utf-8' | 'base64' } {
  try {
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    // The decoder's only error: these bytes are no text.
    return { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  }
}
