/** `signalbox audit`: the record, read from its files, with or without a running host; what takes changes back asks the host. */
import type { Command } from 'commander';
import { auditFilterHelp } from '../../core/audit/audit-filter.ts';
import { auditOutcomes } from '../../core/audit/record.ts';
import { registerKeeping } from '../audit/register-keeping.ts';
import { registerReplay, registerRollback } from '../audit/register-rollback.ts';
import { toCount } from '../options.ts';
import { ioOf } from '../output.ts';

export function register(program: Command): void {
  const audit = program.command('audit').description('who did what, on whose approval, and is the log intact');
  audit
    .command('list')
    .argument('[filter...]', auditFilterHelp)
    .description('list operations, newest first')
    .option('--server <id>', 'only on this server')
    .option('--session <id>', 'only of this session')
    .option('--tool <name>', 'only of this tool')
    .option('--outcome <outcome>', `only with this outcome: ${auditOutcomes.join(', ')}`)
    .option('--text <text>', 'only with this text in id, server, agent, tool, command, code or rule')
    .option('--open', 'only what nobody has acknowledged: unknown outcomes, partial failures, what never ran')
    .option('--limit <count>', 'at most so many', toCount, 50)
    .option('--offset <count>', 'leave out so many of the newest', toCount, 0)
    .option('--json', 'as JSON: {"rows","total"}')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox audit list --server web-1 --outcome denied\n  signalbox audit list --open\n  signalbox audit list server:web-1 since:2h nginx\n  signalbox audit list -- -outcome:ok\n',
    )
    .action(async (filter: readonly string[], options, command: Command) =>
      (await import('../audit/list-audit.ts')).listAudit(ioOf(command), filter, options),
    );
  audit
    .command('show')
    .argument('<id>', 'id of the operation, or how it begins')
    .description('show all records of one operation')
    .option('--json', 'as JSON: {"row","records"}')
    .addHelpText('after', '\nExample:\n  signalbox audit show 01JD2\n')
    .action(async (id: string, options, command: Command) =>
      (await import('../audit/show-audit.ts')).showAudit(ioOf(command), id, options),
    );
  audit
    .command('diff')
    .argument('<id>', 'id of the operation, or how it begins')
    .description('show what the operation changed in its file, as a unified diff')
    .option('--json', 'as JSON: {"id","server","path","diff","note"}')
    .addHelpText('after', '\nExample:\n  signalbox audit diff 01JD2\n')
    .action(async (id: string, options, command: Command) =>
      (await import('../audit/diff-audit.ts')).diffAudit(ioOf(command), id, options),
    );
  registerRollback(audit);
  registerReplay(audit);
  registerKeeping(audit);
  audit
    .command('tail')
    .description('print the last records, one a line')
    .option('-n, --lines <count>', 'how many', toCount, 20)
    .option('-f, --follow', 'go on with what is added, until Ctrl-C')
    .option('--json', 'as JSON, one record a line')
    .addHelpText('after', '\nExample:\n  signalbox audit tail -f\n')
    .action(async (options, command: Command) =>
      (await import('../audit/tail-audit.ts')).tailAudit(ioOf(command), options),
    );
  audit
    .command('verify')
    .description('check the whole chain and name the first record that is not as it was written')
    .option('--key <fingerprint>', 'trust this key and no other; again for one more', collect)
    .option('--second <file>', 'compare with checkpoints that were kept there')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox audit verify\n  signalbox audit verify --key SHA256:… --second /mnt/elsewhere/checkpoints.jsonl\n\nThe exit status is 0 for an intact log and 8 for one that is not.\n',
    )
    .action(async (options, command: Command) =>
      (await import('../audit/verify-audit.ts')).verifyAudit(ioOf(command), options),
    );
}

function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}
