/**
 * Work on a server 50 ms away, in round trips: a real sshd behind a line that delays each way by 25 ms. Through the whole engine where a gate
 * is asked, and by the SSH part alone for the reads that no agent may ask for.
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleEngine, type Engine } from '../../src/assemble.ts';
import { assert, present } from '../../src/base/assert.ts';
import type { Caller } from '../../src/core/caller.ts';
import { Permit } from '../../src/core/permit.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { openLine } from '../fixtures/line.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { whereSshdIs } from './bench-engine.ts';
import { type Aim, type Effort, type Measure, type Report, toMeasure } from './measure.ts';

const name = 'distance';
const roundTripMs = 50;
const title = `work on a server ${roundTripMs} ms away (real sshd behind a delayed line), in round trips`;
const rounds: Readonly<Record<Effort, number>> = { full: 15, quick: 4 };
const warmUps = 3;
const mebibyte = 1024 * 1024;

export async function benchDistance(effort: Effort): Promise<Report> {
  return await whereSshdIs({ name, title }, async (ends) => {
    const sshd = await startSshd({ account: { shell: '/bin/bash' } });
    // The account writes there; nobody else is on this machine's loopback.
    await chmod(sshd.folder, 0o777);
    ends.push(() => sshd.stop());
    const line = await openLine(sshd, { oneWayMs: roundTripMs / 2 });
    ends.push(() => line.close());
    return await measure(rounds[effort], sshd, await openEngine(sshd, line.port, ends));
  });
}

async function measure(count: number, sshd: Sshd, engine: Engine): Promise<Report> {
  const measures: Measure[] = [];
  const aims: Aim[] = [];
  const add = async (what: string, tripsMax: number | null, run: () => Promise<number>): Promise<void> => {
    for (let round = 0; round < warmUps; round += 1) await run();
    const times: number[] = [];
    for (let round = 0; round < count; round += 1) times.push(await run());
    const measured = toMeasure(what, 'subject', times);
    measures.push(measured);
    if (tripsMax === null) return;
    const trips = measured.p50Ms / roundTripMs;
    aims.push({
      aim: `${what}: at most ${tripsMax} round trips`,
      measured: trips,
      unit: '×',
      isMet: trips <= tripsMax,
    });
  };
  const file = (size: number): string => join(sshd.folder, `file-${size}`);
  for (const size of [1024, mebibyte, 10 * mebibyte]) {
    await writeFile(file(size), Buffer.alloc(size, 'line of text\n'));
    // What one does not own, or is of a group that one is not in, cannot be replaced in one step.
    execFileSync('chown', [`${sshd.username}:`, file(size)]);
  }

  await add('a command through the gate', 1.2, () =>
    timed(() => perform(engine, 'remote_exec', { command: 'uptime' })),
  );
  await add('1 KB through the gate', null, () =>
    timed(() => perform(engine, 'remote_read_file', { path: file(1024) })),
  );
  await add('read of 1 KB', 2.2, () => timed(() => read(engine, file(1024))));
  await add('read of 1 MB', 2.5, () => timed(() => read(engine, file(mebibyte))));
  await add('read of 10 MB', 8, () => timed(() => read(engine, file(10 * mebibyte))));
  let version = 0;
  await add('write of 1 MB, from the approval to the result', 6, async () => {
    version += 1;
    const content = `${version}\n`.padEnd(mebibyte, 'another line of text\n');
    return await write(engine, file(mebibyte), content);
  });
  return { name, title, measures, aims, notes: [] };
}

async function openEngine(sshd: Sshd, port: number, ends: (() => unknown)[]): Promise<Engine> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  ends.push(() => rm(home, { recursive: true, force: true }));
  const env = { ...process.env, SIGNALBOX_HOME: home, HOME: home };
  const paths = toPaths(env);
  await mkdir(paths.config, { recursive: true, mode: 0o700 });
  const record = {
    ...{ id: 'far', host: '127.0.0.1', port, username: sshd.username, environment: 'development' },
    auth: { kind: 'privateKey', privateKeyPath: sshd.privateKeyPath },
  };
  await writeFile(paths.serversFile, JSON.stringify([record]), { mode: 0o600 });
  await writeFile(paths.knownHostsFile, sshd.knownHostsLine.replaceAll(`]:${sshd.port} `, `]:${port} `), {
    mode: 0o600,
  });
  const engine = await assembleEngine({ paths, env });
  ends.push(() => engine.dispose());
  return engine;
}

const caller: Caller = {
  ...{ origin: 'operator', door: 'cli', session: null, agent: null },
  ...{ servers: 'all', workspace: null, readonly: false },
};

async function perform(engine: Engine, operation: string, input: object): Promise<void> {
  const { signal } = new AbortController();
  const envelope = await engine.gate.perform({ operation, input: { server: 'far', ...input }, caller, signal });
  assert(envelope.status === 'ok', `What is measured works: ${envelope.message}`);
}

/** As the gate does it once it has decided. */
async function read(engine: Engine, path: string): Promise<void> {
  const target = await engine.registry.resolve('far', null);
  const action = { kind: 'read-file', path, offset: 0, length: null, bytesMax: 16 * mebibyte } as const;
  const outcome = await engine.servers.perform(
    new Permit('bench', target, action, null),
    {},
    new AbortController().signal,
  );
  assert(outcome.kind === 'read-file' && outcome.content.length === outcome.size, 'All of it is read.');
}

/** Milliseconds from the answer of a person to the result; the diff before it is not counted. */
async function write(engine: Engine, path: string, content: string): Promise<number> {
  let startMs: number | null = null;
  const answering = engine.approvals.onAdded(({ id, subject }) => {
    assert(subject.kind === 'write' && subject.replace === 'atomic', 'What is measured replaces its file.');
    startMs = performance.now();
    engine.approvals.answer(id, { kind: 'approve', approver: 'operator@cli', grant: 'once' });
  });
  try {
    await perform(engine, 'remote_write_file', { path, content });
    return performance.now() - present<number>(startMs, 'A write waits for an approval.');
  } finally {
    answering.dispose();
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}
