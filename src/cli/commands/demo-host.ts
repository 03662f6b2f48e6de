/** `signalbox demo-host` (hidden): a host in the foreground with the three embedded servers inside; started by `signalbox demo`. */
import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { assembleHost } from '../../assemble.ts';
import { demoPaths } from '../demo/demo-paths.ts';
import { startDemoServers } from '../demo/start-demo-servers.ts';
import { runHostProcess } from '../host-process.ts';
import { ioOf } from '../output.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  program
    .command('demo-host', { hidden: true })
    .description('run the host of the demo in the foreground')
    .action(async (_options: object, command: Command) => {
      const io = ioOf(command);
      const paths = demoPaths(io.env);
      const program = [process.execPath, realpathSync(process.argv[1] ?? '')];
      let servers = { close: async (): Promise<void> => undefined };
      try {
        io.exitCode = await runHostProcess(io, paths, async (log) => {
          servers = await startDemoServers(paths);
          return await assembleHost({ paths, env: io.env, version: readVersion(), demo: true, program, log });
        });
      } finally {
        await servers.close();
      }
    });
}
