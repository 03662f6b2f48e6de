/**
 * A hundred servers on a few sshds with the MaxStartups that sshd has by itself: a command on each of them at once through the gate, against
 * bare ssh2 with eight handshakes at a time; and what a host with a hundred connections takes of memory and, doing nothing, of a processor.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client as SshClient } from 'ssh2';
import { assert } from '../../src/base/assert.ts';
import { connect } from '../../src/client/connect.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import {
  connectBare,
  openEngine,
  openHome,
  perform,
  type Reached,
  runBare,
  timed,
  toSettings,
  whereSshdIs,
} from './bench-engine.ts';
import { processorSeconds, residentBytes } from './driven-terminal.ts';
import { type Aim, type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 7, quick: 2 };
/** Long enough for several keepalives of each connection. */
const idleSeconds: Readonly<Record<Effort, number>> = { full: 60, quick: 15 };
const serverCount = 100;
const sshdCount = 4;
const handshakesAtOnce = 8;
const command = 'pwd';
const mebibyte = 1024 * 1024;
const name = 'fleet';
const title = `${serverCount} servers on ${sshdCount} sshds of this machine`;

export async function benchFleet(effort: Effort): Promise<Report> {
  return await whereSshdIs({ name, title }, async (ends) => {
    const sshds: Sshd[] = [];
    for (let count = 0; count < sshdCount; count += 1) {
      const sshd = await startSshd({ account: { shell: '/bin/bash' }, config: ['MaxStartups 10:30:100'] });
      ends.push(() => sshd.stop());
      sshds.push(sshd);
    }
    const servers = new Map<string, Reached>();
    for (let at = 0; at < serverCount; at += 1) {
      const sshd = sshds[at % sshdCount];
      if (sshd) servers.set(`web-${at + 1}`, { sshd });
    }
    const { ours, theirs } = await measureConnecting(rounds[effort], servers);
    const measures = [
      toMeasure(`connected, and \`${command}\` run on each, through the gate`, 'subject', ours),
      toMeasure(`the same by bare ssh2, ${handshakesAtOnce} handshakes at once`, 'baseline', theirs),
    ] as const;
    const ratio = measures[0].p50Ms / measures[1].p50Ms;
    const connected = toRatioAim(`connected within 1.3 × of bare ssh2, ${handshakesAtOnce} at once`, ratio, {
      max: 1.3,
    });
    return {
      name,
      title,
      measures,
      aims: [connected, ...(await measureHost(idleSeconds[effort], servers, ends))],
      notes: [],
    };
  });
}

async function measureConnecting(
  count: number,
  servers: ReadonlyMap<string, Reached>,
): Promise<{ readonly ours: readonly number[]; readonly theirs: readonly number[] }> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < count; round += 1) {
    // A new engine each time: the connections of the last one are gone with it.
    const ends: (() => unknown)[] = [];
    const engine = await openEngine(servers, ends);
    const each = [...servers.keys()];
    ours.push(
      await timed(() => Promise.all(each.map((server) => perform(engine, 'remote_exec', { server, command })))),
    );
    for (const end of ends.reverse()) await end();
    await sleep(500);
    theirs.push(await connectAll(servers));
    await sleep(500);
  }
  return { ours, theirs };
}

async function connectAll(servers: ReadonlyMap<string, Reached>): Promise<number> {
  const settings = await Promise.all([...servers.values()].map(toSettings));
  const clients: SshClient[] = [];
  const waiting = settings.values();
  const tookMs = await timed(() =>
    Promise.all(
      Array.from({ length: handshakesAtOnce }, async () => {
        for (const one of waiting) {
          const client = await connectBare(one);
          clients.push(client);
          assert((await runBare(client, command)).startsWith('/'), 'A command that is measured did what it should.');
        }
      }),
    ),
  );
  for (const client of clients) client.end();
  return tookMs;
}

/** The built program's host, once all of its servers are connected. */
async function measureHost(
  seconds: number,
  servers: ReadonlyMap<string, Reached>,
  ends: (() => unknown)[],
): Promise<readonly Aim[]> {
  const { paths, env } = await openHome(servers, ends);
  const host = spawn(process.execPath, [join(process.cwd(), 'dist', 'main.cjs'), 'host'], {
    ...{ env, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  const ended = once(host, 'exit');
  ends.push(async () => {
    host.kill('SIGTERM');
    await ended;
  });
  for await (const said of host.stderr ?? []) if (String(said).includes('is ready')) break;
  const { connection, hello } = await connect({ paths, cwd: '/', client: 'cli', version: '0', start: 'never' });
  const waiting = servers.keys();
  await Promise.all(
    Array.from({ length: handshakesAtOnce }, async () => {
      for (const server of waiting) {
        const input = { server, argv: [command] };
        const { envelope } = await connection.call('operation.perform', { operation: 'remote_exec', input });
        assert(envelope.status === 'ok', `What is measured works: ${envelope.message}`);
      }
    }),
  );
  connection.close();
  // What was collected for connecting is given back.
  await sleep(5_000);
  const beforeSeconds = processorSeconds([hello.pid]);
  await sleep(seconds * 1_000);
  const share = (100 * (processorSeconds([hello.pid]) - beforeSeconds)) / seconds;
  const memory = residentBytes(hello.pid) / mebibyte;
  return [
    { aim: 'resident memory of the host below 250 MiB', measured: memory, unit: 'MiB', isMet: memory < 250 },
    { aim: `processor of the host in ${seconds} idle seconds below 2 %`, measured: share, unit: '%', isMet: share < 2 },
  ];
}
