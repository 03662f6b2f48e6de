/** `rollback_file`: takes back changes of one file. The operator's alone: agents are not offered it and it does not exist for them. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { pathField, serverField, sha256Field } from './fields.ts';
import { operation } from './operation.ts';

const ids = z.array(z.string().min(1).max(200)).min(1).max(limits.rollbackStepsMax);

export const rollbackFile = operation({
  name: 'rollback_file',
  title: 'Roll a file back',
  description:
    'Puts a file back to what it was before the named changes, newest first, if it is still what the newest of them left. A file that they created is deleted again.',
  effect: 'write',
  input: z.strictObject({
    server: serverField,
    path: pathField,
    ids: ids.describe('Ids of the changes, newest first.'),
  }),
  output: z.object({ sha256: sha256Field.nullable(), deleted: z.boolean(), rolledBack: z.array(z.string()) }),
  summary: (input) => `roll back ${input.path}`,
});
