/** `remote_find`: files by name, or lines by pattern. Built as an argv and judged like a command. */
import { z } from 'zod';
import { limitField, pathField, serverField } from './fields.ts';
import { operation } from './operation.ts';

export const remoteFind = operation({
  name: 'remote_find',
  title: 'Find files or text',
  description:
    'Finds below a folder: either lines that match `pattern` (extended regular expression, as grep -E) or files whose name matches `glob`. No match is an empty result, an unreadable folder a warning.',
  effect: 'read',
  input: z
    .strictObject({
      server: serverField,
      path: pathField,
      pattern: z.string().min(1).max(1024).optional(),
      glob: z.string().min(1).max(256).optional(),
      limit: limitField,
    })
    .refine((input) => (input.pattern === undefined) !== (input.glob === undefined), 'give either "pattern" or "glob"'),
  output: z.object({
    matches: z.array(z.object({ path: z.string(), line: z.int().optional(), text: z.string().optional() })),
    truncated: z.boolean(),
    warnings: z.array(z.string()),
  }),
  summary: (input) => `find ${input.pattern ?? input.glob} below ${input.path}`,
});
