/** `signalbox demo`: the whole program on embedded servers with the bundled agent, in a folder of its own; a running demo is found again. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { demoServerIds } from '../../embedded/machine/demo-machines.ts';
import { demoHome, demoPaths } from '../demo/demo-paths.ts';
import { ioOf, printLine } from '../output.ts';
import { toDemoCommands } from '../screen-farewell.ts';
import { whyNoScreen } from '../terminal-kind.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  program
    .command('demo')
    .description('try everything on embedded servers with a scripted agent')
    .option('--stop', 'end the running demo')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--theme <name>', 'draw the screen in this theme')
    .addHelpText(
      'after',
      '\nIt needs no network, key or SSH server, and touches nothing outside of a temporary folder.\n',
    )
    .action(async (options: { stop?: true; ascii?: true; theme?: string }, command: Command) => {
      const io = ioOf(command);
      // Before a host is started that nobody would see.
      const refusal = options.stop ? null : whyNoScreen(process);
      if (refusal !== null) throw new OperationError('INVALID_ARGUMENT', refusal);
      const env = { ...io.env, SIGNALBOX_HOME: demoHome(io.env) };
      const paths = demoPaths(io.env);
      const { connect } = await import('../../client/connect.ts');
      const { connection } = await connect({
        paths,
        cwd: paths.data,
        client: 'cli',
        version: readVersion(),
        start: options.stop ? 'never' : 'if-needed',
        hostCommand: [process.execPath, process.argv[1] ?? '', 'demo-host'],
      }).catch((error: Error & { data?: Readonly<Record<string, unknown>> }) => {
        // Only here nothing is started; that there is nothing to end is what was asked for, and not a failure.
        if (options.stop && error.data?.['absent'] === true) return { connection: null };
        throw error;
      });
      if (connection === null) return printLine(io, 'No demo runs.');
      if (options.stop) {
        await connection.call('host.stop', {});
        connection.close();
        const { back, own } = toDemoCommands(io.env);
        printLine(io, `The demo has ended; \`${back}\` starts it anew.\n\`${own}\` begins with your own servers.`);
        return;
      }
      const { view } = await connection.call('view.attach', {});
      const running = Object.values(view.sessions).find(
        (session) => session.state !== 'ended' && session.state !== 'failed' && session.state !== 'resting',
      );
      const session =
        running?.id ??
        (
          await connection.call('session.new', {
            agent: { id: 'demo' },
            servers: demoServerIds,
            title: 'Guided tour',
            prompt: 'Show me around',
          })
        ).id;
      connection.close();
      // The screen reads where the host is from the environment, like every command.
      Object.assign(process.env, env);
      const { runScreen } = await import('./screen.ts');
      const { toLocalCommand } = await import('../../runtime/local-command.ts');
      const program = `SIGNALBOX_HOME=${await toLocalCommand([env.SIGNALBOX_HOME])} signalbox`;
      io.exitCode = await runScreen({
        session,
        demo: true,
        program,
        ascii: options.ascii === true,
        theme: options.theme,
      });
    });
}
