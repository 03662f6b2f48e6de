/**
 * kill -9 of a whole host at random moments under load: nothing happened on a server without its intent and permit, nothing is lost or
 * torn that the log does not explain, and what is open is told exactly. SIGNALBOX_KILLS sets how many kills (default 12),
 * SIGNALBOX_KILLS_SEED the first seed; both are printed. What happens between two moments is up to the machine, so a seed repeats the
 * load and the waiting times, not every interleaving.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sshdRuns } from '../fixtures/sshd.ts';
import { openLane } from './fixtures/kill-lane.ts';
import { type Figures, findWrong } from './fixtures/lane-findings.ts';

const kills = Number(process.env['SIGNALBOX_KILLS'] ?? 12);
const firstSeed = Number(process.env['SIGNALBOX_KILLS_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const lanesAtOnce = 2;
/** A log is read as a whole after each kill, so a longer run is many logs. */
const killsPerLaneMax = 30;
const laneCount = Math.max(lanesAtOnce, Math.ceil(kills / killsPerLaneMax));

let base = '';
let hostFile = '';

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'signalbox-kills-host-'));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'));
  hostFile = join(base, 'host.mjs');
  buildSync({
    entryPoints: [join(root, 'tests', 'engine', 'fixtures', 'small-segment-host.ts')],
    outfile: hostFile,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error' },
  });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe.runIf(sshdRuns())('a host that is killed', () => {
  it(
    `${kills} times under load leaves nothing unexplained`,
    async () => {
      process.stderr.write(`kills: ${kills}, SIGNALBOX_KILLS_SEED=${firstSeed}\n`);
      const waiting = Array.from({ length: laneCount }, (_, lane) => lane);
      const all: Figures[] = [];
      const work = async (): Promise<void> => {
        for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) all.push(await runLane(lane));
      };
      // When one lane fails, the other one still ends what it has started.
      const lanes = await Promise.allSettled(Array.from({ length: lanesAtOnce }, work));
      for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
      const sum = (key: keyof Figures): number => all.reduce((total, figures) => total + figures[key], 0);
      const keys = [
        'records',
        'segments',
        'torn',
        'unknownOutcomes',
        'neverRan',
        'traces',
        'temporary',
        'stray',
      ] as const;
      process.stderr.write(`kills: ${keys.map((key) => `${key} ${sum(key)}`).join(', ')}\n`);
      // A run in which nothing was in flight when the host died would show nothing.
      expect(sum('unknownOutcomes')).toBeGreaterThan(0);
      expect(sum('neverRan')).toBeGreaterThan(0);
      expect(sum('torn')).toBeGreaterThan(0);
      expect(sum('traces')).toBeGreaterThan(kills);
      expect(sum('segments')).toBeGreaterThan(kills / 2);
    },
    180_000 + kills * 60_000,
  );
});

/** Figures of the whole lane; open items and temporary files as most of them were seen after a kill. */
async function runLane(number: number): Promise<Figures> {
  const seed = firstSeed + number;
  const lane = await openLane(hostFile, number, seed);
  const share = Math.floor(kills / laneCount) + (number < kills % laneCount ? 1 : 0);
  let temporary = 0;
  try {
    let open: readonly string[] = [];
    for (let round = 1; round <= share; round += 1) {
      const where = `lane ${number}, seed ${seed}, kill ${round}`;
      await lane.killOnce().catch((error: Error) => {
        throw new Error([`${where}: ${error.message}`, ...lane.bugs(), ...lane.lastWords()].join('\n'), {
          cause: error,
        });
      });
      if (lane.round.openItems !== null) expect([...lane.round.openItems].sort(), where).toEqual([...open].sort());
      const { wrong, figures, open: left } = await findWrong(lane, 'killed');
      expect(wrong, where).toEqual([]);
      temporary += figures.temporary;
      open = left;
    }
    const where = `lane ${number}, seed ${seed}, the end`;
    await lane.endInOrder();
    expect(lane.round.reached, where).toBe(true);
    const { wrong, figures } = await findWrong(lane, 'ended');
    expect(wrong, where).toEqual([]);
    return { ...figures, temporary };
  } finally {
    await lane.dispose();
  }
}
