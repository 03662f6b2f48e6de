/** The life of a host as a process: lock, parts, signals, the word "ready" to whoever started it, and an orderly end. Decides nothing. */

import { writeSync } from 'node:fs';
import { escapeProse } from '../base/display/escape.ts';
import { keepHeapFrugal } from '../base/frugal-heap.ts';
import type { ReadyLine } from '../client/spawn-host.ts';
import { readyVariable } from '../client/spawn-host.ts';
import { OperationError } from '../core/codes.ts';
import type { Paths } from '../core/paths.ts';
import { acquireHostLock, runningSentence } from '../host/acquire-host-lock.ts';
import { type Host, startHost } from '../host/host.ts';
import type { HostParts } from '../host/parts.ts';
import { preparePrivateFolder } from '../runtime/paths.ts';
import { exitCodes, toExitCode } from './exit-codes.ts';
import type { CliIo } from './output.ts';

export interface AssembledHost {
  readonly parts: HostParts;
  /** Ends the parts when the host could not start; a host that runs ends them itself. */
  readonly engine: { dispose(): Promise<void> };
}

/** Runs a host until it is stopped; returns the exit status. `assemble` is called once the lock is held. */
export async function runHostProcess(
  io: CliIo,
  paths: Paths,
  assemble: (log: (line: string) => void) => Promise<AssembledHost>,
): Promise<number> {
  process.umask(0o077);
  keepHeapFrugal();
  const say = toReadySpeaker(io.env);
  const log = (line: string): void => {
    // One line an entry, whatever it quotes: nobody can write an entry of their own into the log.
    io.stderr.write(`${new Date().toISOString()} ${escapeProse(line)}\n`);
  };
  try {
    for (const folder of [paths.data, paths.runtime]) preparePrivateFolder(folder);
    const acquired = acquireHostLock(paths.hostLock);
    if (acquired.kind === 'running') {
      const sentence = runningSentence(acquired.holder);
      say({ running: sentence });
      io.stderr.write(`signalbox: ${escapeProse(sentence)}\n`);
      return exitCodes.usage;
    }
    const host = await start(acquired.lock, assemble, log);
    const signals = toSignalStops(host, log);
    log(`host ${process.pid} is ready on ${host.controlSocket}`);
    say({ ready: true });
    const problems = await host.stopped;
    signals.dispose();
    log('host has stopped');
    return problems.length === 0 && !signals.sawBug() ? exitCodes.done : exitCodes.bug;
  } catch (error) {
    if (!(error instanceof OperationError)) {
      log(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      say({ error: { code: 'INTERNAL', message: `The host could not start; ${paths.hostLog} says why.` } });
      return exitCodes.bug;
    }
    log(error.message);
    say({ error: { code: error.code, message: error.message } });
    return toExitCode(error.code);
  }
}

async function start(
  lock: { dispose(): void },
  assemble: (log: (line: string) => void) => Promise<AssembledHost>,
  log: (line: string) => void,
): Promise<Host> {
  let assembled: AssembledHost | null = null;
  try {
    assembled = await assemble(log);
    return await startHost(assembled.parts, lock);
  } catch (error) {
    await assembled?.engine.dispose().catch((problem: Error) => log(`after a failed start: ${problem.message}`));
    lock.dispose();
    throw error;
  }
}

/** A bug anywhere ends the host in order: what waits is refused, what runs may settle, the log is closed. */
function toSignalStops(host: Host, log: (line: string) => void): { sawBug(): boolean; dispose(): void } {
  let bugs = 0;
  const stopOn = (name: string) => (): void => void host.stop(name);
  const handlers = { SIGTERM: stopOn('SIGTERM'), SIGINT: stopOn('SIGINT'), SIGHUP: stopOn('SIGHUP') } as const;
  const handleBug = (error: unknown): void => {
    log(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    bugs += 1;
    void host.stop('a bug');
  };
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  process.on('uncaughtException', handleBug);
  process.on('unhandledRejection', handleBug);
  return {
    sawBug: () => bugs > 0,
    dispose() {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      process.off('uncaughtException', handleBug);
      process.off('unhandledRejection', handleBug);
    },
  };
}

/** One line to the client that started this host, when one did. */
function toReadySpeaker(env: NodeJS.ProcessEnv): (line: ReadyLine) => void {
  const descriptor = Number(env[readyVariable] ?? Number.NaN);
  // Agents and commands of this host must not inherit the word.
  delete env[readyVariable];
  return (line) => {
    if (!Number.isSafeInteger(descriptor)) return;
    try {
      writeSync(descriptor, `${JSON.stringify(line)}\n`);
    } catch {
      // The client that started us is gone; others will come.
    }
  };
}
