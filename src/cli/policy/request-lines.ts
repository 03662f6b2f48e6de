/** The lines of a request stream, one by one, empty ones included, so that the n-th answer belongs to the n-th line. Knows no JSON. */
import { StringDecoder } from 'node:string_decoder';

/** A longer line cannot hold a command that policy accepts, even with every character escaped. */
export const requestCharactersMax = 256 * 1024;

/** Yields each line without its line end; null stands for a line that was too long to keep. Only LF ends a line. */
export async function* requestLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8');
  let line: string | null = '';
  let hasText = false;
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer);
    const pieces = text.split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        yield line;
        line = '';
        hasText = false;
      }
      hasText = hasText || piece !== '';
      line = line === null || line.length + piece.length > requestCharactersMax ? null : line + piece;
    }
  }
  if (hasText) yield line;
}
