/** The plan of looking after a durable command: the operator's alone, about something that was approved when it was started. */
import { OperationError } from '../codes.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { Plan, Prepared } from './plan.ts';
import { toCommandFinding } from './plan-command.ts';

export function planDurable(input: OperationInput<'durable_command'>): Plan {
  const { act, command, timeoutMs = limits.commandTimeoutMsMax } = input;
  const summary = `${act} ${command}`;
  const entry = { line: summary };
  const question = { kind: 'durable' } as const;
  const prepare = (hostKey: string | null): Prepared => ({
    ...{ summary, entry, question, hostKey, change: null },
    subject: () => ({ kind: 'command', argv: null, line: summary, cwd: null, stdin: null, parts: [] }),
    action: () => ({ kind: 'durable', act, command, timeoutMs, outputBytesMax: limits.outputBytesMax }),
    edit: () => {
      throw new OperationError('INVALID_ARGUMENT', 'There is nothing to edit about this; deny the request instead.');
    },
    finding: (outcome, reader) => toCommandFinding(outcome, reader),
  });
  return {
    ...{ tool: 'durable_command', summary, cwd: null, entry, question, looksAtServer: false },
    prepare: async (look) => prepare(look.servers.status(look.target.id).hostKey),
  };
}
