/**
 * From the start of the program on a pseudo-terminal to its first whole frame, and to the one that shows the host, with a host that runs
 * already and with none; against Node doing nothing. What is started is the built program.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHostPid } from '../../src/client/connect.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { type Effort, type Report, toMeasure, toRatioAim } from './measure.ts';
import { openPseudoTerminal, type PseudoTerminal } from './pseudo-terminal.ts';

const samples: Readonly<Record<Effort, number>> = { full: 20, quick: 5 };
const name = 'first-frame';
const title = 'from the start of the program to its first frame, on a pseudo-terminal';

/** Ends a whole frame (synchronized output); the first one is drawn before anything is known of a host. */
const frameEnd = '\x1b[?2026l';
/** On the screen as soon as the host has told that it has no servers. */
const connected = 'Register a server';

export async function benchFirstFrame(effort: Effort): Promise<Report> {
  const terminal = openPseudoTerminal();
  const missing = 'left out: no python3 here, which opens the pseudo-terminal';
  if (terminal === null) return { name, title, measures: [], aims: [], notes: [missing] };
  const homes = { running: await makeHome(), none: await makeHome() };
  try {
    return await measure(effort, terminal, homes);
  } finally {
    await terminal.dispose();
    for (const home of Object.values(homes)) {
      await endHost(home);
      await rm(home, { recursive: true, force: true });
    }
  }
}

async function measure(
  effort: Effort,
  terminal: PseudoTerminal,
  homes: { readonly running: string; readonly none: string },
): Promise<Report> {
  // Starts the host that the runs with one find, and warms the page cache for all; what is compiled is kept for each home by its first run.
  await startScreen(terminal, homes.running);
  const names = ['node', 'running', 'runningConnected', 'none', 'noneConnected', 'new'] as const;
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let count = 0; count < samples[effort]; count += 1) {
    const bare = await terminal.run({ argv: [process.execPath, '-e', '0'], env: toEnv(homes.running), until: [] });
    times.node?.push(bare.endMs);
    const running = await startScreen(terminal, homes.running);
    times.running?.push(running.frameMs);
    times.runningConnected?.push(running.connectedMs);
    await rm(toPaths({ SIGNALBOX_HOME: homes.running }).cache, { recursive: true, force: true });
    times.new?.push((await startScreen(terminal, homes.running)).frameMs);
    const none = await startScreen(terminal, homes.none);
    await endHost(homes.none);
    times.none?.push(none.frameMs);
    times.noneConnected?.push(none.connectedMs);
  }
  const [frame, frameAlone, frameNew, node, shown, shownAlone] = [
    toMeasure('first frame, host running', 'subject', times.running ?? []),
    toMeasure('first frame, no host', 'subject', times.none ?? []),
    toMeasure('first frame, first start of a version', 'subject', times.new ?? []),
    toMeasure('`node -e 0` to its end', 'baseline', times.node ?? []),
    toMeasure('connected, host running', 'subject', times.runningConnected ?? []),
    toMeasure('connected, host started for it', 'subject', times.noneConnected ?? []),
  ] as const;
  return {
    name,
    title,
    measures: [frame, frameAlone, frameNew, node, shown, shownAlone],
    aims: [
      toRatioAim('first frame at most 2.5 × bare Node, host running (p50)', frame.p50Ms / node.p50Ms, { max: 2.5 }),
      toRatioAim('first frame at most 2.5 × bare Node, no host (p50)', frameAlone.p50Ms / node.p50Ms, { max: 2.5 }),
    ],
    notes: [],
  };
}

async function startScreen(
  terminal: PseudoTerminal,
  home: string,
): Promise<{ readonly frameMs: number; readonly connectedMs: number }> {
  const main = join('dist', 'main.cjs');
  const env = toEnv(home);
  const { drawnMs, tail } = await terminal.run({ argv: [process.execPath, main], env, until: [frameEnd, connected] });
  const [frameMs, connectedMs] = drawnMs;
  if (frameMs === undefined || connectedMs === undefined)
    throw new Error(`The screen did not connect; the last it drew: ${JSON.stringify(tail)}`);
  return { frameMs, connectedMs };
}

function toEnv(home: string): Record<string, string> {
  return {
    ...{ PATH: process.env.PATH ?? '', HOME: home, SIGNALBOX_HOME: home },
    ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
  };
}

function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'signalbox-bench-'));
}

/** Hosts outlive the screen that started them. */
async function endHost(home: string): Promise<void> {
  const pid = readHostPid(toPaths({ SIGNALBOX_HOME: home }));
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGTERM');
    for (;;) {
      process.kill(pid, 0);
      await sleep(10);
    }
  } catch (error) {
    // It is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
