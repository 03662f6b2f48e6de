/** Facts on disk: found by the next host, and never a reason to fail. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerFacts } from '../../../src/core/facts/server-facts.ts';
import { createFactsStore } from '../../../src/runtime/facts/create-facts-store.ts';
import { createLineNotes } from '../../../src/runtime/facts/create-line-notes.ts';
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
    await createLineNotes(folder).keep('record-1', farLine);
    expect(await createLineNotes(folder).find('record-1')).toEqual(farLine);
    expect(await createLineNotes(folder).find('record-2')).toBeNull();
    const [name = ''] = readdirSync(folder);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, name), JSON.stringify({ ...farLine, sessionsMax: 0 }));
    expect(await createLineNotes(folder).find('record-1')).toBeNull();
    await createLineNotes(folder).forget('record-1');
    expect(readdirSync(folder)).toEqual([]);
  });
});
