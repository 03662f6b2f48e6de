/** Facts on disk: found by the next host, and never a reason to fail. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerFacts } from '../../../src/core/facts/server-facts.ts';
import { createFactsStore } from '../../../src/runtime/facts/create-facts-store.ts';
import { createLineNotes } from '../../../src/runtime/facts/create-line-notes.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { farLine } from '../../fixtures/line-facts.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-facts-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const facts: ServerFacts = {
  ...{ server: 'web-1', gatheredAt: '2026-11-20T10:00:00.000Z', os: 'Debian 12', kernel: null, architecture: null },
  ...{ packageManager: null, init: null, services: null, processors: null, memory: null, disks: [] },
  ...{ uptimeSeconds: 3, clockSkewSeconds: -2, unknown: [{ probe: 'init', reason: 'refused' }] },
  ...{ loginShell: '/bin/bash', tools: ['env'], line: farLine },
};

describe('the facts of a server', () => {
  it('are found again by the hash of its record, in a private file', async () => {
    const folder = join(home, 'facts');
    await createFactsStore(folder).write('record-1', facts);
    expect(await createFactsStore(folder).read('record-1')).toEqual(facts);
    expect(await createFactsStore(folder).read('record-2')).toBeNull();
    const [name] = readdirSync(folder);
    expect(statSync(join(folder, name ?? '')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['cut short', '{"server":"web-1"'],
    ['of another shape', '{"server":"web-1"}'],
    ['with more than facts', JSON.stringify({ ...facts, password: 'x' })],
    ['empty', ''],
  ])('that are %s are none', async (_name, text) => {
    const folder = join(home, 'facts');
    const store = createFactsStore(folder);
    await store.write('record-1', facts);
    writeFileSync(join(folder, readdirSync(folder)[0] ?? ''), text);
    expect(await store.read('record-1')).toBeNull();
  });

  it('that cannot be written are no failure', async () => {
    writeFileSync(join(home, 'file'), '');
    const store = createFactsStore(join(home, 'file', 'facts'));
    await store.write('record-1', facts);
    expect(await store.read('record-1')).toBeNull();
  });
});

describe('what connections have learned', () => {
  it('is found again by the hash of the record until it is forgotten, in a private file', async () => {
    const folder = join(home, 'facts');
    const notes = createLineNotes(folder, new HandClock());
    notes.keep('record-1', farLine);
    await notes.settle();
    const next = createLineNotes(folder, new HandClock());
    expect(await next.find('record-1')).toEqual(farLine);
    expect(await next.find('record-2')).toBeNull();
    const [name = ''] = readdirSync(folder);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, name), JSON.stringify({ ...farLine, sessionsMax: 0 }));
    expect(await next.find('record-1')).toBeNull();
    await next.forget('record-1');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes to disk although more is learned all the time', async () => {
    const folder = join(home, 'facts');
    const clock = new HandClock();
    const notes = createLineNotes(folder, clock);
    notes.keep('record-1', farLine);
    for (let at = 0; at < 60; at += 1) {
      clock.advance(100);
      notes.keep('record-2', { ...farLine, roundTripMs: at });
    }
    await vi.waitFor(async () => expect(await createLineNotes(folder, clock).find('record-1')).toEqual(farLine));
  });

  it('goes to disk a little later, the last of each record, and is found meanwhile', async () => {
    const folder = join(home, 'facts');
    const clock = new HandClock();
    const notes = createLineNotes(folder, clock);
    notes.keep('record-1', farLine);
    notes.keep('record-1', { ...farLine, sessionsMax: 2 });
    notes.keep('record-2', farLine);
    notes.keep('record-3', farLine);
    expect(await notes.find('record-1')).toEqual({ ...farLine, sessionsMax: 2 });
    await notes.forget('record-2');
    clock.advance(400);
    notes.keep('record-3', farLine);
    clock.advance(400);
    await notes.find('record-2');
    expect(existsSync(folder)).toBe(false);
    clock.advance(400);
    await vi.waitFor(async () => expect(await createLineNotes(folder, clock).find('record-3')).toEqual(farLine));
    expect(await createLineNotes(folder, clock).find('record-1')).toEqual({ ...farLine, sessionsMax: 2 });
    expect(await notes.find('record-2')).toBeNull();
  });
});
