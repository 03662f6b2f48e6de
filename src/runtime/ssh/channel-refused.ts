/** The answer of a server that allows no more sessions on one connection. */
import { OperationError } from '../../core/codes.ts';

/** The server has no place for one more channel; another one must end first. */
export class ChannelRefusedError extends OperationError {
  constructor(id: string, cause: Error) {
    super(
      'UNSUPPORTED',
      `${id} refused to open a session (${cause.message}); raise MaxSessions in its sshd_config, or close shells and wait for commands there.`,
      { cause },
    );
  }
}
