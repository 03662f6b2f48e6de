/** The plan of a file read: judged on its path, read at once, and shown only after the real path was judged too. */
import { createHash } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { PerformOutcome } from '../ports.ts';
import { type Finding, noExecution, type Plan, type Prepared, type Reader } from './plan.ts';
import { showPart, toText, toTextCut } from './text.ts';

type ReadInput = OperationInput<'remote_read_file'>;

export function planReadFile(input: ReadInput): Plan {
  const prepared = (hostKey: string | null): Prepared => ({
    summary: `read ${input.path}`,
    entry: { path: input.path },
    question: { kind: 'read', path: input.path, realPath: null, recursive: false },
    hostKey,
    change: null,
    subject: () => ({ kind: 'read', path: input.path, realPath: input.path }),
    action: () => {
      const { from, lead, bytesMax } = toRange(input);
      return {
        kind: 'read-file',
        path: input.path,
        offset: from,
        length: input.length === undefined ? null : lead + bytesMax + limits.redactionContextBytes,
        bytesMax: lead + bytesMax + limits.redactionContextBytes,
      };
    },
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

interface Range {
  /** First byte that is read; those before the first one that was asked for only tell what is a secret. */
  readonly from: number;
  readonly lead: number;
  readonly bytesMax: number;
}

function toRange(input: ReadInput): Range {
  const offset = input.offset ?? 0;
  const from = Math.max(0, offset - limits.redactionContextBytes);
  return { from, lead: offset - from, bytesMax: Math.min(input.length ?? limits.readBytesMax, limits.readBytesMax) };
}

function toFinding(input: ReadInput, outcome: PerformOutcome, reader: Reader): Finding {
  assert(outcome.kind === 'read-file', 'A read ends as a read.');
  const { from, lead, bytesMax } = toRange(input);
  const start = Math.min(lead, outcome.content.byteLength);
  const end = Math.min(lead + bytesMax, outcome.content.byteLength);
  const asked = outcome.content.subarray(start, end);
  const isWhole = (input.offset ?? 0) === 0 && asked.byteLength === outcome.size;
  const byLines = input.line !== undefined || input.limit !== undefined;
  const isToTheEnd = from + end >= outcome.size;
  const lines = byLines
    ? findLines(asked, isToTheEnd ? toText : toTextCut, input)
    : { start: 0, end: asked.byteLength, more: false };
  const part = { start: start + lines.start, end: start + lines.end, whole: isToTheEnd };
  const shown = showPart(outcome.content, part, reader);
  return {
    data: {
      content: shown.text,
      encoding: shown.encoding,
      size: outcome.size,
      sha256: isWhole ? createHash('sha256').update(asked).digest('hex') : null,
      truncated: lines.more || !isToTheEnd,
      redacted: shown.redacted,
    },
    execution: noExecution,
  };
}

/** Where in the bytes lines `line` (from 1) to `line + limit` are, with their line ends. A binary file has no lines. */
function findLines(
  content: Uint8Array,
  decode: (bytes: Uint8Array) => string | null,
  input: ReadInput,
): { start: number; end: number; more: boolean } {
  const text = decode(content);
  if (text === null) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${input.path} is not UTF-8 text; read it by bytes with "offset" and "length".`,
    );
  }
  const lines = text.split(/(?<=\n)/);
  const first = (input.line ?? 1) - 1;
  const end = input.limit === undefined ? lines.length : first + input.limit;
  const before = Buffer.byteLength(lines.slice(0, first).join(''));
  const bytes = Buffer.byteLength(lines.slice(first, end).join(''));
  return { start: before, end: before + bytes, more: end < lines.length };
}
