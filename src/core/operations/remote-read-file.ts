/** `remote_read_file`: a file's bytes or lines. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { encodingField, pathField, serverField, sha256Field } from './fields.ts';
import { operation } from './operation.ts';

export const remoteReadFile = operation({
  name: 'remote_read_file',
  title: 'Read a file',
  description:
    'Reads a regular file: whole, a byte range (`offset`, `length`) or lines (`line` is 1-based, `limit` counts lines). Secrets may be replaced by «redacted:…» placeholders, which cannot be written back.',
  effect: 'read',
  input: z
    .strictObject({
      server: serverField,
      path: pathField,
      offset: z.int().min(0).optional().describe('First byte, from 0.'),
      length: z.int().min(1).max(limits.readBytesMax).optional().describe('How many bytes.'),
      line: z.int().min(1).optional().describe('First line, from 1.'),
      limit: z.int().min(1).optional().describe('How many lines.'),
    })
    .refine(
      (input) =>
        (input.offset === undefined && input.length === undefined) ||
        (input.line === undefined && input.limit === undefined),
      'give bytes ("offset", "length") or lines ("line", "limit"), not both',
    ),
  output: z.object({
    content: z.string(),
    encoding: encodingField,
    size: z.int(),
    sha256: sha256Field.nullable().describe('Of the whole file; null when only a part was read.'),
    truncated: z.boolean(),
    redacted: z.int(),
  }),
  summary: (input) => `read ${input.path}`,
});
