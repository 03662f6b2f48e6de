/**
 * The whole program under floods from a real sshd: host and screen of the built program on a terminal of 200 × 50, and tmux with as many
 * panes of `ssh` beside it. Keys are typed into both meanwhile, and the processor time for the same bytes is compared.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { residentBytes } from './driven-terminal.ts';
import { openProgram, toFlood, toKeys, whatIsMissing } from './flooded-program.ts';
import { costOfTmux, keysInTmux } from './flooded-tmux.ts';
import { type Aim, type Effort, type Measure, type Report, toMeasure } from './measure.ts';

const name = 'whole-program';
const title = 'the whole program while servers flood their panes, real sshd, 200 × 50';
const keysOf: Readonly<Record<Effort, number>> = { full: 300, quick: 30 };
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

async function measure(effort: Effort, sshd: Sshd, file: string, ends: (() => unknown)[]): Promise<Report> {
  const measures: Measure[] = [];
  const aims: Aim[] = [];
  const notes: string[] = [];
  const program = await openProgram(sshd, Math.max(...paneCounts[effort]), ends);
  const quiet = await program.screen.type(toKeys(keysOf[effort]), keyEveryMs);
  for (const count of paneCounts[effort]) {
    const flood = program.flood(count, file, { pauseMs: 0 });
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
  const parsed = await program.costOfShells(samePanes, file);
  await program.end();
  const tmuxKeys = await keysInTmux(sshd, samePanes, file, toKeys(keysOf[effort]), keyEveryMs);
  measures.push(toMeasure(`tmux with ssh, ${samePanes} flooded`, 'baseline', tmuxKeys));
  const tmux = await costOfTmux(sshd, samePanes, file);
  const total = samePanes * fileMiB[effort];
  aims.push({
    aim: `processor time for ${total} MiB in ${samePanes} panes at most that of tmux with ssh`,
    ...{ measured: ours / tmux, unit: '×', isMet: ours <= tmux },
  });
  aims.push({
    aim: 'the same in shells, where every byte is parsed, at most twice that of tmux',
    ...{ measured: parsed / tmux, unit: '×', isMet: parsed <= 2 * tmux },
  });
  notes.push(
    `${total} MiB cost host and screen ${ours.toFixed(1)} s and tmux with its ssh processes ${tmux.toFixed(1)} s of processor time; each skips what nobody could see.`,
  );
  return { name, title, measures, aims, notes };
}

function toMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
