/**
 * Memory and keys of the whole program under a flood that lasts: host and screen of the built program, eight panes that print without
 * an end from a real sshd, at a bounded rate, command after command. Only run when it is asked for by its name.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSshd } from '../fixtures/sshd.ts';
import { processorSeconds, residentBytes } from './driven-terminal.ts';
import { openProgram, type Program, toFlood, toKeys, whatIsMissing } from './flooded-program.ts';
import { type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';

const name = 'hour';
const panes = 8;
const minutesUsual: Readonly<Record<Effort, number>> = { full: 60, quick: 1 };
const fileMiB = 1;
/** From the end of a command to the next: some five megabytes a second in all. */
const pauseMs = 1_400;
const sampleEveryMs = 10_000;
const keysASample = 20;
const keyEveryMs = 60;
/** Everything that is bounded has reached its bound by then. */
const warmUpShare = 0.1;
const growthMax = 1.1;
const residentMiBMax = 150;
const mebibyte = 1024 * 1024;

interface Sample {
  readonly atMs: number;
  readonly host: Memory;
  readonly screen: Memory;
  readonly keysMs: readonly number[];
}

interface Memory {
  readonly residentMiB: number;
  readonly heapMiB: number;
}

export async function benchHour(effort: Effort, minutes = minutesUsual[effort]): Promise<Report> {
  const title = `the whole program while ${panes} servers flood their panes for ${minutes} minutes, real sshd, 200 × 50`;
  const missing = whatIsMissing();
  if (missing !== null) return { name, title, measures: [], aims: [], notes: [`left out: ${missing}`] };
  const ends: (() => unknown)[] = [];
  try {
    const sshd = await startSshd({ account: { shell: '/bin/bash' }, config: ['MaxStartups 100', 'MaxSessions 50'] });
    ends.push(() => sshd.stop());
    const file = join(sshd.folder, 'flood.log');
    writeFileSync(file, toFlood(fileMiB * mebibyte), { mode: 0o644 });
    const heaps = mkdtempSync(join(tmpdir(), 'signalbox-bench-heaps-'));
    ends.push(() => rm(heaps, { recursive: true, force: true }));
    const program = await openProgram(sshd, panes, ends, { env: toHeapReports(heaps) });
    const flood = program.flood(panes, file, { pauseMs });
    const samples = await watch(program, heaps, minutes * 60_000);
    const seconds = processorSeconds([program.hostPid, program.screen.pid]);
    await flood.stop();
    const note = `${flood.commands()} commands of ${fileMiB} MiB; host and screen used ${seconds.toFixed(0)} s of processor time`;
    return { name, title, ...toFigures(samples), notes: [...toSeries(samples), note] };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function watch(program: Program, heaps: string, durationMs: number): Promise<readonly Sample[]> {
  const startMs = performance.now();
  const samples: Sample[] = [];
  const look = (pid: number): Memory => ({
    residentMiB: residentBytes(pid) / mebibyte,
    heapMiB: Number(readFileSync(join(heaps, `${pid}`), 'utf8')) / mebibyte,
  });
  while (performance.now() - startMs < durationMs) {
    await sleep(sampleEveryMs);
    const keysMs = await program.screen.type(toKeys(keysASample), keyEveryMs);
    await program.clear();
    const [host, screen] = [look(program.hostPid), look(program.screen.pid)];
    samples.push({ atMs: performance.now() - startMs, host, screen, keysMs });
    // An hour that is cut off was not for nothing.
    process.stderr.write(`${toLine(samples.at(-1))}\n`);
  }
  return samples.filter(({ atMs }) => atMs > durationMs * warmUpShare);
}

function toFigures(samples: readonly Sample[]): Pick<Report, 'measures' | 'aims'> {
  const middle = Math.floor(samples.length / 2);
  const [first, second] = [samples.slice(0, middle), samples.slice(middle)];
  const kinds = { host: 'host', screen: 'screen' } as const;
  return {
    measures: [
      toMeasure(
        'key to frame, first half',
        'baseline',
        first.flatMap(({ keysMs }) => keysMs),
      ),
      toMeasure(
        'key to frame, second half',
        'subject',
        second.flatMap(({ keysMs }) => keysMs),
      ),
    ],
    aims: Object.values(kinds).flatMap((kind) => {
      const mean = (half: readonly Sample[], of: keyof Memory): number =>
        half.reduce((sum, sample) => sum + sample[kind][of], 0) / Math.max(1, half.length);
      const growth = (of: keyof Memory) => mean(second, of) / mean(first, of);
      const most = Math.max(...samples.map((sample) => sample[kind].residentMiB));
      return [
        toRatioAim(`resident memory of the ${kind}, second half against first`, growth('residentMiB'), {
          max: growthMax,
        }),
        toRatioAim(`used heap of the ${kind}, second half against first`, growth('heapMiB'), { max: growthMax }),
        { aim: `resident memory of the ${kind} at most`, measured: most, unit: 'MiB', isMet: most <= residentMiBMax },
      ];
    }),
  };
}

/** At most twelve of each. */
function toSeries(samples: readonly Sample[]): string[] {
  const step = Math.max(1, Math.ceil(samples.length / 12));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1).map(toLine);
}

function toLine(sample: Sample | undefined): string {
  if (!sample) return '';
  const text = ({ residentMiB, heapMiB }: Memory): string =>
    `${residentMiB.toFixed(0)} MiB (heap ${heapMiB.toFixed(0)})`;
  return `after ${(sample.atMs / 60_000).toFixed(1)} minutes: host ${text(sample.host)}, screen ${text(sample.screen)}`;
}

/** The environment in which a program writes down what of its heap is used, each second; V8 is made to do nothing for it. */
function toHeapReports(folder: string): Readonly<Record<string, string>> {
  const script = join(folder, 'report-heap.cjs');
  const path = `require('node:path').join(${JSON.stringify(folder)}, String(process.pid))`;
  const write = `require('node:fs').writeFileSync(${path}, String(process.memoryUsage().heapUsed + process.memoryUsage().external))`;
  writeFileSync(script, `${write};\nsetInterval(() => { ${write}; }, 1000).unref();\n`);
  return { NODE_OPTIONS: `--require ${script}` };
}
