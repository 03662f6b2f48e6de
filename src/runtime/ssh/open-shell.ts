/** The login shell of an account, opened on a connection with a terminal. It knows nothing of what is typed into it. */
import type { Client, ClientChannel } from 'ssh2';
import type { ShellAction } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { ChannelRefusedError } from './channel-refused.ts';
import type { Connection } from './connection.ts';

/** `onChannel` is called in the same turn as the server's answer. Throws CONNECTION_LOST, or UNSUPPORTED when the server gives none. */
export function openShell(
  client: Client,
  connection: Pick<Connection, 'target' | 'made' | 'line' | 'isOpen' | 'lostError'>,
  { term, size, env }: ShellAction,
  onChannel: (channel: ClientChannel) => void,
): Promise<void> {
  const { columns, rows } = size;
  return new Promise((resolve, reject) => {
    if (!connection.isOpen) {
      reject(connection.lostError('nothing was run'));
      return;
    }
    // Sizes in pixels are not known; 0 says so (RFC 4254, 6.2).
    client.shell(
      { term, cols: columns, rows, width: 0, height: 0 },
      { env: { ...env, ...connection.made.environment } },
      (error, channel) => {
        if (!error) {
          connection.line.noteSession((call) => channel.once('close', call));
          onChannel(channel);
          resolve();
        } else if (!connection.isOpen) reject(connection.lostError('nothing was run'));
        else if ('reason' in error) reject(new ChannelRefusedError(connection.target.id, error));
        else
          reject(
            new OperationError(
              'UNSUPPORTED',
              `${connection.target.id} gives no interactive shell (${error.message}); its account may be limited to commands.`,
              { cause: error },
            ),
          );
      },
    );
  });
}
