/**
 * A thousand registered servers beside ten: the list at the command line, the start of the screen until it shows the host, and a key in the
 * filter of the Servers view to the frame that shows what it finds. The built program, and for the keys the screen with a fake host.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readHostPid } from '../../src/client/connect.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { makeServer } from '../fixtures/fake-host.ts';
import { endHost } from '../fixtures/program-world.ts';
import { openScreenWorld } from '../fixtures/screen-world.ts';
import { type Aim, type Effort, type Measure, type Report, toMeasure, toRatioAim } from './measure.ts';
import { openPseudoTerminal, type PseudoTerminal } from './pseudo-terminal.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 20, quick: 4 };
const counts = [10, 1_000] as const;
/** More than a tenth would be felt before it is seen. */
const ratioMax = 1.25;
const keyP99MsMax = 16;
const main = join('dist', 'main.cjs');
const name = 'registry';
const title = '1,000 registered servers beside 10';

export async function benchRegistry(effort: Effort): Promise<Report> {
  const terminal = openPseudoTerminal();
  if (terminal === null)
    return {
      name,
      title,
      measures: [],
      aims: [],
      notes: ['left out: no python3 here, which opens the pseudo-terminal'],
    };
  const homes = await Promise.all(counts.map(makeHome));
  try {
    const started = await measureProgram(rounds[effort], terminal, homes);
    const [few, many] = [
      await measureKeys(10, rounds[effort], 'baseline'),
      await measureKeys(1_000, rounds[effort], 'subject'),
    ];
    const { p99Ms } = many;
    const keys: Aim = {
      aim: `a key in the filter: p99 at most ${keyP99MsMax} ms`,
      measured: p99Ms,
      unit: 'ms',
      isMet: p99Ms <= keyP99MsMax,
    };
    return { name, title, measures: [...started.measures, many, few], aims: [...started.aims, keys], notes: [] };
  } finally {
    await terminal.dispose();
    for (const home of homes) {
      await endHost(readHostPid(toPaths({ SIGNALBOX_HOME: home })));
      await rm(home, { recursive: true, force: true, maxRetries: 10 });
    }
  }
}

async function measureProgram(
  count: number,
  terminal: PseudoTerminal,
  homes: readonly string[],
): Promise<Pick<Report, 'measures' | 'aims'>> {
  const works = [
    { what: '`server list`', run: (home: string) => list(home) },
    { what: 'the screen until it shows the host', run: (home: string) => start(terminal, home) },
  ] as const;
  const measures: Measure[] = [];
  const aims: Aim[] = [];
  for (const { what, run } of works) {
    const times = counts.map((): number[] => []);
    // The first run starts a host, and keeps what is compiled.
    for (let round = -1; round < count; round += 1)
      for (const [at, home] of homes.entries()) {
        const tookMs = await run(home);
        if (round >= 0) times[at]?.push(tookMs);
      }
    const few = toMeasure(`${what}, 10 servers`, 'baseline', times[0] ?? []);
    const many = toMeasure(`${what}, 1,000 servers`, 'subject', times[1] ?? []);
    measures.push(many, few);
    aims.push(toRatioAim(`${what}: at most ${ratioMax} × (p50)`, many.p50Ms / few.p50Ms, { max: ratioMax }));
  }
  return { measures, aims };
}

function list(home: string): number {
  const startMs = performance.now();
  execFileSync(process.execPath, [main, 'server', 'list'], {
    env: toEnv(home),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return performance.now() - startMs;
}

async function start(terminal: PseudoTerminal, home: string): Promise<number> {
  const argv = [process.execPath, main];
  const { drawnMs, tail } = await terminal.run({ argv, env: toEnv(home), until: [' servers'] });
  const [connectedMs] = drawnMs;
  if (connectedMs === undefined)
    throw new Error(`The screen did not connect; the last it drew: ${JSON.stringify(tail)}`);
  return connectedMs;
}

/** As one types what is looked for, key by key. */
async function measureKeys(servers: number, count: number, role: Measure['role']): Promise<Measure> {
  const world = openScreenWorld(200, 50, (host) =>
    host.emit({
      type: 'servers.replaced',
      servers: Object.fromEntries(
        toIds(servers).map((id, at) => [id, makeServer(id, { groups: [`team-${at % 31}`] })]),
      ),
    }),
  );
  const press = async (keys: string): Promise<number> => {
    const startMs = performance.now();
    world.terminal.type(keys);
    const tookMs = performance.now() - startMs;
    await nextTurn();
    return tookMs;
  };
  const times: number[] = [];
  await press('4');
  for (let round = 0; round < count; round += 1) {
    await press('/');
    for (const letter of 'web-7 team-3') times.push(await press(letter));
    if (round === 0 && !(await world.screen()).includes('web-7')) throw new Error('The filter does not filter.');
    await press('\x15');
    await press('\x1b[27u');
  }
  world.dispose();
  return toMeasure(`a key in the filter, ${servers.toLocaleString('en')} servers`, role, times);
}

function toIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `web-${at + 1}`);
}

async function makeHome(count: number): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const paths = toPaths({ SIGNALBOX_HOME: home });
  await mkdir(paths.config, { recursive: true, mode: 0o700 });
  const records = toIds(count).map((id, at) => ({
    ...{
      id,
      host: `10.0.${at >> 8}.${at & 255}`,
      username: 'ops',
      environment: 'development',
      groups: [`team-${at % 31}`],
    },
    auth: { kind: 'agent' },
  }));
  await writeFile(paths.serversFile, JSON.stringify(records), { mode: 0o600 });
  return home;
}

function toEnv(home: string): Record<string, string> {
  return {
    ...{ PATH: process.env['PATH'] ?? '', HOME: home, SIGNALBOX_HOME: home },
    ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
  };
}
