/** An agent that speaks another version of the protocol than its entry says: one sentence that says what to change. It negotiates nothing. */
import { RequestError } from '@agentclientprotocol/sdk';
import { OperationError } from '../../core/codes.ts';
import { fieldsOf } from './fields.ts';

/** The protocol's code for a version that the other side does not speak. */
const otherVersionCode = -32022;

/** UNSUPPORTED. @param theirs as the agent said it, unchecked. */
export function toVersionError(label: string, theirs: unknown, ours: 1 | 2): OperationError {
  const said = JSON.stringify(theirs) ?? 'none';
  const both = `${label} speaks version ${said.slice(0, 40)} of the Agent Client Protocol and signalbox version ${ours}`;
  return new OperationError('UNSUPPORTED', `${both}; ${toAdvice(theirs, ours)}`);
}

/** The version that an agent says it speaks instead of the one it was asked for; undefined when it does not say so. */
export function findOtherVersion(error: unknown): unknown {
  if (!(error instanceof RequestError) || error.code !== otherVersionCode) return undefined;
  const { supported } = fieldsOf(error.data);
  return Array.isArray(supported) ? supported.at(-1) : 'none';
}

function toAdvice(theirs: unknown, ours: 1 | 2): string {
  if (ours === 1 && theirs === 2)
    return 'set "protocol": 2 in its entry of agents.json to use that, which is experimental.';
  if (ours === 2 && theirs === 1) return 'take "protocol" out of its entry in agents.json, or set it to "auto".';
  return 'update one of them.';
}
