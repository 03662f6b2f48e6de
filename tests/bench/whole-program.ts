/**
 * The whole program under floods from a real sshd: host and screen of the built program on a terminal of 200 × 50, and tmux with as many
 * panes of `ssh` beside it. Keys are typed meanwhile, and the processor time for the same bytes is compared.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHostPid } from '../../src/client/connect.ts';
import { protocolVersion } from '../../src/protocol/version.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { type DrivenTerminal, openDrivenTerminal, processorSeconds, residentBytes } from './driven-terminal.ts';
import { type Aim, type Effort, type Measure, type Report, toMeasure } from './measure.ts';

const name = 'whole-program';
const title = 'the whole program while servers flood their panes, real sshd, 200 × 50';
const keysOf: Readonly<Record<Effort, number>> = { full: 150, quick: 30 };
const keyEveryMs = 60;
const paneCounts: Readonly<Record<Effort, readonly number[]>> = { full: [1, 4, 8, 16], quick: [8] };
const p99MsMax = 30;
const fileMiB: Readonly<Record<Effort, number>> = { full: 24, quick: 4 };
const samePanes = 8;

export async function benchWholeProgram(effort: Effort): Promise<Report> {
  const missing = whatIsMissing();
  if (missing !== null) return { name, title, measures: [], aims: [], notes: [`left out: ${missing}`] };
  const ends: (() => unknown)[] = [];
  try {
    const sshd = await startSshd({ account: { shell: '/bin/bash' }, config: ['MaxStartups 100', 'MaxSessions 50'] });
    ends.push(() => sshd.stop());
    const file = join(sshd.folder, 'flood.log');
    writeFileSync(file, toFlood(fileMiB[effort] * 1024 * 1024), { mode: 0o644 });
    return await measure(effort, sshd, file, ends);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function whatIsMissing(): string | null {
  const { ok, reason } = sshdAvailable();
  if (!ok) return reason;
  for (const program of ['python3', 'tmux', 'ssh'])
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `no ${program} here`;
  return null;
}

/** Lines as logs have them, some in colour, none like the one before. */
function toFlood(bytes: number): string {
  const lines: string[] = [];
  for (let count = 0, size = 0; size < bytes; count += 1) {
    const line = `2026-11-20T09:30:00 web[${count % 977}]: \x1b[3${count % 8}mrequest ${count}\x1b[0m ${'lorem ipsum '.repeat(count % 7)}`;
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

async function measure(effort: Effort, sshd: Sshd, file: string, ends: (() => unknown)[]): Promise<Report> {
  const measures: Measure[] = [];
  const aims: Aim[] = [];
  const notes: string[] = [];
  const program = await openProgram(sshd, Math.max(...paneCounts[effort]), ends);
  const quiet = await program.screen.type(toKeys(keysOf[effort]), keyEveryMs);
  for (const count of paneCounts[effort]) {
    const flood = program.flood(count, file, 'again and again');
    const times = await program.screen.type(toKeys(keysOf[effort]), keyEveryMs);
    await flood.stop();
    await program.clear();
    const measured = toMeasure(`signalbox, ${count} flooded`, 'subject', times);
    measures.push(measured);
    const note = `${count} flooded: host ${toMiB(residentBytes(program.hostPid))}, screen ${toMiB(residentBytes(program.screen.pid))} MiB resident`;
    notes.push(note);
    if (count !== samePanes) continue;
    const isMet = measured.p99Ms <= p99MsMax;
    aims.push({ aim: `p99 at most ${p99MsMax} ms with ${count}`, measured: measured.p99Ms, unit: 'ms', isMet });
  }
  measures.push(toMeasure('signalbox, quiet', 'baseline', quiet));
  const ours = await program.costOf(samePanes, file);
  await program.end();
  const tmux = await costOfTmux(sshd, samePanes, file, ends);
  const total = samePanes * fileMiB[effort];
  aims.push({
    aim: `processor time for ${total} MiB in ${samePanes} panes at most that of tmux with ssh`,
    ...{ measured: ours / tmux, unit: '×', isMet: ours <= tmux },
  });
  notes.push(
    `${total} MiB cost host and screen ${ours.toFixed(1)} s and tmux with its ssh processes ${tmux.toFixed(1)} s of processor time; each skips what nobody could see.`,
  );
  return { name, title, measures, aims, notes };
}

/** Characters of the CJK block: one after another, each seen once. */
let nextKey = 0x4e00;
function toKeys(count: number): string[] {
  return Array.from({ length: count }, () => String.fromCodePoint(nextKey++));
}

interface Program {
  readonly screen: DrivenTerminal;
  readonly hostPid: number;
  flood(count: number, file: string, how: 'once' | 'again and again'): Flood;
  /** Processor time of host and screen for one flood, in seconds. */
  costOf(count: number, file: string): Promise<number>;
  /** Empties the prompt. */
  clear(): Promise<void>;
  end(): Promise<void>;
}

interface Flood {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

async function openProgram(sshd: Sshd, servers: number, ends: (() => unknown)[]): Promise<Program> {
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
    ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
  };
  const main = join(process.cwd(), 'dist', 'main.cjs');
  const opened = spawnSync(process.execPath, [main, 'new', '--agent', 'demo', '--server', ids.join(',')], { env });
  if (opened.status !== 0) throw new Error(`No session could be opened: ${opened.stderr}`);
  const screen = await openDrivenTerminal([process.execPath, main, 'attach'], env);
  await screen.send('', 'Write to the agent');
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
    async costOf(count, file) {
      const before = processorSeconds([hostPid, screen.pid]);
      await flood(count, file, 'once').ended;
      // What is on its way still costs.
      await sleep(1_000);
      return processorSeconds([hostPid, screen.pid]) - before;
    },
  };
}

/** Asks the host for `cat` on each server, as the operator, over bare sockets that throw away what comes: no work of ours is measured. */
function startFlood(socketPath: string, ids: readonly string[], file: string, how: 'once' | 'again and again'): Flood {
  let isStopped = false;
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
        const run = (): void =>
          say({ id: (id += 1), method: 'operation.perform', params: { operation: 'remote_exec', input } });
        say({ id: 1, method: 'hello', params: { protocol: protocolVersion, version: '0', client: 'cli', cwd: '/' } });
        run();
        socket.on('data', (chunk: Buffer) => {
          tail = tail.slice(-40) + chunk.toString('latin1');
          if (!tail.includes(`{"id":${id},`)) return;
          tail = '';
          if (how === 'again and again' && !isStopped) run();
          else socket.destroy();
        });
        socket.once('close', () => resolve());
        socket.on('error', () => undefined);
      }),
  );
  const ended = Promise.all(runs).then(() => undefined);
  return {
    ended,
    async stop() {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}

/** Seconds of the tmux server, its client and the `ssh` in each pane. */
async function costOfTmux(sshd: Sshd, count: number, file: string, ends: (() => unknown)[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-tmux-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const known = join(folder, 'known_hosts');
  writeFileSync(known, sshd.knownHostsLine);
  const socket = join(folder, 'tmux');
  const tmux = (...argv: readonly string[]) =>
    spawnSync('tmux', ['-f', '/dev/null', '-S', socket, ...argv], { encoding: 'utf8' });
  ends.push(() => tmux('kill-server'));
  const go = join(folder, 'go');
  const times = (pane: number): string => join(folder, `times-${pane}`);
  const ssh = `ssh -q -o UserKnownHostsFile=${known} -i ${sshd.privateKeyPath} -p ${sshd.port} ${sshd.username}@${sshd.host} cat ${file}`;
  // The shell's own account of what its children took; the last line of `times` is theirs.
  const command = (pane: number): string =>
    `until test -e ${go}; do sleep 0.05; done; ${ssh}; times > ${times(pane)}; sleep 1000`;
  tmux('new-session', '-d', '-x', '200', '-y', '50', 'bash', '-c', command(0));
  for (let pane = 1; pane < count; pane += 1) {
    tmux('split-window', 'bash', '-c', command(pane));
    tmux('select-layout', 'tiled');
  }
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  const client = await openDrivenTerminal(['tmux', '-S', socket, 'attach'], env);
  ends.push(() => client.end());
  await sleep(500);
  const pids = [Number(tmux('display-message', '-p', '#{pid}').stdout), client.pid];
  const before = processorSeconds(pids);
  spawn('touch', [go]);
  for (let pane = 0; pane < count; pane += 1) while (toChildSeconds(times(pane)) === null) await sleep(50);
  await sleep(1_000);
  const children = Array.from({ length: count }, (_, pane) => toChildSeconds(times(pane)) ?? 0);
  return processorSeconds(pids) - before + children.reduce((sum, seconds) => sum + seconds, 0);
}

/** `0m1.203s 0m0.350s`, of the children, in the second line. */
function toChildSeconds(path: string): number | null {
  try {
    const [, children = ''] = readFileSync(path, 'utf8').trim().split('\n');
    const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    return parts.length < 2
      ? null
      : parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  } catch {
    return null;
  }
}

function toMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
