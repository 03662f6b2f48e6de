/** `signalbox agent install`: shows the command that brings an agent's program here, asks, and runs it on this terminal. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Command } from 'commander';
import { findProfile } from '../../../adapters/acp/agent-list.ts';
import { toInstallCommand } from '../../../adapters/acp/catalogue/install-command.ts';
import { toProgramFolder } from '../../../adapters/acp/launch.ts';
import { OperationError } from '../../../core/codes.ts';
import { toLocalCommand } from '../../../runtime/local-command.ts';
import { askYes, canAsk } from '../../ask.ts';
import { openAgents } from '../../open-agents.ts';
import { type CliIo, ioOf, printExact, printLine, printNote } from '../../output.ts';
import { reloadAgents } from '../../reload-agents.ts';

export function registerInstall(agent: Command): void {
  agent
    .command('install')
    .argument('<agent>', 'id of the agent')
    .description('install the program of an agent from npm, into a folder of its own')
    .option('--yes', 'without asking')
    .addHelpText('after', explanation)
    .action(async (id: string, options: { yes?: true }, command: Command) => await install(ioOf(command), id, options));
}

const explanation = `
It goes to a folder of signalbox, not to the global folder of npm: that takes no rights of root, changes no program you use elsewhere, and
agents cannot write there. It is found before a program of the same name on your PATH. Installing runs scripts of the package as you,
NOT CONTAINED. To take it away again, delete that folder.

Example:
  signalbox agent install opencode
`;

async function install(io: CliIo, id: string, options: { readonly yes?: true }): Promise<void> {
  const { agents, catalogue, paths } = openAgents(io);
  const profile = await findProfile(catalogue, id);
  const folder = toProgramFolder(paths, profile.id);
  const argv = toInstallCommand(profile, folder);
  if (argv === null) {
    throw new OperationError('UNSUPPORTED', `signalbox knows no package of ${profile.label}. ${profile.installHint}`);
  }
  printNote(io, 'This runs, as you and NOT CONTAINED:');
  printExact(io.stderr, `  ${await toLocalCommand(argv)}`);
  if (!options.yes) {
    if (!canAsk(io)) {
      throw new OperationError('INVALID_ARGUMENT', 'Nothing was installed: give --yes, or run this in a terminal.');
    }
    if (!(await askYes(io, 'Run it?'))) throw new OperationError('CANCELLED', 'Nothing was installed.');
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await runOnTerminal(io, argv, folder);
  await reloadAgents(io);
  const entry = (await agents.list()).find((one) => one.id === profile.id);
  if (entry?.availability === 'not installed') {
    throw new OperationError(
      'CONFIG_INVALID',
      `The package is installed, and brought no program "${profile.command[0]}".`,
    );
  }
  printLine(io, `${profile.label} is installed. Next: \`signalbox agent probe ${profile.id}\`.`);
}

async function runOnTerminal(io: CliIo, argv: readonly string[], cwd: string): Promise<void> {
  const [program = '', ...args] = argv;
  const end = await new Promise<string | null>((resolve, reject) => {
    // Its output is for the person; ours stays clean for a pipe.
    const child = spawn(program, args, { cwd, env: io.env, stdio: ['inherit', 2, 2] });
    // Ctrl-C reaches both of us; we wait for its end.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code === 0 ? null : code === null ? `was ended by ${signal}` : `ended with status ${code}`);
    });
  }).catch((error: Error) => `could not be started (${error.message})`);
  if (end !== null) throw new OperationError('CONFIG_INVALID', `${program} ${end}; nothing is installed.`);
}
