/** `remote_write_file`: the whole content of a file, new or replaced. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { encodingField, pathField, serverField, sha256Field } from './fields.ts';
import { operation } from './operation.ts';

export const remoteWriteFile = operation({
  name: 'remote_write_file',
  title: 'Write a file',
  description:
    'Writes a whole file. The operator sees the diff and approves or denies; your call waits for the answer. The file as it was is kept: the operator can roll the change back.',
  effect: 'write',
  input: z.strictObject({
    server: serverField,
    path: pathField,
    content: z.string().max(limits.writeBytesMax * 2),
    encoding: encodingField.default('utf-8'),
    mode: z
      .string()
      .regex(/^0?[0-7]{3,4}$/, 'must be an octal mode such as "0644"')
      .optional()
      .describe('Octal; default: as it is, 0644 for a new file.'),
  }),
  output: z.object({ sha256: sha256Field, created: z.boolean() }),
  summary: (input) => `write ${input.path}`,
});
