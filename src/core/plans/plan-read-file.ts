/** The plan of a file read: judged on its path, read at once, and shown only after the real path was judged too. */
import { createHash } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { PerformOutcome } from '../ports.ts';
import { type Finding, noExecution, type Plan, type Prepared, type Reader } from './plan.ts';
import { show, toText } from './text.ts';

type ReadInput = OperationInput<'remote_read_file'>;

export function planReadFile(input: ReadInput): Plan {
  const prepared = (hostKey: string | null): Prepared => ({
    summary: `read ${input.path}`,
    entry: { path: input.path },
    question: { kind: 'read', path: input.path, realPath: null, recursive: false },
    hostKey,
    change: null,
    subject: () => ({ kind: 'read', path: input.path, realPath: input.path }),
    action: () => ({
      kind: 'read-file',
      path: input.path,
      offset: input.offset ?? 0,
      length: input.length ?? null,
      bytesMax: limits.readBytesMax,
    }),
    edit: () => {
      throw new OperationError('INVALID_ARGUMENT', 'A read has nothing to edit; approve or deny it.');
    },
    finding: (outcome, reader) => toFinding(input, outcome, reader),
  });
  return {
    tool: 'remote_read_file',
    summary: `read ${input.path}`,
    cwd: null,
    entry: { path: input.path },
    question: { kind: 'read', path: input.path, realPath: null, recursive: false },
    looksAtServer: false,
    prepare: async (look) => prepared(look.servers.status(look.target.id).hostKey),
  };
}

function toFinding(input: ReadInput, outcome: PerformOutcome, reader: Reader): Finding {
  assert(outcome.kind === 'read-file', 'A read ends as a read.');
  const offset = input.offset ?? 0;
  const whole = offset === 0 && outcome.content.byteLength === outcome.size;
  const byLines = input.line !== undefined || input.limit !== undefined;
  const { bytes, more } = byLines ? cutLines(outcome.content, input) : { bytes: outcome.content, more: false };
  const shown = show(bytes, reader);
  const isEnd = offset + outcome.content.byteLength >= outcome.size;
  return {
    data: {
      content: shown.text,
      encoding: shown.encoding,
      size: outcome.size,
      sha256: whole ? createHash('sha256').update(outcome.content).digest('hex') : null,
      truncated: more || !isEnd,
      redacted: shown.redacted,
    },
    execution: noExecution,
  };
}

/** Lines `line` (from 1) to `line + limit`, with their line ends. A binary file has no lines. */
function cutLines(content: Uint8Array, input: ReadInput): { bytes: Uint8Array; more: boolean } {
  const text = toText(content);
  if (text === null) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${input.path} is not UTF-8 text; read it by bytes with "offset" and "length".`,
    );
  }
  const lines = text.split(/(?<=\n)/);
  const first = (input.line ?? 1) - 1;
  const end = input.limit === undefined ? lines.length : first + input.limit;
  return { bytes: Buffer.from(lines.slice(first, end).join('')), more: end < lines.length };
}
