/** Lets a host that runs read the server files again, so that screens and agents learn at once what a command changed. It starts no host. */
import { OperationError } from '../core/codes.ts';
import { withHost } from './host-client.ts';
import type { CliIo } from './output.ts';

/** Never fails for the host's sake: the file is written by then, and the host reads it with the next request anyway. */
export async function reloadServers(io: CliIo): Promise<void> {
  try {
    await withHost(io, 'never', (client) => client.call('servers.reload', {}));
  } catch (error) {
    // No host, a silent one, or one of another version: what was changed stays changed, and that is what the command says.
    if (!(error instanceof OperationError)) throw error;
  }
}
