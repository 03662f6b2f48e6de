/** Failures as the protocol wants them: a RequestError with a code and a reason. A plain Error would be sent as "internal error" with its text. */
import { RequestError } from '@agentclientprotocol/sdk';
import type { Code } from '../../core/codes.ts';
import type { Envelope } from '../../core/envelope.ts';

/** The protocol leaves -32000 and below to its users; the agent reads `data.code` and `data.reason`. */
const refusedCode = -32000;
/** The protocol's own code for what was withdrawn, by whichever side. */
const cancelledCode = -32800;

export function refusal(code: Code, reason: string): RequestError {
  return new RequestError(code === 'CANCELLED' ? cancelledCode : refusedCode, reason, { code, reason });
}

/** A missing file has the protocol's own code, so that an agent can tell "not there" from "not allowed". */
export function toRefusal(envelope: Envelope): RequestError {
  const code = envelope.code ?? 'INTERNAL';
  const reason = envelope.message ?? 'The request failed; the audit log of signalbox has the details.';
  if (code === 'FILE_NOT_FOUND') return new RequestError(-32002, reason, { code, reason });
  return refusal(code, reason);
}
