/** The commands of `signalbox audit` that look at what changed and take it back; they need the host. */
import type { Command } from 'commander';
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

const rollbackHelp = `
Examples:
  signalbox audit rollback 01JD2
  signalbox audit rollback --session k3mh --preview

Each file is shown first and then asked about like any other change. A file that the change created is deleted again.
A file that is not what the change left (content, mode, owner, or where its path leads) is not touched: it stops there.
What only has a hash in the snapshots (sensitive or large files) and what commands did cannot be rolled back.
`;
