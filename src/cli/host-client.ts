/** How commands reach the host: one connection a command, and every failure as the operating error the rest of the command line knows. */
import { type Connected, connect } from '../client/connect.ts';
import type { CallOptions, HostConnection } from '../client/host-connection.ts';
import { HostError } from '../client/host-error.ts';
import { type Code, codes, OperationError } from '../core/codes.ts';
import type { EnvelopeView, MethodName, Params, Result } from '../protocol/methods.ts';
import type { View } from '../protocol/view.ts';
import { toPaths } from '../runtime/paths.ts';
import type { CliIo } from './output.ts';
import { readVersion } from './version.ts';

export interface HostClient {
  readonly connection: HostConnection;
  readonly hello: Connected['hello'];
  call<Name extends MethodName>(method: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>>;
  /** The view as it is now. */
  view(): Promise<View>;
}

/** Connects, runs `use`, and closes. @param start whether a host may be started for it. */
export async function withHost<T>(
  io: CliIo,
  start: 'if-needed' | 'never',
  use: (client: HostClient) => Promise<T>,
): Promise<T> {
  try {
    const { connection, hello } = await connect({
      ...{ paths: toPaths(io.env), cwd: io.cwd, client: 'cli', version: readVersion(), start },
    });
    try {
      return await use({
        ...{ connection, hello },
        call: (method, params, options) => connection.call(method, params, options),
        view: async () => (await connection.call('view.attach', {})).view,
      });
    } finally {
      connection.close();
    }
  } catch (error) {
    throw error instanceof HostError ? fromHostError(error) : error;
  }
}

export function fromHostError(error: HostError): OperationError {
  const { message, data } = error;
  return new OperationError(toCode(error.code), message, {
    cause: error,
    // Nobody has said what was done before the line to the host broke.
    outcomeUnknown: error.code === 'CONNECTION_LOST',
    ...(data === undefined ? {} : { data }),
  });
}

/** The failure of an envelope as an error; null when it is none. */
export function toEnvelopeError(envelope: EnvelopeView): OperationError | null {
  if (envelope.status === 'ok' || envelope.code === undefined) return null;
  return new OperationError(toCode(envelope.code), envelope.message ?? envelope.code, {
    outcomeUnknown: envelope.execution.outcomeUnknown === true,
  });
}

/** A code this program does not know comes from a host that should not have been let in: our bug. */
export function toCode(code: string): Code {
  return codes.find((known) => known === code) ?? 'INTERNAL';
}
