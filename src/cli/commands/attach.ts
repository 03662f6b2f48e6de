/** `signalbox attach [SESSION]`: opens the screen on a session of the running host. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { withHost } from '../host-client.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('attach')
    .argument('[session]', 'id of the session; default: the newest')
    .description('open the screen on a session')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .addHelpText('after', '\nExample:\n  signalbox attach k3fd\n')
    .action(async (wanted: string | undefined, options: { ascii?: true }, command: Command) => {
      const io = ioOf(command);
      const { sessions } = await withHost(io, 'never', (client) => client.view());
      const newest = Object.values(sessions).sort((one, other) => other.createdAtMs - one.createdAtMs)[0];
      const session = wanted ?? newest?.id;
      if (session === undefined)
        throw new OperationError('INVALID_ARGUMENT', 'There is no session; `signalbox new` starts one.');
      if (!Object.hasOwn(sessions, session))
        throw new OperationError('INVALID_ARGUMENT', `There is no session ${session}; \`signalbox ls\` shows them.`);
      const { runScreen } = await import('./screen.ts');
      io.exitCode = await runScreen({ session, ascii: options.ascii === true });
    });
}
