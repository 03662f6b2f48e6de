/**
 * `uptime` as an agent calls it: MCP client, unix socket, tool door, gate with its audit log on disk, pooled SSH connection, real sshd;
 * against bare ssh2 on one pooled connection, with and without the launch form, and against a new connection for each command. They take
 * turns, so noise hits all.
 */
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as ToolClient } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { type ConnectConfig, Client as SshClient } from 'ssh2';
import { createToolDoor } from '../../src/adapters/mcp/create-tool-door.ts';
import { assembleEngine, type Engine } from '../../src/assemble.ts';
import { assert, present } from '../../src/base/assert.ts';
import type { Caller } from '../../src/core/caller.ts';
import { toDirectLaunch } from '../../src/runtime/ssh/launch.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { connectBare, openHome, runBare, toSettings, whereSshdIs } from './bench-engine.ts';
import { type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';

const samples: Readonly<Record<Effort, number>> = { full: 250, quick: 30 };
/** Until the optimizer has seen the code and the page cache the log. */
const warmUps = 20;
const settleMs = 30;
const name = 'exec';
const title = '`uptime` through MCP, gate, audit log and SSH to a real sshd on this machine';

export async function benchExec(effort: Effort): Promise<Report> {
  return await whereSshdIs({ name, title }, async (ends) => {
    // An account of its own: the start-up files of whoever runs this may take longer than everything that is measured.
    const sshd = await startSshd({ account: { shell: '/bin/bash' } });
    ends.push(() => sshd.stop());
    return await measure(effort, sshd, ends);
  });
}

async function measure(effort: Effort, sshd: Sshd, ends: (() => unknown)[]): Promise<Report> {
  const settings = await toSettings({ sshd });
  const pooled = await connectBare(settings);
  ends.push(() => pooled.end());
  const gate: Turn = { times: [], run: await openGate(sshd, ends) };
  const bare: Turn = { times: [], run: () => runBare(pooled, 'uptime') };
  const launched: Turn = { times: [], run: () => runBare(pooled, launchCommand) };
  const fresh: Turn = { times: [], run: () => runOnNewConnection(settings) };
  for (let count = 0; count < warmUps; count += 1) {
    await gate.run();
    await bare.run();
    await launched.run();
  }
  for (let count = 0; count < samples[effort]; count += 1) {
    // Each on a live connection is first, second and third equally often, for the first finds cold caches; the server needs a moment to clear away
    // a connection that ended.
    const live = [gate, bare, launched];
    const order = live.map((_, place) => live[(place + count) % live.length] ?? gate);
    for (const { times, run } of [...order, fresh]) {
      const startMs = performance.now();
      const output = await run();
      times.push(performance.now() - startMs);
      assert(output.includes('load average'), 'A command that is measured did what it should.');
    }
    await sleep(settleMs);
  }
  const measures = [
    toMeasure('MCP call, gate, SSH', 'subject', gate.times),
    toMeasure('bare ssh2, one pooled connection, no delay', 'baseline', bare.times),
    toMeasure('the same, with the line that tells the process group', 'baseline', launched.times),
    toMeasure('bare ssh2, a new connection each', 'baseline', fresh.times),
  ] as const;
  const [ours, pooledBare, launchedBare, freshBare] = measures;
  return {
    name,
    title,
    measures,
    aims: [
      toRatioAim('p50 at most 1.25 × bare pooled', ours.p50Ms / pooledBare.p50Ms, { max: 1.25 }),
      toRatioAim('at least 15 × faster than connecting each time (p50)', freshBare.p50Ms / ours.p50Ms, { min: 15 }),
    ],
    notes: [
      `Of that, the line that tells the process group: ${(launchedBare.p50Ms / pooledBare.p50Ms).toFixed(2)} × bare pooled; every command here pays that.`,
    ],
  };
}

const launchCommand = present(toDirectLaunch({ form: 'argv', argv: ['uptime'] }, null), 'Plain words start directly.');

interface Turn {
  readonly times: number[];
  readonly run: () => Promise<string>;
}

/** The real engine on a home of its own, its door on a unix socket, and a tool client of the official library. */
async function openGate(sshd: Sshd, ends: (() => unknown)[]): Promise<() => Promise<string>> {
  const { paths, env } = await openHome(new Map([['bench', { sshd }]]), ends);
  const engine = await assembleEngine({ paths, env });
  ends.push(() => engine.dispose());
  const client = await openDoor(engine, join(paths.runtime, 'bench.sock'), ends);
  return async () => {
    const call = { name: 'remote_exec', arguments: { server: 'bench', command: 'uptime' } };
    return JSON.stringify(await client.callTool(call));
  };
}

async function openDoor(engine: Engine, path: string, ends: (() => unknown)[]): Promise<ToolClient> {
  const door = createToolDoor({ gate: engine.gate, version: '0', redactor: engine.redactor });
  const listener = createServer((socket) => {
    const serving = door.serve(socket, caller);
    ends.push(() => serving.dispose());
  });
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  ends.push(() => listener.close());
  const socket = connect(path);
  const client = new ToolClient({ name: 'bench', version: '0' });
  await client.connect(new StdioServerTransport(socket, socket));
  ends.push(() => client.close());
  return client;
}

const caller: Caller = {
  ...{ origin: 'agent', door: 'mcp', session: 'bench', agent: 'bench' },
  ...{ servers: ['bench'], workspace: null, readonly: false },
};

async function runOnNewConnection(settings: ConnectConfig): Promise<string> {
  const client = await connectDefault(settings);
  const output = await runBare(client, 'uptime');
  client.end();
  return output;
}

/** As it is done without a thought: on the socket that ssh2 opens by itself. */
function connectDefault(settings: ConnectConfig): Promise<SshClient> {
  return new Promise((resolve, reject) => {
    const client = new SshClient();
    client.once('error', reject);
    client.once('ready', () => resolve(client));
    client.connect(settings);
  });
}
