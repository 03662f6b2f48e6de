/** `durable_command`: what a person does with a command that goes on without us. Agents are not offered it and it does not exist for them. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { serverField } from './fields.ts';
import { operation } from './operation.ts';
import { remoteExec } from './remote-exec.ts';

export const durableCommand = operation({
  name: 'durable_command',
  title: 'Look after a durable command',
  description:
    'Looks whether a command that was started as durable has ended, follows it from where its output was read to, ends it, or removes what it left.',
  effect: 'run',
  input: z.strictObject({
    server: serverField,
    command: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .describe('Its id.'),
    act: z.enum(['look', 'follow', 'stop', 'remove']),
    timeoutMs: z.int().min(limits.commandTimeoutMsMin).max(limits.commandTimeoutMsMax).optional(),
  }),
  output: remoteExec.output,
  summary: (input) => `${input.act} ${input.command}`,
});
