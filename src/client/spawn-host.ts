/** Starts the host in the background and waits until it says that it is ready. Who starts second finds the first one's host. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { LineSplitter } from '../base/ndjson.ts';
import { HostError } from './host-error.ts';

/** The file descriptor on which a started host says one line: ready, or why not. */
export const readyDescriptor = 3;
export const readyVariable = 'SIGNALBOX_READY_FD';

/** What a starting host says. `running`: another host was faster. */
export type ReadyLine =
  | { readonly ready: true }
  | { readonly running: string }
  | { readonly error: { readonly code: string; readonly message: string } };

const startTimeoutMs = 30_000;
const lineCharactersMax = 64 * 1024;
/** A host says little; past this its log begins anew and the old one is kept beside it. */
const logBytesMax = 8 * 1024 * 1024;

/**
 * Spawns `argv` in a session of its own, its output going to `logFile`. Resolves when a host is ready, this one or a faster one;
 * rejects with what the host said when it could not start.
 */
export async function spawnHost(argv: readonly string[], logFile: string): Promise<void> {
  const [program, ...rest] = argv;
  if (program === undefined) throw new HostError('INTERNAL', 'The command that starts the host is empty.');
  const log = openLog(logFile);
  const child = spawn(program, rest, {
    // It belongs to no terminal and no folder: the one it was started in may go away.
    detached: true,
    cwd: '/',
    env: { ...process.env, [readyVariable]: `${readyDescriptor}` },
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  try {
    const said = await readReadyLine(child.stdio[readyDescriptor] as Readable, logFile, child);
    if ('error' in said) throw new HostError(said.error.code, said.error.message);
  } finally {
    child.stdio[readyDescriptor]?.destroy();
    child.unref();
  }
}

/** Throws CONFIG_INVALID with what to do: on a read-only disk Node says of a folder only that there is none. */
function openLog(logFile: string): number {
  try {
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) renameSync(logFile, `${logFile}.1`);
    return openSync(logFile, 'a', 0o600);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new HostError(
      'CONFIG_INVALID',
      `${dirname(logFile)} cannot be written to (${why}); make it writable, or name another folder in SIGNALBOX_HOME.`,
    );
  }
}

function readReadyLine(pipe: Readable, logFile: string, child: ReturnType<typeof spawn>): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const lines = new LineSplitter(lineCharactersMax);
    const fail = (what: string): void => {
      clearTimeout(deadline);
      reject(new HostError('INTERNAL', `The host ${what}; ${logFile} says why.`));
    };
    const deadline = setTimeout(() => fail(`(pid ${child.pid}) was not ready within 30 s`), startTimeoutMs);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    pipe.on('data', (chunk: Buffer) => {
      const [line] = lines.push(chunk);
      if (line === undefined) return;
      clearTimeout(deadline);
      resolve(JSON.parse(line) as ReadyLine);
    });
    pipe.once('end', () => fail('ended before it was ready'));
    pipe.once('error', (error: Error) => fail(`could not be heard (${error.message})`));
  });
}
