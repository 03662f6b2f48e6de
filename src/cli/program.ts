/** Turns arguments into the run of one command: parses, loads that command alone, and makes every failure a sentence and a status. */
import { Command } from 'commander';
import { escapeActing } from '../base/display/escape.ts';
import { commandTable } from './command-table.ts';
import { exitCodes } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { bindIo, type CliIo, processIo } from './output.ts';
import { toUsageSentence } from './usage-sentence.ts';
import { readVersion } from './version.ts';
import { wrapProse } from './wrap-prose.ts';

/** Runs `signalbox ARGV…` to its end and returns the exit status; never throws and never ends the process. */
export async function runCli(argv: readonly string[], io: CliIo = processIo): Promise<number> {
  const words = toWords(argv);
  try {
    const program = await buildProgram(words[0], io);
    if (words.length === 0) {
      // The bare call opens the screen before this file is loaded; here it can only be asked for by mistake.
      program.outputHelp();
      return exitCodes.usage;
    }
    await program.parseAsync(words, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    return reportFailure(error, io, { json: asksForJson(words) });
  }
}

/** A program with all commands by name; the named one, or with 'all' every one, is loaded with its options. */
export async function buildProgram(command: string | undefined, io: CliIo): Promise<Command> {
  const program = new Command('signalbox');
  bindIo(program, io);
  program
    .description(
      'AI agents on your servers, through one gate: policy, approval, audit, undo. Without a command it opens the screen.',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--theme <name>', 'draw the screen in this theme: auto, dark, light, high-contrast, …')
    .enablePositionalOptions()
    .addHelpText('after', examples);
  for (const row of commandTable) {
    if (row.name === command || command === 'all') (await row.load())(program);
    else program.command(row.name, { hidden: row.hidden ?? false }).description(row.summary);
  }
  for (const one of [program, ...descendants(program)]) prepare(one, io);
  return program;
}

export function descendants(command: Command): Command[] {
  return command.commands.flatMap((one) => [one as Command, ...descendants(one as Command)]);
}

const examples = `
Examples:
  signalbox                                open the screen
  signalbox demo                           try everything on embedded servers
  signalbox server add web-1 --host 10.0.0.5 --user ubuntu --environment staging
  signalbox exec web-1 -- uptime           run one command through the gate
  signalbox policy check 'rm -rf /srv'     explain a decision, with no server
`;

/** Errors return to runCli as exceptions, and every line goes to the streams of this run. */
function prepare(command: Command, io: CliIo): void {
  command.exitOverride();
  command.showHelpAfterError(false);
  command.configureOutput({
    writeOut: (text) => io.stdout.write(escapeActing(text)),
    writeErr: (text) => io.stderr.write(escapeActing(text)),
    outputError: (text, write) => write(wrapProse(io.stderr, toUsageSentence(text, command))),
    getOutHelpWidth: () => io.stdout.columns ?? 100,
    getErrHelpWidth: () => io.stderr.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
}

/** `help X Y` is `X Y --help`, so that only X is loaded. */
function toWords(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first !== 'help') return [...argv];
  return rest.length === 0 ? ['--help'] : [...rest, '--help'];
}

/** Read from the words themselves, since the parse may be what failed; what follows `--` is not ours. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes('--json');
}
