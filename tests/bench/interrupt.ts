/**
 * Ctrl-C of a command that prints without an end, in the operator's own shell: how long it takes until the shell's prompt is back on the
 * terminal. The built program, and tmux with `ssh` in its pane, from one real sshd.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { type DrivenTerminal, openDrivenTerminal } from './driven-terminal.ts';
import { openProgram, whatIsMissing } from './flooded-program.ts';
import { type Effort, type Report, toMeasure } from './measure.ts';

const name = 'interrupt';
const title = 'Ctrl-C of `yes` in a shell to its prompt on the terminal, real sshd, 200 × 50';
const rounds: Readonly<Record<Effort, number>> = { full: 25, quick: 4 };
/** Everything that can be full is full by then. */
const floodMs = 1_500;
const msMax = 300;

export async function benchInterrupt(effort: Effort): Promise<Report> {
  const missing = whatIsMissing();
  if (missing !== null) return { name, title, measures: [], aims: [], notes: [`left out: ${missing}`] };
  const ends: (() => unknown)[] = [];
  try {
    const sshd = await startSshd({ account: { shell: '/bin/bash' }, config: ['MaxStartups 100', 'MaxSessions 50'] });
    ends.push(() => sshd.stop());
    const { screen } = await openProgram(sshd, 1, ends, { argv: ['shell', 'web-1'], until: ':/$' });
    const ours = toMeasure('signalbox', 'subject', await interrupt(screen, rounds[effort]));
    const tmux = await openTmux(sshd, ends);
    const theirs = toMeasure('tmux with ssh', 'baseline', await interrupt(tmux, rounds[effort]));
    const aim = `p50 at most ${msMax} ms`;
    const aims = [{ aim, measured: ours.p50Ms, unit: 'ms', isMet: ours.p50Ms <= msMax } as const];
    return { name, title, measures: [ours, theirs], aims, notes: [] };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function interrupt(terminal: DrivenTerminal, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const [prompt, word] = [toWord(2 * round), toWord(2 * round + 1)];
    await terminal.send(`PS1='${prompt.slice(0, 3)}''${prompt.slice(3)}> '\r`, prompt);
    await terminal.send(`yes ${word}\r`, word);
    await sleep(floodMs);
    const startMs = performance.now();
    await terminal.send('\x03', prompt);
    times.push(performance.now() - startMs);
  }
  return times;
}

/** Differs in each place from the one before, so that all of it is drawn and none that is still there counts. */
function toWord(round: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return Array.from({ length: 8 }, (_, at) => letters[(round * 5 + at * 3) % letters.length]).join('');
}

async function openTmux(sshd: Sshd, ends: (() => unknown)[]): Promise<DrivenTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-tmux-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const known = join(folder, 'known_hosts');
  writeFileSync(known, sshd.knownHostsLine);
  const ssh = ['ssh', '-q', '-t', '-o', `UserKnownHostsFile=${known}`, '-i', sshd.privateKeyPath];
  const to = ['-p', `${sshd.port}`, `${sshd.username}@${sshd.host}`];
  const tmux = ['tmux', '-f', '/dev/null', '-S', join(folder, 'tmux'), 'new-session', ...ssh, ...to];
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  const terminal = await openDrivenTerminal(tmux, env);
  ends.push(async () => {
    await terminal.send('\x03', '>').catch(() => undefined);
    await terminal.send('\x04', 'exited').catch(() => undefined);
    await terminal.end();
  });
  await sleep(1_500);
  return terminal;
}
