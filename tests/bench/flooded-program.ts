/**
 * The built program on a terminal with a host of its own and servers of a real sshd, and floods for its panes: what benchmarks of the
 * whole program share. It measures nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectToHost, readHostPid } from '../../src/client/connect.ts';
import type { Paths } from '../../src/core/paths.ts';
import { protocolVersion } from '../../src/protocol/version.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { type Sshd, sshdAvailable } from '../fixtures/sshd.ts';
import { type DrivenTerminal, openDrivenTerminal, processorSeconds } from './driven-terminal.ts';

export interface Program {
  readonly screen: DrivenTerminal;
  readonly hostPid: number;
  flood(count: number, file: string, how: FloodTimes): Flood;
  /** Processor time of host and screen for one flood, in seconds. */
  costOf(count: number, file: string): Promise<number>;
  /** The same where an emulator parses every byte: in shells of the operator. */
  costOfShells(count: number, file: string): Promise<number>;
  /** Empties the prompt. */
  clear(): Promise<void>;
  end(): Promise<void>;
}

/** Again and again: from the end of a command to the next one, this long. */
type FloodTimes = 'once' | { readonly pauseMs: number };

export interface Flood {
  /** How many commands were begun so far. */
  commands(): number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** What opens the screen; `attach` unless it is said. */
  readonly argv?: readonly string[];
  /** Is on the screen once it is open. */
  readonly until?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openProgram(
  sshd: Sshd,
  servers: number,
  ends: (() => unknown)[],
  { argv = ['attach'], until = 'Write to the agent', env: more = {} }: ProgramOptions = {},
): Promise<Program> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  ends.push(() => rm(home, { recursive: true, force: true }));
  const paths = toPaths({ SIGNALBOX_HOME: home });
  mkdirSync(paths.config, { recursive: true, mode: 0o700 });
  const ids = Array.from({ length: servers }, (_, index) => `web-${index + 1}`);
  const { host, port, username, privateKeyPath } = sshd;
  const auth = { kind: 'privateKey', privateKeyPath };
  const records = ids.map((id) => ({ id, host, port, username, environment: 'development', auth }));
  writeFileSync(paths.serversFile, JSON.stringify(records), { mode: 0o600 });
  writeFileSync(paths.knownHostsFile, sshd.knownHostsLine, { mode: 0o600 });
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: home, SIGNALBOX_HOME: home },
    ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...more },
  };
  const main = join(process.cwd(), 'dist', 'main.cjs');
  const opened = spawnSync(process.execPath, [main, 'new', '--agent', 'demo', '--server', ids.join(',')], { env });
  if (opened.status !== 0) throw new Error(`No session could be opened: ${opened.stderr}`);
  const screen = await openDrivenTerminal([process.execPath, main, ...argv], env);
  await screen.send('', until);
  const hostPid = readHostPid(paths) ?? 0;
  const flood: Program['flood'] = (count, file, how) => startFlood(paths.controlSocket, ids.slice(0, count), file, how);
  const end = async (): Promise<void> => {
    await screen.end();
    spawnSync(process.execPath, [main, 'kill-host', '--yes'], { env });
  };
  ends.push(end);
  return {
    ...{ screen, hostPid, flood, end },
    clear: () => screen.send('\x15', 'Write to the agent'),
    async costOfShells(count, file) {
      const before = processorSeconds([hostPid, screen.pid]);
      await printInShells(paths, ids.slice(0, count), file);
      await sleep(1_000);
      return processorSeconds([hostPid, screen.pid]) - before;
    },
    async costOf(count, file) {
      const before = processorSeconds([hostPid, screen.pid]);
      await flood(count, file, 'once').ended;
      // What is on its way still costs.
      await sleep(1_000);
      return processorSeconds([hostPid, screen.pid]) - before;
    },
  };
}

/** Resolves when all of them have printed the file and ended. */
async function printInShells(paths: Paths, ids: readonly string[], file: string): Promise<void> {
  const { connection } = await connectToHost({ paths, cwd: '/', client: 'screen', version: '0', start: 'never' });
  const open = new Set<string>();
  const ended = new Promise<void>((resolve) =>
    connection.onEvent(({ event }) => {
      if (event.type === 'shell.removed') open.delete(event.id);
      if (event.type === 'shell.removed' && open.size === 0) resolve();
    }),
  );
  await connection.call('view.attach', {});
  for (const server of ids) {
    const { id } = await connection.call('shell.open', { server, columns: 100, rows: 24, term: 'xterm-256color' });
    open.add(id);
  }
  const bytes = Buffer.from(`cat ${file}; exit\r`).toString('base64');
  await Promise.all([...open].map((shell) => connection.call('shell.type', { shell, bytes })));
  await ended;
  connection.close();
}

/** Asks the host for `cat` on each server, as the operator, over bare sockets that throw away what comes: no work of ours is measured. */
function startFlood(socketPath: string, ids: readonly string[], file: string, how: FloodTimes): Flood {
  let isStopped = false;
  let commands = 0;
  const sockets: Socket[] = [];
  const runs = ids.map(
    (server) =>
      new Promise<void>((resolve) => {
        const socket = connect(socketPath);
        sockets.push(socket);
        const say = (frame: unknown): void => void socket.write(`${JSON.stringify(frame)}\n`);
        const input = { server, argv: ['cat', file] };
        let tail = '';
        let id = 1;
        const run = (): void => {
          commands += 1;
          say({ id: (id += 1), method: 'operation.perform', params: { operation: 'remote_exec', input } });
        };
        say({ id: 1, method: 'hello', params: { protocol: protocolVersion, version: '0', client: 'cli', cwd: '/' } });
        run();
        socket.on('data', (chunk: Buffer) => {
          tail = tail.slice(-40) + chunk.toString('latin1');
          if (!tail.includes(`{"id":${id},`)) return;
          tail = '';
          if (how === 'once') socket.destroy();
          else setTimeout(() => (isStopped ? socket.destroy() : run()), how.pauseMs);
        });
        socket.once('close', () => resolve());
        socket.on('error', () => undefined);
      }),
  );
  const ended = Promise.all(runs).then(() => undefined);
  return {
    ended,
    commands: () => commands,
    async stop() {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}

export function whatIsMissing(): string | null {
  const { ok, reason } = sshdAvailable();
  if (!ok) return reason;
  for (const program of ['python3', 'tmux', 'ssh'])
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `no ${program} here`;
  return null;
}

/** Lines as logs have them, some in colour, none like the one before. */
export function toFlood(bytes: number): string {
  const lines: string[] = [];
  for (let count = 0, size = 0; size < bytes; count += 1) {
    const line = `2026-11-20T09:30:00 web[${count % 977}]: \x1b[3${count % 8}mrequest ${count}\x1b[0m ${'lorem ipsum '.repeat(count % 7)}`;
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** Characters of the CJK block: one after another, each seen once. */
let nextKey = 0x4e00;
export function toKeys(count: number): string[] {
  return Array.from({ length: count }, () => String.fromCodePoint(nextKey++));
}
