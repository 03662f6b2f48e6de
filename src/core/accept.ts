/** The threshold of the gate: a request is parsed, held against its caller's scope and resolved, or refused before anything else happens. */
import type { z } from 'zod';
import type { Caller } from './caller.ts';
import { OperationError } from './codes.ts';
import type { GateRequest } from './gate.ts';
import {
  allOperations,
  isOperationName,
  isOperatorOperation,
  isProgramOperation,
  operationNames,
} from './operations/table.ts';
import type { ServerRequest } from './plans/make-plan.ts';
import type { Registry } from './ports.ts';
import { couldAskOthers, reachableFor } from './reachable.ts';
import type { Target } from './server.ts';

export type Accepted =
  | { readonly kind: 'list-servers' }
  | { readonly kind: 'on-server'; readonly request: ServerRequest; readonly target: Target };

/** Throws INVALID_ARGUMENT, SERVER_OUT_OF_SCOPE, SERVER_NOT_FOUND or CONFIG_INVALID. */
export async function accept(request: GateRequest, registry: Registry): Promise<Accepted> {
  const { operation, caller } = request;
  // What is the operator's alone, or the program's, does not exist for anybody else; and the program asks for nothing but that.
  if (
    !isOperationName(operation) ||
    (isOperatorOperation(operation) && caller.origin !== 'operator') ||
    isProgramOperation(operation) !== (caller.origin === 'program') ||
    // A shell is for who can type into it.
    (operation === 'shell_open' && !request.onTerminal)
  ) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `There is no operation "${operation}"; there are ${operationNames.join(', ')}.`,
    );
  }
  const parsed = (allOperations[operation].input as z.ZodType).safeParse(request.input);
  if (!parsed.success) throw new OperationError('INVALID_ARGUMENT', toSentence(operation, parsed.error));
  if (operation === 'list_servers') return { kind: 'list-servers' };
  const accepted = { tool: operation, input: parsed.data } as ServerRequest;
  const { server } = accepted.input;
  checkScope(server, caller);
  const target = await registry.resolve(server, caller.workspace, 'asked');
  const reachable = couldAskOthers(accepted.input) ? { reachable: await reachableFor(registry, caller) } : {};
  // A read-only session makes every server read-only for it.
  const limits = caller.readonly ? { readonly: true } : {};
  return { kind: 'on-server', request: accepted, target: { ...target, ...limits, ...reachable } };
}

function checkScope(server: string, caller: Caller): void {
  if (caller.servers === 'all' || caller.servers.includes(server)) return;
  const scope = caller.servers.length === 0 ? 'no server' : caller.servers.join(', ');
  throw new OperationError(
    'SERVER_OUT_OF_SCOPE',
    `Server "${server}" is not in this session's scope; it has ${scope}.`,
  );
}

function toSentence(operation: string, error: z.ZodError): string {
  const issues = error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `"${issue.path.join('.')}": ${issue.message}`,
  );
  return `The arguments of ${operation} do not fit: ${issues.join('; ')}.`;
}
