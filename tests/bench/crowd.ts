/**
 * Thirty-two commands at once on one server through the gate, against bare ssh2 that keeps eight channels busy; and the first result after a
 * connection was killed, against a fresh one. A real sshd with the limits that it has by itself.
 */
import type { Client as SshClient } from 'ssh2';
import type { Engine } from '../../src/assemble.ts';
import { assert } from '../../src/base/assert.ts';
import { type Line, openLine } from '../fixtures/line.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import {
  connectBare,
  openEngine,
  perform,
  type Reached,
  runBare,
  timed,
  toSettings,
  whereSshdIs,
} from './bench-engine.ts';
import { type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 25, quick: 5 };
const warmUps = 3;
const commandsAtOnce = 32;
const channels = 8;
const name = 'crowd';
const title = `${commandsAtOnce} commands at once on one server, and the first one after its connection was killed`;

export async function benchCrowd(effort: Effort): Promise<Report> {
  return await whereSshdIs({ name, title }, async (ends) => {
    const sshd = await startSshd({ account: { shell: '/bin/bash' }, config: ['MaxSessions 10'] });
    ends.push(() => sshd.stop());
    const line = await openLine(sshd);
    ends.push(() => line.close());
    return await measure(rounds[effort], sshd, line, ends);
  });
}

async function measure(count: number, sshd: Sshd, line: Line, ends: (() => unknown)[]): Promise<Report> {
  const throughLine: Reached = { sshd, port: line.port };
  const servers = new Map<string, Reached>([
    ['crowd', { sshd }],
    ['line', throughLine],
  ]);
  const engine = await openEngine(servers, ends);
  const bare = await connectBare(await toSettings({ sshd }));
  ends.push(() => bare.end());
  const times = { ours: [] as number[], bare: [] as number[], again: [] as number[], fresh: [] as number[] };
  for (let round = -warmUps; round < count; round += 1) {
    const ours = (): Promise<number> => timed(() => runAll(engine));
    const theirs = (): Promise<number> => timed(() => runOnChannels(bare));
    // The two change places, so that what one leaves behind hits both.
    const first = round % 2 === 0 ? await ours() : await theirs();
    const second = round % 2 === 0 ? await theirs() : await ours();
    const again = await runAfterReset(engine, line);
    const fresh = await timed(() => runFresh(throughLine));
    if (round < 0) continue;
    times.ours.push(round % 2 === 0 ? first : second);
    times.bare.push(round % 2 === 0 ? second : first);
    times.again.push(again);
    times.fresh.push(fresh);
  }
  const measures = [
    toMeasure(`${commandsAtOnce} commands through the gate`, 'subject', times.ours),
    toMeasure(`the same by bare ssh2, ${channels} channels`, 'baseline', times.bare),
    toMeasure('a command after the connection was killed', 'subject', times.again),
    toMeasure('bare ssh2: connecting, and a command', 'baseline', times.fresh),
  ] as const;
  const [ours, theirs, again, fresh] = measures;
  return {
    name,
    title,
    measures,
    aims: [
      toRatioAim(`throughput at least 0.9 × ${channels} channels`, theirs.p50Ms / ours.p50Ms, { min: 0.9 }),
      toRatioAim('reconnected: first result within 3 × a fresh connection', again.p50Ms / fresh.p50Ms, { max: 3 }),
    ],
    notes: [`None of ${(count + warmUps) * commandsAtOnce} commands failed; one that did would have ended this.`],
  };
}

/** Throws when one fails. */
async function runAll(engine: Engine): Promise<void> {
  await Promise.all(
    Array.from({ length: commandsAtOnce }, async () => {
      const { stdout } = await perform(engine, 'remote_exec', { server: 'crowd', command: 'uptime' });
      assert(String(stdout).includes('load average'), 'A command that is measured did what it should.');
    }),
  );
}

async function runOnChannels(client: SshClient): Promise<void> {
  let left = commandsAtOnce;
  await Promise.all(
    Array.from({ length: channels }, async () => {
      while (left > 0) {
        left -= 1;
        // sshd frees a session a moment after it has ended, and refuses the eleventh until then.
        const output = await runBare(client, 'uptime').catch(() => null);
        if (output === null) left += 1;
        else assert(output.includes('load average'), 'A command did what it should.');
      }
    }),
  );
}

/** Milliseconds from the moment at which the loss is known. */
async function runAfterReset(engine: Engine, line: Line): Promise<number> {
  const run = (): Promise<unknown> => perform(engine, 'remote_exec', { server: 'line', command: 'uptime' });
  await run();
  const lost = new Promise<void>((resolve) => {
    const watching = engine.servers.onStatus(({ id, state }) => {
      if (id !== 'line' || state !== 'lost') return;
      watching.dispose();
      resolve();
    });
  });
  line.reset();
  await lost;
  return await timed(run);
}

async function runFresh(reached: Reached): Promise<void> {
  const client = await connectBare(await toSettings(reached));
  assert((await runBare(client, 'uptime')).includes('load average'), 'A command did what it should.');
  client.end();
}
