/** `signalbox attach [SESSION]`: opens the screen on a session of the running host. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { listShelved } from '../../host/sessions/session-shelf.ts';
import { toPaths } from '../../runtime/paths.ts';
import { withHost } from '../host-client.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('attach')
    .argument('[session]', 'id of the session; default: the newest')
    .description('open the screen on a session')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--theme <name>', 'draw the screen in this theme')
    .addHelpText('after', '\nExample:\n  signalbox attach k3fd\n')
    .action(async (wanted: string | undefined, options: { ascii?: true; theme?: string }, command: Command) => {
      const io = ioOf(command);
      const resting = (await listShelved(toPaths(io.env).sessionsFolder)).filter(({ isEnded }) => !isEnded);
      // A host is started only where there is something to attach to: what the last one left.
      const { sessions, shells } = await withHost(io, resting.length > 0 ? 'if-needed' : 'never', async (client) => {
        const view = await client.view();
        if (wanted === undefined || Object.hasOwn(view.sessions, wanted)) return view;
        // One that had to make room for others comes back.
        if (!resting.some(({ id }) => id === wanted)) return view;
        await client.call('session.start', { session: wanted });
        return await client.view();
      });
      const newest = Object.values(sessions).sort((one, other) => other.createdAtMs - one.createdAtMs)[0];
      const session = wanted ?? newest?.id;
      // A shell of one's own is something to come back to, too.
      if (session === undefined && Object.keys(shells).length === 0)
        throw new OperationError('INVALID_ARGUMENT', 'There is no session; `signalbox new` starts one.');
      if (session !== undefined && !Object.hasOwn(sessions, session))
        throw new OperationError('INVALID_ARGUMENT', `There is no session ${session}; \`signalbox ls\` shows them.`);
      const { runScreen } = await import('./screen.ts');
      io.exitCode = await runScreen({
        ...(session === undefined ? {} : { session }),
        ascii: options.ascii === true,
        theme: options.theme,
      });
    });
}
