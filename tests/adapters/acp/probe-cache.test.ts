/** What a probe found is believed for as long as the program, and the way it is started, are the same; and for a day at most. */
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profile } from '../../../src/adapters/acp/catalogue/profile.ts';
import { createProbeCache } from '../../../src/adapters/acp/probe-cache.ts';
import { systemClock } from '../../../src/base/clock.ts';

const agent = profile({ id: 'mine', label: 'Mine', command: ['mine'], installHint: 'none' });
const ready = { availability: 'ready', diagnostic: 'It answers.', version: '1.2.3' } as const;
const hour = 3_600_000;

let folder = '';
let program = '';
let nowMs = 0;
const cache = createProbeCache((id) => join(folder, id, 'probe.json'), { ...systemClock, nowMs: () => nowMs });
const file = (): string => join(folder, 'mine', 'probe.json');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-probe-cache-'));
  program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n');
  nowMs = 1_000_000;
  await cache.write(agent, program, ready);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a cached probe', () => {
  it('is found again with its age, in a file of the owner alone', async () => {
    nowMs += 23 * hour;
    expect(await cache.read(agent, program)).toEqual({ result: ready, ageMs: 23 * hour });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('of an agent that does not work is forgotten sooner', async () => {
    const broken = { availability: 'needs login', diagnostic: 'Log in.', version: null } as const;
    await cache.write(agent, program, broken);
    expect((await cache.read(agent, program))?.result).toEqual(broken);
    nowMs += 2 * hour;
    expect(await cache.read(agent, program)).toBeNull();
  });

  it('keeps only the beginning of what an agent says without end', async () => {
    await cache.write(agent, program, { ...ready, diagnostic: 'x'.repeat(10_000), version: 'v'.repeat(10_000) });
    const kept = await cache.read(agent, program);
    expect([kept?.result.diagnostic.length, kept?.result.version?.length]).toEqual([2_000, 200]);
  });

  it.each<[string, () => unknown]>([
    ['it is a day old', () => (nowMs += 25 * hour)],
    ['it comes from the future', () => (nowMs -= 1)],
    ['the program was replaced', () => utimesSync(program, 1, 1)],
    ['the program grew', () => writeFileSync(program, '#!/bin/sh\nexit\n')],
    ['the program is gone', () => rmSync(program)],
    ['the file is gone', () => rmSync(file())],
    ['the file is cut off', () => writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, -5))],
    ['the file is of another version', () => writeFileSync(file(), '{"v":2}')],
    [
      'the file names a state that there is not',
      () => writeFileSync(file(), readFileSync(file(), 'utf8').replace('ready', 'great')),
    ],
  ])('is not believed when %s', async (_what, spoil) => {
    spoil();
    expect(await cache.read(agent, program)).toBeNull();
  });

  it.each([
    { command: ['mine', '--acp'] },
    { env: { A: 'b' } },
    { passEnv: ['KEY'] },
    { network: 'none' },
    { mcp: 'http' },
  ] as const)('is not believed of a profile with %j', async (change) => {
    expect(await cache.read({ ...agent, ...change }, program)).toBeNull();
  });

  it('that cannot be written costs nothing but itself', async () => {
    const nowhere = createProbeCache(() => join(program, 'probe.json'), systemClock);
    await nowhere.write(agent, program, ready);
    expect(await nowhere.read(agent, program)).toBeNull();
  });
});
