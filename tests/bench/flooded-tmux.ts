/**
 * tmux with an `ssh` in each pane, on a terminal of 200 × 50: what benchmarks of the whole program are compared with. Each opens a server of
 * its own and ends it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sshd } from '../fixtures/sshd.ts';
import { type DrivenTerminal, openDrivenTerminal, processorSeconds } from './driven-terminal.ts';

/** Seconds of processor time that the tmux server, its client and the `ssh` in each pane take to show a file once in every pane. */
export async function costOfTmux(sshd: Sshd, panes: number, file: string): Promise<number> {
  return await inTmux(sshd, async ({ folder, ssh, open, go }) => {
    const times = (pane: number): string => join(folder, `times-${pane}`);
    // The shell's own account of what its children took; the last line of `times` is theirs.
    const commands = Array.from(
      { length: panes },
      (_, pane) => `${ssh} cat ${file}; times > ${times(pane)}; sleep 1000`,
    );
    const { pids } = await open(commands);
    const before = processorSeconds(pids);
    go();
    for (let pane = 0; pane < panes; pane += 1) while (toChildSeconds(times(pane)) === null) await sleep(50);
    await sleep(1_000);
    const children = Array.from({ length: panes }, (_, pane) => toChildSeconds(times(pane)) ?? 0);
    return processorSeconds(pids) - before + children.reduce((sum, seconds) => sum + seconds, 0);
  });
}

/** Milliseconds from a key to its echo in a pane of `cat`, while so many other panes show a file again and again. */
export async function keysInTmux(
  sshd: Sshd,
  panes: number,
  file: string,
  characters: readonly string[],
  everyMs: number,
): Promise<readonly number[]> {
  return await inTmux(sshd, async ({ ssh, open, go }) => {
    const flood = `${ssh} 'while cat ${file}; do :; done'`;
    const { terminal } = await open(['exec cat', ...Array.from({ length: panes }, () => flood)]);
    go();
    await sleep(1_000);
    return await terminal.type(characters, everyMs);
  });
}

interface Tmux {
  readonly folder: string;
  /** The beginning of a command line that runs the rest of it on the server. */
  readonly ssh: string;
  /** A pane for each command line, which begins with `go`; the first pane has the keys. */
  open(commands: readonly string[]): Promise<{ readonly terminal: DrivenTerminal; readonly pids: readonly number[] }>;
  go(): void;
}

async function inTmux<Result>(sshd: Sshd, measure: (tmux: Tmux) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-tmux-'));
  const known = join(folder, 'known_hosts');
  writeFileSync(known, sshd.knownHostsLine);
  const goFile = join(folder, 'go');
  const tmux = (...argv: readonly string[]) =>
    spawnSync('tmux', ['-f', '/dev/null', '-S', join(folder, 'tmux'), ...argv], { encoding: 'utf8' });
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  let terminal: DrivenTerminal | null = null;
  const open: Tmux['open'] = async (commands) => {
    const [first = '', ...others] = commands.map(
      (command) => `until test -e ${goFile}; do sleep 0.05; done; ${command}`,
    );
    tmux('new-session', '-d', '-x', '200', '-y', '50', 'bash', '-c', first);
    for (const command of others) {
      tmux('split-window', 'bash', '-c', command);
      tmux('select-layout', 'tiled');
    }
    tmux('select-pane', '-t', '0');
    terminal = await openDrivenTerminal(['tmux', '-S', join(folder, 'tmux'), 'attach'], env);
    await sleep(500);
    return { terminal, pids: [Number(tmux('display-message', '-p', '#{pid}').stdout), terminal.pid] };
  };
  try {
    return await measure({
      ...{ folder, open, go: () => writeFileSync(goFile, '') },
      ssh: `ssh -q -o UserKnownHostsFile=${known} -i ${sshd.privateKeyPath} -p ${sshd.port} ${sshd.username}@${sshd.host}`,
    });
  } finally {
    tmux('kill-server');
    await (terminal as DrivenTerminal | null)?.end();
    await rm(folder, { recursive: true, force: true });
  }
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
