/** From a validated request to its plan: one line an operation. */
import { unreachable } from '../../base/assert.ts';
import type { OperationInput, OperationName } from '../operations/table.ts';
import type { Plan } from './plan.ts';
import { planCommand } from './plan-command.ts';
import { planDurable } from './plan-durable.ts';
import { planFind, planListRecursive } from './plan-find.ts';
import { planListDir, planStat } from './plan-look.ts';
import { planProbe } from './plan-probe.ts';
import { planReadFile } from './plan-read-file.ts';
import { planRollback } from './plan-rollback.ts';
import { planShell } from './plan-shell.ts';
import { planPatchFile, planWriteFile } from './plan-write.ts';

/** A request on one server whose input fits its schema. */
export type ServerRequest = {
  [Name in Exclude<OperationName, 'list_servers'>]: { readonly tool: Name; readonly input: OperationInput<Name> };
}[Exclude<OperationName, 'list_servers'>];

/** Throws PATCH_FAILED for a patch that cannot be parsed. */
export function makePlan(request: ServerRequest): Plan {
  switch (request.tool) {
    case 'remote_exec':
      return planCommand(request.input);
    case 'remote_read_file':
      return planReadFile(request.input);
    case 'remote_write_file':
      return planWriteFile(request.input);
    case 'remote_patch_file':
      return planPatchFile(request.input);
    case 'remote_list_dir':
      return request.input.recursive ? planListRecursive(request.input) : planListDir(request.input);
    case 'remote_stat':
      return planStat(request.input);
    case 'remote_find':
      return planFind(request.input);
    case 'probe':
      return planProbe(request.input);
    case 'rollback_file':
      return planRollback(request.input);
    case 'durable_command':
      return planDurable(request.input);
    case 'shell_open':
      return planShell(request.input);
    default:
      return unreachable(request);
  }
}
