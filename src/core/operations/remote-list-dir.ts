/** `remote_list_dir`: the entries of a folder. */
import { z } from 'zod';
import { limitField, pathField, serverField } from './fields.ts';
import { operation } from './operation.ts';

export const fileTypes = ['file', 'directory', 'link', 'other'] as const;
export type FileType = (typeof fileTypes)[number];

export const remoteListDir = operation({
  name: 'remote_list_dir',
  title: 'List a folder',
  description:
    'Lists a folder with type, size, mode, owner and time of each entry; `recursive` descends without following links.',
  effect: 'read',
  input: z.strictObject({
    server: serverField,
    path: pathField,
    recursive: z.boolean().default(false),
    limit: limitField,
  }),
  output: z.object({
    entries: z.array(
      z.object({
        name: z.string(),
        type: z.enum(fileTypes),
        size: z.int(),
        mode: z.string(),
        owner: z.string(),
        mtime: z.string().describe('ISO 8601, whole seconds.'),
      }),
    ),
    truncated: z.boolean(),
    warnings: z.array(z.string()),
  }),
  summary: (input) => `list ${input.path}${input.recursive ? ' recursively' : ''}`,
});
