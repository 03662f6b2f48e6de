/** Opens the SFTP subsystem on a connection, within a deadline. It knows nothing of what is asked of it. */
import type { Client, SFTPWrapper } from 'ssh2';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';
import { SftpChannel } from './sftp-channel.ts';

/** Throws UNSUPPORTED, TIMEOUT, or CONNECTION_LOST. */
export function openSftp(
  client: Client,
  connection: Pick<Connection, 'target' | 'clock' | 'isOpen' | 'lostError'>,
): Promise<SftpChannel> {
  const { target, clock } = connection;
  return new Promise((resolve, reject) => {
    if (!connection.isOpen) {
      reject(connection.lostError('nothing was sent'));
      return;
    }
    let isLate = false;
    const deadline = clock.after(limits.sftpDeadlineMs, () => {
      isLate = true;
      reject(new OperationError('TIMEOUT', `${target.id} did not open its file service in time; try again.`));
    });
    client.sftp((error: Error | undefined, wrapper: SFTPWrapper) => {
      deadline.dispose();
      // The deadline may have answered before; then this does nothing, and the late channel must not stay open unseen.
      if (!error && isLate) wrapper.end();
      else if (!error) resolve(new SftpChannel(wrapper, target, clock));
      else if (!connection.isOpen) reject(connection.lostError('nothing was sent'));
      else
        reject(
          new OperationError(
            'UNSUPPORTED',
            `${target.id} offers no file service (${error.message}); add "Subsystem sftp internal-sftp" to its sshd_config.`,
            { cause: error },
          ),
        );
    });
  });
}
