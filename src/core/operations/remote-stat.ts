/** `remote_stat`: what a path is, without following a link. */
import { z } from 'zod';
import { pathField, serverField } from './fields.ts';
import { operation } from './operation.ts';
import { fileTypes } from './remote-list-dir.ts';

export const remoteStat = operation({
  name: 'remote_stat',
  title: 'Look at a path',
  description: 'Tells type, size, mode, owner, group and time of a path, and where it points when it is a link.',
  effect: 'read',
  input: z.strictObject({ server: serverField, path: pathField }),
  output: z.object({
    type: z.enum(fileTypes),
    size: z.int(),
    mode: z.string(),
    owner: z.string(),
    group: z.string(),
    mtime: z.string(),
    linkTarget: z.string().optional(),
  }),
  summary: (input) => `stat ${input.path}`,
});
