/** The password that sudo gets on a server, read at the moment it is used. It knows nothing of what sudo is to do. */
import { OperationError } from '../../core/codes.ts';
import type { ConnectionSource, Secrets } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';

/** Throws CREDENTIALS_UNAVAILABLE, also for a password that one line of input cannot carry. */
export async function revealSudoPassword(
  target: Target,
  connections: ConnectionSource,
  secrets: Secrets,
): Promise<string> {
  const { sudo } = await connections.connection(target);
  const what = `password for sudo on ${target.id}`;
  if (sudo === undefined)
    throw new OperationError('CREDENTIALS_UNAVAILABLE', `There is no ${what} in its record; ask again.`);
  const password = await secrets.reveal(sudo, what);
  if (!/[\0\r\n]/.test(password)) return password;
  throw new OperationError(
    'CREDENTIALS_UNAVAILABLE',
    `The ${what} has a line break or a NUL in it, which sudo cannot read; correct the secret of its record.`,
  );
}
