/** `signalbox host` (hidden): the host in the foreground. Clients start it in the background by themselves. */
import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { assembleHost } from '../../assemble.ts';
import { toPaths } from '../../runtime/paths.ts';
import { runHostProcess } from '../host-process.ts';
import { ioOf } from '../output.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  program
    .command('host', { hidden: true })
    .description('run the host in the foreground; clients start one by themselves')
    .action(async (_options: object, command: Command) => {
      const io = ioOf(command);
      const paths = toPaths(io.env);
      const program = [process.execPath, realpathSync(process.argv[1] ?? '')];
      io.exitCode = await runHostProcess(io, paths, (log) =>
        assembleHost({ paths, env: io.env, version: readVersion(), demo: false, program, log }),
      );
    });
}
