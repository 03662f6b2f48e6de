/** `signalbox kill-host`: stops the host in order, also one of another version or one that does not answer. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { isAlive } from '../../base/process-life.ts';
import { OperationError } from '../../core/codes.ts';
import { type HostLock, parseHostLock } from '../../protocol/host-lock.ts';
import type { View } from '../../protocol/view.ts';
import { toPaths } from '../../runtime/paths.ts';
import { askYes, canAsk } from '../ask.ts';
import { withHost } from '../host-client.ts';
import { type CliIo, ioOf, printLine, printNote } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { isNoHost } from './ls.ts';

export function register(program: Command): void {
  program
    .command('kill-host')
    .description('stop the host: its sessions end with their agents, waiting approvals are refused')
    .option('--yes', 'do not ask, also when something runs or waits')
    .addHelpText(
      'after',
      '\nAgents end with the host; their sessions come back with the next one. Running operations get a few seconds to settle.\n\nExample:\n  signalbox kill-host\n',
    )
    .action(async (options: { yes?: true }, command: Command) => killHost(ioOf(command), options));
}

/** The host itself needs some 20 s at most, when every step of its shutdown hangs. */
const attemptsMax = 300;
const retryEveryMs = 100;

async function killHost(io: CliIo, options: { readonly yes?: true }): Promise<void> {
  const paths = toPaths(io.env);
  const holder = readHolder(paths.hostLock);
  try {
    await withHost(io, 'never', async (client) => {
      await askWhatEnds(io, await client.view(), options);
      await client.call('host.stop', {});
    });
  } catch (error) {
    if (error instanceof NotAgreed) throw error.reason;
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

/** Kept apart from whatever may go wrong with a host, where the signal is the way out. */
class NotAgreed extends Error {
  readonly reason: OperationError;

  constructor(reason: OperationError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Says what would be lost, and asks; without a terminal `--yes` is the answer. Throws NotAgreed. */
async function askWhatEnds(io: CliIo, view: View, options: { readonly yes?: true }): Promise<void> {
  const alive = Object.values(view.sessions).filter(({ agents }) => agents.some(({ isRunning }) => isRunning));
  const running = Object.values(view.panes).flatMap(({ server, blocks }) =>
    blocks.filter(({ state }) => state === 'running').map(() => ({ server })),
  );
  const shells = Object.values(view.shells).filter(({ state }) => state !== 'ended');
  const what = [
    ...(alive.length === 0
      ? []
      : [`ends the agents of ${toCount(alive.length, 'session')} (${alive.map(({ id }) => id).join(', ')})`]),
    ...(running.length === 0
      ? []
      : [
          `cuts off ${toCount(running.length, 'operation')} that run${running.length === 1 ? 's' : ''} (${toServers(running)})`,
        ]),
    ...(shells.length === 0 ? [] : [`ends ${toCount(shells.length, 'shell')} of yours (${toServers(shells)})`]),
    ...(view.approvals.length === 0 ? [] : [`refuses ${toCount(view.approvals.length, 'waiting approval')}`]),
  ].join(' and ');
  if (what === '') return;
  if (!options.yes && !canAsk(io))
    throw new NotAgreed(
      new OperationError(
        'INVALID_ARGUMENT',
        `The host runs on: stopping it ${what}, and without a terminal nothing is asked; say --yes to stop it all the same.`,
      ),
    );
  printNote(io, `Stopping the host ${what}.`);
  if (options.yes) return;
  const isAgreed = await askYes(io, 'Stop it?').catch(() => false);
  if (!isAgreed) throw new NotAgreed(new OperationError('CANCELLED', 'The host runs on.'));
}

function toServers(all: readonly { readonly server: string }[]): string {
  return [...new Set(all.map(({ server }) => toSafeLine(server)))].join(', ');
}

function toCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
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
