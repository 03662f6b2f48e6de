/** The plan of an interactive shell: the operator types there, so nothing is judged but whether there may be one. */
import { assert } from '../../base/assert.ts';
import { OperationError } from '../codes.ts';
import { shellSummary } from '../operations/shell-open.ts';
import type { OperationInput } from '../operations/table.ts';
import type { Finding, Plan, Prepared } from './plan.ts';

type ShellInput = OperationInput<'shell_open'>;

export function planShell(input: ShellInput): Plan {
  const question = { kind: 'shell' } as const;
  const prepare = (hostKey: string | null): Prepared => ({
    ...{ summary: shellSummary, entry: {}, question, hostKey, change: null },
    subject: () => ({ kind: 'command', argv: null, line: shellSummary, cwd: null, stdin: null, parts: [] }),
    action: () => {
      const { columns, rows, term, env = {} } = input;
      return { kind: 'shell', term, size: { columns, rows }, env };
    },
    edit: () => {
      throw new OperationError('INVALID_ARGUMENT', 'There is nothing to edit about a shell; deny the request instead.');
    },
    finding: (outcome): Finding => {
      assert(outcome.kind === 'shell', 'A shell ends as a shell.');
      const { exitCode, signal, bytes, ended } = outcome;
      return {
        data: { bytes },
        ...(ended === 'cancelled'
          ? { code: 'CANCELLED', message: 'The shell was closed from here; the server hung up what ran in it.' }
          : {}),
        execution: {
          ...(exitCode === null ? {} : { exitCode }),
          ...(signal === null ? {} : { signal }),
          stdoutBytes: bytes,
        },
      };
    },
  });
  return {
    ...{ tool: 'shell_open', summary: shellSummary, cwd: null, entry: {}, question, looksAtServer: false },
    prepare: async (look) => prepare(look.servers.status(look.target.id).hostKey),
  };
}
