/** The real engine on a home of its own with servers of a real sshd, and bare ssh2 beside it: what benchmarks of connections share. It measures nothing. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectConfig, Client as SshClient } from 'ssh2';
import { assembleEngine, type Engine } from '../../src/assemble.ts';
import { assert } from '../../src/base/assert.ts';
import type { Caller } from '../../src/core/caller.ts';
import type { Paths } from '../../src/core/paths.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { type Sshd, sshdAvailable } from '../fixtures/sshd.ts';
import type { Report } from './measure.ts';

/** Where a server is reached: its sshd, and another port where a line is between. */
export interface Reached {
  readonly sshd: Sshd;
  readonly port?: number;
}

export interface Home {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
}

/** What `run` measures; without OpenSSH, why it is left out. What `run` puts into `ends` is called afterwards, the last first. */
export async function whereSshdIs(
  { name, title }: Pick<Report, 'name' | 'title'>,
  run: (ends: (() => unknown)[]) => Promise<Report>,
): Promise<Report> {
  const { ok, reason } = sshdAvailable();
  if (!ok) return { name, title, measures: [], aims: [], notes: [`left out: ${reason}`] };
  const ends: (() => unknown)[] = [];
  try {
    return await run(ends);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** A home with these servers registered and known. */
export async function openHome(servers: ReadonlyMap<string, Reached>, ends: (() => unknown)[]): Promise<Home> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  // What is known of servers may still be on its way to the disk.
  ends.push(() => rm(home, { recursive: true, force: true, maxRetries: 10 }));
  const env = { ...process.env, SIGNALBOX_HOME: home, HOME: home };
  const paths = toPaths(env);
  await mkdir(paths.config, { recursive: true, mode: 0o700 });
  const records = [...servers].map(([id, { sshd, port = sshd.port }]) => ({
    ...{ id, host: sshd.host, port, username: sshd.username, environment: 'development' },
    auth: { kind: 'privateKey', privateKeyPath: sshd.privateKeyPath },
  }));
  const known = new Set(
    [...servers.values()].map(({ sshd, port = sshd.port }) =>
      sshd.knownHostsLine.replaceAll(`]:${sshd.port} `, `]:${port} `),
    ),
  );
  await writeFile(paths.serversFile, JSON.stringify(records), { mode: 0o600 });
  await writeFile(paths.knownHostsFile, [...known].join(''), { mode: 0o600 });
  return { paths, env };
}

export async function openEngine(servers: ReadonlyMap<string, Reached>, ends: (() => unknown)[]): Promise<Engine> {
  const engine = await assembleEngine(await openHome(servers, ends));
  ends.push(() => engine.dispose());
  return engine;
}

export const operator: Caller = {
  ...{ origin: 'operator', door: 'cli', session: null, agent: null },
  ...{ servers: 'all', workspace: null, readonly: false },
};

/** Through the gate, as the operator; what it prints goes to `onOutput`. Throws unless it is `ok`. */
export async function perform(
  engine: Engine,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void,
): Promise<Readonly<Record<string, unknown>>> {
  const { signal } = new AbortController();
  const request = { operation, input, caller: operator, signal, ...(onOutput ? { onOutput } : {}) };
  const envelope = await engine.gate.perform(request);
  assert(envelope.status === 'ok', `What is measured works: ${envelope.message}`);
  return envelope.data ?? {};
}

export async function toSettings({ sshd, port = sshd.port }: Reached): Promise<ConnectConfig & { port: number }> {
  const privateKey = await readFile(sshd.privateKeyPath);
  return { host: sshd.host, port, username: sshd.username, privateKey };
}

/** On a socket of its own that delays nothing, as it is done best with ssh2. */
export async function connectBare(settings: ConnectConfig & { port: number }): Promise<SshClient> {
  const sock = await new Promise<Socket>((resolve, reject) => {
    const socket = new Socket();
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.connect({ host: settings.host ?? '127.0.0.1', port: settings.port }, () => resolve(socket));
  });
  return await new Promise((resolve, reject) => {
    const client = new SshClient();
    client.once('error', reject);
    client.once('ready', () => resolve(client));
    client.connect({ ...settings, sock });
  });
}

export function runBare(client: SshClient, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let output = '';
      channel.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
      channel.stderr.resume();
      channel.once('close', () => resolve(output));
    });
  });
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}
