/** fs/read_text_file and fs/write_text_file as operations of the gate: two spellings of remote_read_file and remote_write_file. */
import type {
  ReadTextFileRequest,
  ReadTextFileResponse,
  WriteTextFileRequest,
  WriteTextFileResponse,
} from '@agentclientprotocol/sdk';
import { limits } from '../../core/limits.ts';
import type { Door } from './door.ts';
import { refusal, toRefusal } from './refusal.ts';
import { toRemotePlace } from './remote-path.ts';

/** `line` is 1-based and `limit` counts lines, in the protocol as in our operation. Throws RequestError. */
export async function readTextFile(
  door: Door,
  request: ReadTextFileRequest,
  signal: AbortSignal,
): Promise<ReadTextFileResponse> {
  const { line, limit } = request;
  const inLines = (line ?? null) !== null || (limit ?? null) !== null;
  const envelope = await door.perform(
    'remote_read_file',
    {
      ...toFile(door, request.path),
      ...(line === null || line === undefined ? {} : { line }),
      ...(limit === null || limit === undefined ? {} : { limit }),
    },
    signal,
  );
  if (envelope.status !== 'ok') throw toRefusal(envelope);
  const { content, encoding, size, truncated } = envelope.data ?? {};
  if (encoding !== 'utf-8' || typeof content !== 'string') {
    throw refusal('UNSUPPORTED', `${request.path} is not text; read its bytes with the tool remote_read_file.`);
  }
  // An agent that reads a part, believing it is all, writes back a part.
  if (truncated === true && !inLines) {
    throw refusal('TOO_LARGE', `${request.path} is too large to read at once; give "line" and "limit".`);
  }
  if (truncated === true && Number(size) > limits.readBytesMax && !endsInTime(content, limit ?? null)) {
    const mebibytes = limits.readBytesMax / 1024 / 1024;
    throw refusal(
      'TOO_LARGE',
      `Lines of ${request.path} can be told only in its first ${mebibytes} MiB; read further with "offset" and "length" of the tool remote_read_file.`,
    );
  }
  return { content };
}

/** Of a file that was not read to its end: whether all lines that were asked for came before the end of what was read. */
function endsInTime(content: string, limit: number | null): boolean {
  return limit !== null && content.split('\n').length - 1 >= limit;
}

/** Answers after the operator has; the file is created when it is missing. Throws RequestError. */
export async function writeTextFile(
  door: Door,
  request: WriteTextFileRequest,
  signal: AbortSignal,
): Promise<WriteTextFileResponse> {
  const input = { ...toFile(door, request.path), content: request.content };
  const envelope = await door.perform('remote_write_file', input, signal);
  if (envelope.status !== 'ok') throw toRefusal(envelope);
  return envelope.editedByOperator ? { _meta: { signalbox: { editedByOperator: true, ran: envelope.ran } } } : {};
}

function toFile(door: Door, given: string): { readonly server: string; readonly path: string } {
  door.checkTurn();
  const { server, path } = toRemotePlace(given, door.workFolder, door.servers);
  return { server, path: path ?? '/' };
}
