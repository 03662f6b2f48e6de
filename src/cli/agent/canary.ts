/** A file that differs here and on a server, and what an answer about it proves. It asks no agent. */
import { open } from 'node:fs/promises';
import { OperationError } from '../../core/codes.ts';
import { operations } from '../../core/operations/table.ts';
import { type HostClient, toEnvelopeError } from '../host-client.ts';

export interface Canary {
  readonly path: string;
  /** A line that only the server's file has. */
  readonly there: string;
  /** A line that only this machine's file has; null when there is no such file or line here. */
  readonly here: string | null;
}

export type Seen = 'server' | 'here' | 'both' | 'neither';

/** What no model can guess comes first. Each is there on nearly every Linux, and reading it changes nothing. */
const usualPaths = ['/etc/machine-id', '/proc/sys/kernel/random/boot_id', '/etc/hostname', '/etc/os-release'];

const bytesMax = 64 * 1024;

/** Throws UNSUPPORTED when no file differs: then one must be named. Errors of the gate are thrown when a path was named. */
export async function findCanary(client: HostClient, server: string, named: string | undefined): Promise<Canary> {
  const reasons: string[] = [];
  for (const path of named === undefined ? usualPaths : [named]) {
    const found = await readThere(client, server, path);
    if (found instanceof OperationError) {
      // Whatever makes the server unusable is the same for every path.
      if (named !== undefined || found.code !== 'FILE_NOT_FOUND') throw found;
      reasons.push(`${path} is not on ${server}`);
      continue;
    }
    const here = await readHere(path);
    // What the question itself names proves nothing when it is repeated.
    const asked = `${server}\n${path}`;
    const there = firstLine(found, `${asked}\n${here ?? ''}`);
    if (there !== null) return { path, there, here: here === null ? null : firstLine(here, `${asked}\n${found}`) };
    reasons.push(`${path} is the same on both, or says no more than the name of ${server}`);
  }
  throw new OperationError(
    'UNSUPPORTED',
    `No file tells ${server} from this machine (${reasons.join('; ')}); name one that differs with --path.`,
  );
}

/** Which of the two files an answer is about. */
export function judgeAnswer(answer: string, { there, here }: Canary): Seen {
  const sawServer = answer.includes(there);
  const sawHere = here !== null && answer.includes(here);
  if (sawServer && sawHere) return 'both';
  if (sawServer) return 'server';
  return sawHere ? 'here' : 'neither';
}

/** The first line of some length that the other text does not hold. */
function firstLine(text: string, other: string): string | null {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line.length >= 4 && line.length <= 200 && !other.includes(line)) ?? null;
}

async function readThere(client: HostClient, server: string, path: string): Promise<string | OperationError> {
  const input = { server, path, length: bytesMax };
  const { envelope } = await client.call('operation.perform', { operation: 'remote_read_file', input });
  const error = toEnvelopeError(envelope);
  if (error) return error;
  const { content, encoding } = operations.remote_read_file.output.parse(envelope.data ?? {});
  return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8').toString('utf8');
}

/** Null when there is no such file here, or none that can be read. */
async function readHere(path: string): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytesMax), 0, bytesMax, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
