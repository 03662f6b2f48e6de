/** `shell_open`: an interactive shell of the operator's own. Agents are not offered it and it does not exist for them. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { serverField } from './fields.ts';
import { operation } from './operation.ts';

const side = z.int().min(1).max(limits.terminalSideMax);
/** What OpenSSH servers commonly accept; anything else could change what programs do there. */
const variable = z.string().regex(/^(?:LANG|LC_[A-Z]{1,20}|COLORTERM)$/);

export const shellOpen = operation({
  name: 'shell_open',
  title: 'Open a shell',
  description: 'Opens the login shell of the account on a terminal. What it prints is recorded; what is typed is not.',
  effect: 'run',
  input: z.strictObject({
    server: serverField,
    columns: side,
    rows: side,
    term: z
      .string()
      .regex(/^[\w.+-]{1,64}$/)
      .describe('The kind of terminal, a name of terminfo.'),
    env: z.record(variable, z.string().max(64)).optional(),
  }),
  output: z.object({ bytes: z.int() }),
  summary: () => shellSummary,
});

export const shellSummary = 'interactive shell';
