/** `signalbox rename SESSION TITLE`: the operator's name for a session, which no agent changes any more. */
import type { Command } from 'commander';
import { withHost } from '../host-client.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('rename')
    .argument('<session>', 'id of the session')
    .argument('<title...>', 'its new title')
    .description('rename a session')
    .addHelpText('after', '\nExample:\n  signalbox rename k3fd upload limit\n')
    .action(async (session: string, words: string[], _options: object, command: Command) => {
      await withHost(ioOf(command), 'never', (client) =>
        client.call('session.rename', { session, title: words.join(' ') }),
      );
    });
}
