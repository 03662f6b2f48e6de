/**
 * 100 MB from a real sshd on this machine: `cat` through the gate, and a file in the largest parts that an agent may ask for; against `cat`
 * over the system's ssh on a connection that is open already.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/assemble.ts';
import { assert } from '../../src/base/assert.ts';
import { limits } from '../../src/core/limits.ts';
import { Permit } from '../../src/core/permit.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { openEngine, perform, timed, whereSshdIs } from './bench-engine.ts';
import { type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 15, quick: 3 };
const warmUps = 2;
const bytes = 100 * 1000 * 1000;
const name = 'transfer';
const title = '100 MB read from a real sshd on this machine';

export async function benchTransfer(effort: Effort): Promise<Report> {
  return await whereSshdIs({ name, title }, async (ends) => {
    const sshd = await startSshd({ account: { shell: '/bin/bash' } });
    ends.push(() => sshd.stop());
    await chmod(sshd.folder, 0o755);
    const file = join(sshd.folder, 'large');
    await writeFile(file, Buffer.alloc(bytes, 'a line of a file that is large enough\n'));
    return await measure(rounds[effort], sshd, file, ends);
  });
}

async function measure(count: number, sshd: Sshd, file: string, ends: (() => unknown)[]): Promise<Report> {
  const engine = await openEngine(new Map([['large', { sshd }]]), ends);
  const ssh = openSystemSsh(sshd, ends);
  const turns = [
    { what: '`cat` through the gate', role: 'subject', run: () => cat(engine, file) },
    { what: 'the file service, in one piece', role: 'subject', run: () => read(engine, file) },
    {
      what: `reads of ${limits.readBytesMax / 1024 / 1024} MiB through the gate`,
      role: 'subject',
      run: () => readParts(engine, file),
    },
    { what: '`ssh cat`, connected before', role: 'baseline', run: () => ssh(file) },
  ] as const;
  const times = turns.map((): number[] => []);
  for (let round = -warmUps; round < count; round += 1)
    for (const [at, { run }] of turns.entries()) {
      const tookMs = await timed(run);
      if (round >= 0) times[at]?.push(tookMs);
    }
  const measures = turns.map(({ what, role }, at): Measure => toMeasure(what, role, times[at] ?? []));
  const [shown, whole, parts, theirs] = measures.map(({ p50Ms }) => p50Ms);
  const toAim = (what: string, ms = Number.NaN) =>
    toRatioAim(`${what}: at least 0.9 × as fast as \`ssh cat\` (p50)`, (theirs ?? Number.NaN) / ms, { min: 0.9 });
  return {
    name,
    title,
    measures,
    aims: [toAim('`cat`', shown), toAim('file service', whole), toAim('reads of an agent', parts)],
    notes: [],
  };
}

async function cat(engine: Engine, file: string): Promise<void> {
  let seen = 0;
  await perform(engine, 'remote_exec', { server: 'large', argv: ['cat', file] }, (_stream, chunk) => {
    seen += chunk.length;
  });
  assert(seen === bytes, 'All of it has come.');
}

/** As the gate does it once it has decided. */
async function read(engine: Engine, path: string): Promise<void> {
  const target = await engine.registry.resolve('large', null);
  const action = { kind: 'read-file', path, offset: 0, length: null, bytesMax: 2 * bytes } as const;
  const permit = new Permit('bench', target, action, null);
  const outcome = await engine.servers.perform(permit, {}, new AbortController().signal);
  assert(outcome.kind === 'read-file' && outcome.content.length === bytes, 'All of it is read.');
}

async function readParts(engine: Engine, path: string): Promise<void> {
  for (let offset = 0; offset < bytes; offset += limits.readBytesMax) {
    const length = Math.min(limits.readBytesMax, bytes - offset);
    const { content } = await perform(engine, 'remote_read_file', { server: 'large', path, offset, length });
    assert(String(content).length === length, 'All of the part is read.');
  }
}

/** Over a connection that is made once, as ControlMaster keeps it; what comes is thrown away by the system. */
function openSystemSsh(sshd: Sshd, ends: (() => unknown)[]): (file: string) => Promise<void> {
  const control = join(sshd.folder, '..', 'control');
  const options = ['-F', 'none', '-S', control, '-i', sshd.privateKeyPath, '-p', `${sshd.port}`];
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const place = `${sshd.username}@${sshd.host}`;
  execFileSync('ssh', [...options, ...trust, '-o', 'ControlPersist=yes', '-M', '-N', '-f', place], { stdio: 'ignore' });
  ends.push(() => execFileSync('ssh', [...options, '-O', 'exit', place], { stdio: 'ignore' }));
  return async (file) => {
    const child = spawn('ssh', [...options, place, 'cat', file], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [status] = await once(child, 'exit');
    assert(status === 0, 'The system’s ssh works.');
  };
}
