/** The host as a process of its own, started by real commands: one at a time, whatever happens to it or to its clients. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { parseHostLock } from '../../src/protocol/host-lock.ts';
import { protocolVersion } from '../../src/protocol/version.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { eventually } from '../fixtures/eventually.ts';
import { endHost, isRunning } from '../fixtures/program-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'main.cjs');
let home = '';

beforeAll(() => {
  const code = `import { ensureBuilt } from './scripts/setup.mjs'; ensureBuilt();`;
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  expect([built.status, built.status === 0 ? '' : built.stderr]).toEqual([0, '']);
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-process-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await endHost(hostPid());
  rmSync(home, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: home, SIGNALBOX_HOME: home });
const paths = () => toPaths(environment());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function signalbox(...argv: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], { cwd: home, env: environment() }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...argv], { cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves once exactly these processes run a host for this home: as the system lists processes, not as anybody says. */
async function untilHosts(pids: readonly number[]): Promise<void> {
  const isHost = (pid: string): boolean => {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return argv[1] === main && argv[2] === 'host' && env.includes(`SIGNALBOX_HOME=${home}`);
    } catch {
      // It ended meanwhile.
      return false;
    }
  };
  const list = (): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isHost(name))
      .map(Number);
  await eventually(() => expect(list()).toEqual(pids));
}

/** Resolves once the stream has said these words. */
function untilSaid(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (said.includes(words)) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended before it said ${words}: ${said}`)));
  });
}

function hostPid(): number | null {
  return existsSync(paths().hostLock) ? (parseHostLock(readFileSync(paths().hostLock, 'utf8'))?.pid ?? null) : null;
}

/** A client that has attached as a screen does, and is killed with -9. */
async function killScreen(): Promise<void> {
  const script = `
    const socket = require('net').connect(${JSON.stringify(paths().controlSocket)});
    const send = (id, method, params) => socket.write(JSON.stringify({ id, method, params }) + '\\n');
    send(1, 'hello', { protocol: ${protocolVersion}, version: '0', client: 'screen', cwd: '/' });
    send(2, 'view.attach', {});
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.includes('"view"')) process.stderr.write('attached');
    });`;
  const screen = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilSaid(screen, 'attached');
  const gone = once(screen, 'exit');
  screen.kill('SIGKILL');
  await gone;
}

const hostLog = (): string => readFileSync(paths().hostLog, 'utf8');
const ask = () => signalbox('exec', 'nope', '--', 'uptime');

describe('a host in the background', () => {
  it('is started by the first command that needs one, used by the next, refuses a second one, outlives its clients, and is replaced', async () => {
    expect((await signalbox('ls')).stdout).toBe('No sessions.\n');
    expect(hostPid()).toBe(null);
    expect(await ask()).toMatchObject({ code: 242, stderr: expect.stringContaining('"nope"') });
    const pid = hostPid();
    expect(pid).not.toBe(null);
    const second = await signalbox('host');
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`A host runs already (pid ${pid})`)]);
    await killScreen();
    expect(await ask()).toMatchObject({ code: 242 });
    expect(hostPid()).toBe(pid);
    process.kill(pid ?? 0, 'SIGKILL');
    expect(existsSync(paths().controlSocket)).toBe(true);
    expect(await ask()).toMatchObject({ code: 242 });
    expect(hostPid()).not.toBe(pid);
  });

  it('is one, although several commands need it at once', async () => {
    const all = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(all.map(({ code }) => code)).toEqual([242, 242, 242, 242]);
    expect(hostLog().match(/is ready/g)).toHaveLength(1);
  });

  it('is one each time that many hosts and clients start at once, after an orderly end and after kill -9', async () => {
    vi.stubEnv('SIGNALBOX_HOME', home);
    vi.stubEnv('HOME', home);
    const hostCommand = [process.execPath, main, 'host'];
    const options = { paths: paths(), cwd: home, client: 'cli', version: '0.0.0', hostCommand } as const;
    // After nothing, after kill -9, after an orderly end, and after kill -9 of a host that had followed one.
    for (let round = 1; round <= 4; round += 1) {
      // Each client starts a host of its own, since it sees none; one more is started by hand.
      const byHand = [start('host')];
      const exits = byHand.map((child) => once(child, 'exit') as Promise<[number | null, string | null]>);
      const clients = await Promise.all([connect(options), connect(options)]);
      const pid = hostPid();
      expect(pid, `round ${round}`).not.toBe(null);
      expect(clients.map(({ hello }) => hello.pid)).toEqual([pid, pid]);
      expect(hostLog().match(/is ready/g)?.length ?? 0).toBeLessThanOrEqual(round);
      await untilHosts([pid ?? 0]);
      // Whoever came second has ended by itself, with the status of a mistake in use.
      const losers = byHand.flatMap((child, at) => (child.pid === pid ? [] : [exits[at]]));
      expect(await Promise.all(losers)).toEqual(losers.map(() => [2, null]));
      for (const { connection } of clients) connection.close();
      process.kill(pid ?? 0, round % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
      await untilHosts([]);
      // It has no memory any more, but its socket may be open until the very end.
      while (isRunning(pid ?? 0)) await wait(5);
    }
  });

  it('says to the command why it cannot start', async () => {
    mkdirSync(paths().config, { recursive: true, mode: 0o700 });
    writeFileSync(paths().configFile, '{"aprovals": {}}', { mode: 0o600 });
    const { code, stderr } = await ask();
    expect([code, stderr]).toEqual([242, expect.stringMatching(/config\.json.*aprovals/)]);
    expect(hostPid()).toBe(null);
  });
});

describe('a host in the foreground', () => {
  it('ends in order on SIGTERM', async () => {
    const host = start('host');
    await untilSaid(host, 'is ready');
    const exited = once(host, 'exit');
    host.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect([existsSync(paths().hostLock), existsSync(paths().controlSocket)]).toEqual([false, false]);
  });
});

describe('kill-host', () => {
  it('ends in order a host that cannot be reached, by its pid', async () => {
    const host = start('host');
    await untilSaid(host, 'is ready');
    rmSync(paths().controlSocket);
    const exited = once(host, 'exit');
    expect(await signalbox('kill-host')).toMatchObject({ code: 0, stdout: 'The host has stopped.\n' });
    expect(await exited).toEqual([0, null]);
  });

  it('signals nobody when the process in the lock is another one by now', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    mkdirSync(paths().runtime, { recursive: true, mode: 0o700 });
    writeFileSync(paths().hostLock, JSON.stringify({ pid: bystander.pid, startTime: '1', bootId: 'before' }));
    expect(await signalbox('kill-host')).toMatchObject({ code: 0, stdout: 'No host runs.\n' });
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
    const gone = once(bystander, 'exit');
    bystander.kill('SIGKILL');
    expect(await gone).toEqual([null, 'SIGKILL']);
  });
});
