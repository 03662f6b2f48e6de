/** `signalbox info`: versions and places, for bug reports and for finding one's files. */

import type { Command } from 'commander';
import { escapeExact } from '../../base/display/escape.ts';
import { toKeyFingerprint } from '../../core/audit/checkpoint.ts';
import { protocolVersion } from '../../protocol/version.ts';
import { readPublicKey } from '../../runtime/audit/signing-key.ts';
import { ioOf, printJson, printLine } from '../output.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  program
    .command('info')
    .description('show versions and where files are')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox info --json\n')
    .action(async (options: { json?: true }, command: Command) => {
      const io = ioOf(command);
      const { openDesk } = await import('./server/desk.ts');
      const { paths, workspace } = openDesk(io);
      const key = readPublicKey(paths.auditKeyFile);
      const info = {
        version: readVersion(),
        protocol: protocolVersion,
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        workspace,
        auditKey: key === null ? null : toKeyFingerprint(key),
        auditPublicKey: key,
        paths,
      };
      if (options.json) {
        printJson(io, info);
        return;
      }
      const { paths: places, ...versions } = info;
      const lines = Object.entries({ ...versions, ...places });
      const width = Math.max(...lines.map(([name]) => name.length));
      for (const [name, value] of lines)
        printLine(io, `${name.padEnd(width)}  ${escapeExact(String(value ?? 'none'))}`);
    });
}
