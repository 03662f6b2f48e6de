/** `signalbox kill-host`: stops the host in order, also one of another version or one that does not answer. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { readHostPid } from '../../client/connect.ts';
import { OperationError } from '../../core/codes.ts';
import { toPaths } from '../../runtime/paths.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printLine } from '../output.ts';
import { isNoHost } from './ls.ts';

export function register(program: Command): void {
  program
    .command('kill-host')
    .description('stop the host: waiting approvals are refused, agents end')
    .addHelpText('after', '\nRunning operations get a few seconds to settle.\n\nExample:\n  signalbox kill-host\n')
    .action(async (_options: object, command: Command) => killHost(ioOf(command)));
}

/** The host itself needs some 20 s at most, when every step of its shutdown hangs. */
const attemptsMax = 300;
const retryEveryMs = 100;

async function killHost(io: CliIo): Promise<void> {
  const paths = toPaths(io.env);
  const pid = readHostPid(paths);
  try {
    await withHost(io, 'never', (client) => client.call('host.stop', {}));
  } catch (error) {
    if (isNoHost(error)) {
      printLine(io, 'No host runs.');
      return;
    }
    // Of another version, or silent: the signal asks for the same orderly end.
    if (pid === null || !sendTerm(pid)) throw error;
  }
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (readHostPid(paths) !== pid) {
      printLine(io, 'The host has stopped.');
      return;
    }
    await wait(retryEveryMs);
  }
  throw new OperationError('TIMEOUT', `The host (pid ${pid}) has not stopped within 30 s; look into ${paths.hostLog}.`);
}

function sendTerm(pid: number): boolean {
  try {
    process.kill(pid, 'SIGTERM');
    return true;
  } catch {
    // Not there any more, or of another user: the first error says what to do.
    return false;
  }
}
