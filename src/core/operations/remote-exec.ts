/** `remote_exec`: one command on one server. What it does to the server is logged, not snapshotted. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { cwdField, serverField } from './fields.ts';
import { operation } from './operation.ts';

export const remoteExec = operation({
  name: 'remote_exec',
  title: 'Run a command',
  description:
    'Runs one command on a server, without a terminal, and returns its output and exit status. Give `argv` (preferred: one word an element, no shell) or `command` (a shell line). ' +
    'Simple inspection commands run at once; everything else waits for the operator. Commands cannot be undone: use the file tools for changes to files, which keep the file as it was.',
  effect: 'run',
  input: z
    .strictObject({
      server: serverField,
      command: z.string().min(1).optional().describe('A shell line. Pipes and lists always wait for approval.'),
      argv: z.array(z.string()).min(1).optional().describe('The command as words; run exactly like this.'),
      cwd: cwdField.optional(),
      timeoutMs: z
        .int()
        .min(limits.commandTimeoutMsMin)
        .max(limits.commandTimeoutMsMax)
        .optional()
        .describe('Milliseconds until the command is ended.'),
      stdin: z
        .string()
        .max(limits.stdinBytesMax)
        .optional()
        .describe('Text given on standard input; closed when absent.'),
      durable: z
        .boolean()
        .optional()
        .describe(
          'For long work: it goes on when the connection or signalbox ends, and past timeoutMs. Always waits for approval.',
        ),
    })
    .refine((input) => (input.command === undefined) !== (input.argv === undefined), 'give either "command" or "argv"')
    .refine((input) => input.durable !== true || input.stdin === undefined, 'a durable command gets no "stdin"'),
  output: z.object({
    stdout: z.string(),
    stderr: z.string(),
    encoding: z.enum(['utf-8', 'base64']),
    redacted: z.int().describe('How many secrets were replaced by placeholders.'),
    advice: z.string().optional().describe('Why sudo did not run it, and what the operator can do about it.'),
    durable: z
      .object({ id: z.string(), state: z.enum(['running', 'ended', 'lost']), folder: z.string().nullable() })
      .optional()
      .describe('Of a durable command.'),
  }),
  summary: (input) => input.command ?? (input.argv ?? []).join(' '),
});
