/**
 * The whole program under floods from a real sshd: host and screen of the built program on a terminal of 200 × 50, and tmux with as many
 * panes of `ssh` beside it. Keys are typed meanwhile, and the processor time for the same bytes is compared.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { openDrivenTerminal, processorSeconds, residentBytes } from './driven-terminal.ts';
import { openProgram, toFlood, toKeys, whatIsMissing } from './flooded-program.ts';
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
  const tmux = await costOfTmux(sshd, samePanes, file, ends);
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
