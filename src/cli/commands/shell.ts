/** `signalbox shell SERVER`: opens the screen on a shell of the operator's own, the newest one there or a new one. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { ioOf } from '../output.ts';
import { openDesk } from './server/desk.ts';

export function register(program: Command): void {
  program
    .command('shell')
    .argument('<server>', 'id of a registered server')
    .description('open the screen on a shell of your own')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--theme <name>', 'draw the screen in this theme')
    .addHelpText('after', examples)
    .action(async (server: string, options: { ascii?: true; theme?: string }, command: Command) => {
      const io = ioOf(command);
      const desk = openDesk(io);
      // What can be said without a screen is said before there is one.
      const { id, readonly } = await desk.registry.resolve(server, desk.workspace, 'asked');
      if (readonly)
        throw new OperationError(
          'POLICY_REJECTED',
          `"${id}" is registered as read only, so nobody gets a shell there.`,
        );
      const { runScreen } = await import('./screen.ts');
      io.exitCode = await runScreen({ shellOn: id, ascii: options.ascii === true, theme: options.theme });
    });
}

const examples = `
An open shell on that server is shown again, as you left it. Shells go on while no screen is there.

Example:
  signalbox shell web-1
`;
