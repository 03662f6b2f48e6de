/** `remote_patch_file`: a unified diff applied to one file, without fuzz. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { pathField, serverField, sha256Field } from './fields.ts';
import { operation } from './operation.ts';

export const remotePatchFile = operation({
  name: 'remote_patch_file',
  title: 'Patch a file',
  description:
    'Applies a unified diff (one file, at least one hunk, exact context) to a file. The operator sees the resulting diff and approves or denies; your call waits for the answer. The file as it was is kept: the operator can roll the change back.',
  effect: 'write',
  input: z.strictObject({
    server: serverField,
    path: pathField,
    patch: z.string().min(1).max(limits.writeBytesMax),
  }),
  output: z.object({ sha256: sha256Field, hunks: z.int() }),
  summary: (input) => `patch ${input.path}`,
});
