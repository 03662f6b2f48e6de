/** The plan of a probe: a command of the fixed list, judged and run like any other. */
import { probes, probeTimeoutMs } from '../facts/probe-table.ts';
import type { OperationInput } from '../operations/table.ts';
import type { Plan } from './plan.ts';
import { planCommand } from './plan-command.ts';

export function planProbe({ server, probe }: OperationInput<'probe'>): Plan {
  return { ...planCommand({ server, argv: [...probes[probe]], timeoutMs: probeTimeoutMs }), tool: 'probe' };
}
