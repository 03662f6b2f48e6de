/** The commands of `signalbox audit` that hand the log over, tell the history of a file, and settle what is open. */
import type { Command } from 'commander';
import { ioOf } from '../output.ts';

export function registerKeeping(audit: Command): void {
  audit
    .command('export')
    .argument('<folder>', 'a folder that does not exist or is empty')
    .argument('[filter...]', 'only these operations, in the words of "audit list"')
    .description('write a bundle that others can check without this program')
    .option('--server <id>', 'only on this server')
    .option('--session <id>', 'only of this session')
    .option('--since <time>', '2h, 7d, 2026-11-20 or 2026-11-20T09:30')
    .option('--until <time>', 'as --since')
    .option('--json', 'as JSON')
    .addHelpText('after', exportHelp)
    .action(async (folder: string, filter: readonly string[], options, command: Command) =>
      (await import('./export-audit.ts')).exportAudit(ioOf(command), folder, filter, options),
    );
  audit
    .command('history')
    .argument('<server>', 'id of the server')
    .argument('<path>', 'absolute path on it')
    .description('show every change of one remote file, and where it was changed past signalbox')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox audit history web-1 /etc/nginx/nginx.conf\n')
    .action(async (server: string, path: string, options, command: Command) =>
      (await import('./history-audit.ts')).historyAudit(ioOf(command), server, path, options),
    );
  audit
    .command('purge')
    .argument('[path]', 'absolute path of the file on the server, as "audit history" shows it')
    .option('--server <id>', 'the server of the file')
    .option('--before <date>', 'instead of one file: every content that was kept before, 2026-11-20 or 90d')
    .option('--recordings', 'instead of file contents: recordings of output that were made --before')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .description(
      'take kept file contents out of the snapshots for good, or recordings away; their hashes and the log stay',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox audit purge --server web-1 /etc/app/secret.conf\n  signalbox audit purge --before 90d --yes\n  signalbox audit purge --recordings --before 30d\n',
    )
    .action(async (path: string | undefined, options, command: Command) =>
      (await import('./purge-audit.ts')).purgeAudit(ioOf(command), path, options),
    );
  audit
    .command('acknowledge')
    .argument('<id>', 'id of the operation, or how it begins')
    .description('take an operation off the list of open items: you have seen how it ended')
    .option('--store-image', 'first read its file from the server and keep it as the after-image')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  signalbox audit list --open\n  signalbox audit acknowledge 01JD2\n')
    .action(async (id: string, options, command: Command) =>
      (await import('./acknowledge-audit.ts')).acknowledgeAudit(ioOf(command), id, options),
    );
}

const exportHelp = `
The bundle holds the segments of the log (or the chosen records), its checkpoints and public key, the kept files and recordings
that they name, a manifest signed with the key of the log, and verify.mjs, which checks all of it with nothing but Node.

Examples:
  signalbox audit export ~/audit-2026
  signalbox audit export /tmp/web-1 --server web-1 --since 7d

The exit status is 8 when the log is not intact; it is exported all the same.
`;
