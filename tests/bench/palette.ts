/**
 * A key in the command palette, from its bytes to the frame that was written, with ten thousand servers in it and with ten. The whole screen of the
 * program on a fake terminal of 200 × 50 with a fake host.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeServer } from '../fixtures/fake-host.ts';
import { openScreenWorld } from '../fixtures/screen-world.ts';
import { type Effort, type Measure, type Report, toMeasure } from './measure.ts';

const rounds: Readonly<Record<Effort, number>> = { full: 20, quick: 3 };
const texts = ['web-77', 'production eu', 'wb9', 'audit', 'restart', 'connected 12', 'zzz'];
const clearLine = '\x15';
/** As terminals with kitty's keyboard protocol send it: it is known for Esc at once. */
const escapeKey = '\x1b[27u';
const p99MsMax = 16;

export async function benchPalette(effort: Effort): Promise<Report> {
  const small = await type(10, effort, 'baseline');
  const large = await type(10_000, effort, 'subject');
  const { p99Ms } = large.keys;
  return {
    name: 'palette',
    title: 'a key in the command palette to the frame that shows what it finds (200 × 50)',
    measures: [large.keys, large.opening, small.keys],
    aims: [{ aim: `p99 at most ${p99MsMax} ms`, measured: p99Ms, unit: 'ms', isMet: p99Ms <= p99MsMax }],
    notes: [],
  };
}

async function type(
  servers: number,
  effort: Effort,
  role: Measure['role'],
): Promise<{ readonly keys: Measure; readonly opening: Measure }> {
  const world = openScreenWorld(200, 50, (host) =>
    host.emit({ type: 'servers.replaced', servers: toServers(servers) }),
  );
  const press = async (keys: string): Promise<number> => {
    const startMs = performance.now();
    world.terminal.type(keys);
    const tookMs = performance.now() - startMs;
    await nextTurn();
    return tookMs;
  };
  const keys: number[] = [];
  const openings: number[] = [];
  await press('4');
  for (let round = 0; round < rounds[effort]; round += 1) {
    openings.push(await press(':'));
    if (round === 0 && !(await world.screen()).includes('Tab completes')) throw new Error('The palette did not open.');
    for (const text of texts) {
      for (const letter of text) keys.push(await press(letter));
      keys.push(await press(clearLine));
    }
    await press(escapeKey);
  }
  if ((await world.screen()).includes('Tab completes')) throw new Error('The palette did not close.');
  world.dispose();
  const label = `${servers.toLocaleString('en')} servers`;
  return { keys: toMeasure(label, role, keys), opening: toMeasure(`${label}, opening it`, role, openings) };
}

function toServers(count: number): Record<string, ReturnType<typeof makeServer>> {
  const environments = ['production', 'staging', 'development'] as const;
  const ids = Array.from({ length: count }, (_, at) => `${at % 2 === 0 ? 'web' : 'database'}-${at}`);
  const toServer = (id: string, at: number) =>
    makeServer(id, { environment: environments[at % 3] ?? 'production', groups: [`eu-${at % 7}`, `team-${at % 31}`] });
  return Object.fromEntries(ids.map((id, at) => [id, toServer(id, at)]));
}
