/** Gets the text of a registry of agents from a file or an https address, within bounds. What is in it, others judge. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperationError } from '../core/codes.ts';
import { limits } from '../core/limits.ts';

const timeoutMs = 30_000;
const redirectsMax = 5;

/** Rejects with OperationError: INVALID_ARGUMENT (no https, too large, not found), UNREACHABLE. */
export async function readRegistryText(place: string, cwd: string): Promise<string> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return await readRegistryFile(resolve(cwd, place));
  let url = toHttps(place, place);
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const response = await get(url);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      // A server that leads from https to http would hand the choice of programs to whoever is on the line.
      url = toHttps(location, url.href);
      continue;
    }
    if (!response.ok) throw new OperationError('UNREACHABLE', `${url.href} answered with status ${response.status}.`);
    return await readBounded(response, url.href);
  }
  throw new OperationError(
    'UNREACHABLE',
    `${place} leads from one address to the next, more than ${redirectsMax} times.`,
  );
}

async function readRegistryFile(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new OperationError('INVALID_ARGUMENT', `${path} is not a file.`);
    if (found.size > limits.registryBytesMax) throw tooLarge(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError('INVALID_ARGUMENT', `${path} cannot be read (${(error as Error).message}).`);
  }
}

function toHttps(address: string, base: string): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  if (url?.protocol === 'https:') return url;
  throw new OperationError('INVALID_ARGUMENT', `${address} is no https address; save it to a file and import that.`);
}

async function get(url: URL): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { cause, message } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new OperationError('UNREACHABLE', `${url.href} cannot be fetched (${why}).`, { cause: error });
  }
}

async function readBounded(response: Response, place: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limits.registryBytesMax) throw tooLarge(place);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(place: string): OperationError {
  return new OperationError('INVALID_ARGUMENT', `${place} is larger than ${limits.registryBytesMax} bytes.`);
}
