/** `signalbox kill SESSION…`: ends agents and what waits for them; transcripts stay. */
import type { Command } from 'commander';
import { withHost } from '../host-client.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('kill')
    .argument('<session...>', 'ids of sessions')
    .description('end sessions with their agents')
    .addHelpText(
      'after',
      '\nWhat waits for an approval is refused; transcripts stay.\n\nExample:\n  signalbox kill k3fd\n',
    )
    .action(async (sessions: string[], _options: object, command: Command) => {
      await withHost(ioOf(command), 'never', async (client) => {
        for (const session of sessions) await client.call('session.kill', { session });
      });
    });
}
