/**
 * Everything that is written beside operations, on a disk that is full: what was whole stays whole, nothing half-written is left, one sentence
 * says what to do, and with room the same thing works. The disk is real and small.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleEngine } from '../../src/assemble.ts';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import type { Rule } from '../../src/core/policy/rules/rule-file.ts';
import { acquireHostLock } from '../../src/host/acquire-host-lock.ts';
import { Transcript } from '../../src/host/sessions/transcript.ts';
import { createAuditLog } from '../../src/runtime/audit/create-audit-log.ts';
import { exportBundle } from '../../src/runtime/audit/export-bundle.ts';
import { openAuditReader } from '../../src/runtime/audit/open-audit-reader.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { addRule } from '../../src/runtime/policy/edit-rules.ts';
import { addServerRecord, removeServerRecord } from '../../src/runtime/registry/edit-servers.ts';
import { canMount, fillDisk, mountTiny } from '../fixtures/mounts.ts';

const redactor = createRedactor({ key: new Uint8Array(32).fill(7) });

describe.runIf(canMount('files on a full disk'))('on a full disk', () => {
  let base: string;
  let disk: string;
  let unmount: () => void;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'signalbox-full-files-'));
    disk = join(base, 'disk');
    mkdirSync(disk);
    unmount = mountTiny(disk, '2m');
  });
  afterEach(() => {
    unmount();
    rmSync(base, { recursive: true, force: true });
  });
  const messageOf = async (task: Promise<unknown>): Promise<string> =>
    await task.then(
      () => 'it went well',
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );

  const record = { id: 'web-2', host: '127.0.0.1', username: 'nobody', environment: 'development' };
  const server = { id: 'web-1', host: '127.0.0.1', username: 'nobody', environment: 'development' };
  const rule: Rule = { id: 'r1', decision: 'reject', because: 'it must not', command: 'halt', match: ['halt'] };

  it.each<[string, string, (path: string) => Promise<unknown>]>([
    ['a rule is saved', '{"version":1,"rules":[]}', (path) => addRule(path, rule)],
    [
      'a server is added',
      `[${JSON.stringify(server)}]`,
      (path) => addServerRecord({ file: path, trust: null }, record),
    ],
    [
      'a server is removed',
      JSON.stringify([server, record]),
      (path) => removeServerRecord({ file: path, trust: null }, 'web-2'),
    ],
  ])('%s: the file stays as it was, with nothing beside it', async (_what, text, edit) => {
    const path = join(disk, 'file.json');
    writeFileSync(path, text, { mode: 0o600 });
    const makeRoom = fillDisk(disk);
    const beside = readdirSync(disk).sort();
    expect(await messageOf(edit(path))).toMatch(
      /^CONFIG_INVALID: \S+ cannot be written, since no space is left on its disk, and is as it was; make room there and try again\.$/,
    );
    expect([readFileSync(path, 'utf8'), readdirSync(disk).sort()]).toEqual([text, beside]);
    makeRoom();
    await edit(path);
    expect(readFileSync(path, 'utf8')).not.toBe(text);
    expect(readdirSync(disk)).toEqual(['file.json']);
  });

  it('a transcript leaves lines out whole, says so once, and goes on by itself with how many are missing', async () => {
    const path = join(disk, 's1.jsonl');
    const said: string[] = [];
    const transcript = new Transcript(path, redactor, (sentence) => said.push(sentence));
    const text = 'word '.repeat(2_000);
    transcript.append({ kind: 'agent', text, number: 1 });
    await transcript.idle();
    const makeRoom = fillDisk(disk);
    for (const number of [2, 3]) transcript.append({ kind: 'agent', text, number });
    await transcript.idle();
    expect(said).toEqual([expect.stringMatching(/no space left.*make room.*it goes on by itself\.$/)]);
    makeRoom();
    transcript.append({ kind: 'agent', text, number: 4 });
    await transcript.idle();
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ kind, number, missingLines }) => [kind, number ?? missingLines])).toEqual([
      ['agent', 1],
      ['gap', 2],
      ['agent', 4],
    ]);
    expect(said).toHaveLength(1);
  });

  it('a bundle that does not fit leaves nothing of itself, in a new folder and in one that was there', async () => {
    const folder = join(base, 'audit');
    const log = await createAuditLog({ folder, redactor });
    for (let index = 0; index < 20; index += 1)
      await log.append([{ type: 'intent', id: `op-${index}`, path: 'x'.repeat(8_000) }]);
    await log.close();
    const reader = openAuditReader({ folder });
    const verdict = await reader.verify();
    const there = join(disk, 'there');
    mkdirSync(there);
    const bundle = (out: string, isFull: boolean) =>
      exportBundle({
        ...{ folder, reader, keyFile: join(base, 'none.pem'), out, query: null, filter: null, version: '1', atMs: 0 },
        ...{ verdict, findRecording: () => null },
        readImage: () => Promise.reject(new Error('none')),
        writeGitBundle: () =>
          isFull ? Promise.reject(new Error('sha1 file write error. Out of diskspace')) : Promise.resolve(false),
      });
    const makeRoom = fillDisk(disk, 100 * 1024);
    for (const out of [there, join(disk, 'new')])
      expect(await messageOf(bundle(out, false))).toMatch(
        /^NO_SPACE: The bundle does not fit: no space is left on the disk of \S+; make room there or name a folder elsewhere\.$/,
      );
    expect(readdirSync(disk).filter((name) => !name.startsWith('fill'))).toEqual(['there']);
    expect(readdirSync(there)).toEqual([]);
    makeRoom();
    expect(await messageOf(bundle(there, true))).toMatch(/^NO_SPACE/);
    expect(await bundle(there, false)).toMatchObject({ records: verdict.records });
  });

  it('the log is not rotated into nothing: what comes at the end of a segment is refused whole, and later begins the next', async () => {
    const folder = join(disk, 'audit');
    const signing = { keyFile: join(base, 'key.pem'), secondPlace: null };
    const log = await createAuditLog({ folder, redactor, signing, segmentBytesMax: 60_000 });
    const segments = (): number => readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length;
    const big = 'x'.repeat(7_000);
    try {
      await log.append([
        { type: 'intent', id: 'held' },
        { type: 'permit', id: 'held' },
      ]);
      const makeRoom = fillDisk(disk);
      let written = 0;
      const refused = await (async () => {
        for (; written < 40; written += 1) await log.append([{ type: 'intent', id: `op-${written}`, path: big }]);
        return null;
      })().catch((error: Error) => error);
      expect(refused).toMatchObject({ code: 'AUDIT_UNAVAILABLE', message: expect.stringMatching(/no space is left/) });
      // What runs already still tells how it goes, and how it ended.
      await log.append([{ type: 'progress', id: 'held' }]);
      await log.append([{ type: 'result', id: 'held', status: 'ok' }]);
      expect(await log.verify()).toMatchObject({ ok: true });
      makeRoom();
      const before = segments();
      for (let index = 0; index < 20; index += 1)
        await log.append([{ type: 'intent', id: `later-${index}`, path: big }]);
      expect(segments()).toBeGreaterThan(before);
      expect(await log.verify()).toMatchObject({ ok: true });
    } finally {
      await log.close();
    }
    expect(await openAuditReader({ folder }).verify(signing)).toMatchObject({ ok: true });
  });

  it('there is no engine and no lock of a host, and both say why', async () => {
    const paths = toPaths({ HOME: disk, SIGNALBOX_HOME: join(disk, 'home') });
    mkdirSync(paths.runtime, { recursive: true, mode: 0o700 });
    const makeRoom = fillDisk(disk);
    expect(() => acquireHostLock(paths.hostLock)).toThrow(
      /^The lock of the host cannot be written to \S+ \(no space is left on its disk\); make room or mend that and start again\.$/,
    );
    expect(readdirSync(paths.runtime)).toEqual([]);
    const said = await messageOf(assembleEngine({ paths, env: { HOME: disk, PATH: process.env['PATH'] } }));
    expect(said).toMatch(/^AUDIT_UNAVAILABLE: .*no space is left.*\.$/);
    makeRoom();
    const acquired = acquireHostLock(paths.hostLock);
    const engine = await assembleEngine({ paths, env: { HOME: disk, PATH: process.env['PATH'] } });
    expect(await engine.audit.verify()).toMatchObject({ ok: true });
    await engine.dispose();
    if (acquired.kind === 'acquired') acquired.lock.dispose();
  });
});
