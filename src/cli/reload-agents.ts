/** Lets a host that runs read agents.json again, so that screens show at once what a command changed. It starts no host. */
import { OperationError } from '../core/codes.ts';
import { withHost } from './host-client.ts';
import type { CliIo } from './output.ts';

/** Never fails for the host's sake: the file is written by then, and the next agent that is started is read from it anyway. */
export async function reloadAgents(io: CliIo): Promise<void> {
  try {
    await withHost(io, 'never', (client) => client.call('agents.reload', {}));
  } catch (error) {
    // No host, a silent one, or one of another version: what was changed stays changed, and that is what the command says.
    if (!(error instanceof OperationError)) throw error;
  }
}
