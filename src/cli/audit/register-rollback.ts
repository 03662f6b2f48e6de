/** The commands of `signalbox audit` that look at what changed, take it back, and replay what was printed. */
import { type Command, InvalidArgumentError } from 'commander';
import { ioOf } from '../output.ts';

export function registerRollback(audit: Command): void {
  audit
    .command('changes')
    .requiredOption('--session <id>', 'the session')
    .description('list every file that a session changed, and what became of it')
    .option('--diff', 'with the whole difference of each file')
    .option('--offline', 'from the log alone, without a look at the servers')
    .option('--json', 'as JSON: {"session","files"}')
    .addHelpText('after', '\nExample:\n  signalbox audit changes --session k3mh --diff\n')
    .action(async (options, command: Command) =>
      (await import('./changes-audit.ts')).changesAudit(ioOf(command), options),
    );
  audit
    .command('rollback')
    .argument('[id]', 'id of the operation, or how it begins')
    .description('put files back to what they were before a change, through the gate')
    .option('--session <id>', 'everything that this session changed, newest first')
    .option('--to <id>', 'with --session: only what came after this change, which stays')
    .option('--preview', 'only show what would happen')
    .option('--json', 'as JSON: {"preview","results"}')
    .addHelpText('after', rollbackHelp)
    .action(async (id: string | undefined, options, command: Command) =>
      (await import('./rollback-audit.ts')).rollbackAudit(ioOf(command), id, options),
    );
}

/** Adds `audit replay`, which needs no host. */
export function registerReplay(audit: Command): void {
  audit
    .command('replay')
    .argument('<id>', 'id of the operation, or how it begins')
    .description("play the recording of a command's output")
    .option('--speed <factor>', 'so many times as fast', toFactor, 1)
    .option('--idle <seconds>', 'longest pause', toFactor, 2)
    .option('--file', 'print the path of the recording, an asciicast of version 2, instead')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox audit replay 01JD2 --speed 4\n  asciinema play "$(signalbox audit replay 01JD2 --file)"\n\nThe exit status is 8 when the recording is not the one that the log registered.\n',
    )
    .action(async (id: string, options, command: Command) =>
      (await import('./replay-audit.ts')).replayAudit(ioOf(command), id, options),
    );
}

function toFactor(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 1_000) return value;
  throw new InvalidArgumentError('It must be a number above 0, at most 1000.');
}

const rollbackHelp = `
Examples:
  signalbox audit rollback 01JD2
  signalbox audit rollback --session k3mh --preview

Each file is shown first and then asked about like any other change. A file that the change created is deleted again.
A file that is not what the change left (content, mode, owner, or where its path leads) is not touched: it stops there.
What only has a hash in the snapshots (sensitive or large files) and what commands did cannot be rolled back.
`;
