/** `signalbox doctor`: looks at everything signalbox depends on and says what to do about what is not well. Changes nothing. */
import type { Command } from 'commander';
import { escapeProse } from '../../base/display/escape.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf, printJson, printLine } from '../output.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  program
    .command('doctor')
    .description('check this machine and the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExits with 2 when something is bad.\n\nExample:\n  signalbox doctor\n')
    .action(async (options: { json?: true }, command: Command) => await examine(ioOf(command), options));
}

async function examine(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const [files, programs, containment, host, terminal, desk, audit, screen] = await Promise.all([
    import('../doctor/check-files.ts'),
    import('../doctor/check-programs.ts'),
    import('../doctor/check-containment.ts'),
    import('../doctor/check-host.ts'),
    import('../doctor/check-terminal.ts'),
    import('./server/desk.ts'),
    import('../doctor/check-audit.ts'),
    import('../doctor/check-screen.ts'),
  ]);
  const { paths, registry, workspace } = desk.openDesk(io);
  const findings = (
    await Promise.all([
      programs.checkPrograms(io.env),
      containment.checkContainment(paths, io.env),
      files.checkFolders(paths),
      files.checkServers(registry, workspace),
      files.checkConfigFiles(paths),
      files.checkOwnFiles(paths),
      audit.checkAudit(paths),
      host.checkHost(paths, io.cwd, readVersion()).then((finding) => [finding]),
      terminal.checkTerminal(io),
      screen.checkScreen(paths, io.env),
    ])
  ).flat();
  if (findings.some((finding) => finding.state === 'bad')) io.exitCode = exitCodes.usage;
  if (options.json) {
    printJson(io, { findings });
    return;
  }
  const width = Math.max(...findings.map((finding) => finding.name.length));
  for (const { state, name, detail, next } of findings) {
    printLine(io, `${state.padEnd(4)}  ${name.padEnd(width)}  ${escapeProse(detail)}`);
    if (next !== null) printLine(io, `${' '.repeat(width + 8)}${escapeProse(next)}`);
  }
}
