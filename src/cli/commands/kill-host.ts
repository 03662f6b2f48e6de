/** `signalbox kill-host`: stops the host in order, also one of another version or one that does not answer. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { isAlive } from '../../base/process-life.ts';
import { OperationError } from '../../core/codes.ts';
import { type HostLock, parseHostLock } from '../../protocol/host-lock.ts';
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
  const holder = readHolder(paths.hostLock);
  try {
    await withHost(io, 'never', (client) => client.call('host.stop', {}));
  } catch (error) {
    if (holder !== null) {
      // Of another version, silent, or without its socket: the signal asks for the same orderly end.
      process.kill(holder.pid, 'SIGTERM');
    } else if (isNoHost(error)) {
      printLine(io, 'No host runs.');
      return;
    } else throw error;
  }
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (readHolder(paths.hostLock)?.pid !== holder?.pid || holder === null) {
      printLine(io, 'The host has stopped.');
      return;
    }
    await wait(retryEveryMs);
  }
  throw new OperationError(
    'TIMEOUT',
    `The host (pid ${holder?.pid}) has not stopped within 30 s; look into ${paths.hostLog}.`,
  );
}

/** The process that holds the lock; null when it is gone, so that no other process of the same pid is ever signalled. */
function readHolder(path: string): HostLock | null {
  try {
    const lock = parseHostLock(readFileSync(path, 'utf8'));
    return lock && isAlive(lock) ? lock : null;
  } catch {
    // No lock, no host.
    return null;
  }
}
