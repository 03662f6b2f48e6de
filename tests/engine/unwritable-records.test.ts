/** What the engine does when its own records cannot be written: no log, no action; no snapshots, no write. The disks are real and small. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EngineWorld, openEngineWorld, yes } from '../fixtures/engine-world.ts';
import { canMount, mountTiny, remountReadOnly } from '../fixtures/mounts.ts';
import { toRecord } from '../fixtures/program-world.ts';
import { type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';

const canRunHere = sshdRuns() && canMount('records on full and read-only disks');

describe.runIf(canRunHere)('records that cannot be written', () => {
  let sshd: Sshd;
  let world: EngineWorld | null = null;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterEach(async () => {
    await world?.dispose();
    world = null;
  });
  afterAll(() => sshd?.stop());

  async function open(toDisk: (paths: EngineWorld['paths']) => string, size: string): Promise<EngineWorld> {
    world = await openEngineWorld({
      servers: [toRecord('web-1', sshd, 'development')],
      knownHosts: sshd.knownHostsLine,
      prepare: (paths) => {
        mkdirSync(toDisk(paths), { mode: 0o700 });
        return mountTiny(toDisk(paths), size);
      },
    });
    world.answer(() => yes);
    return world;
  }

  it('the log on a full disk: nothing at all runs, not even a read, until there is room', async () => {
    const { ask, cards, engine, paths } = await open(({ auditFolder }) => auditFolder, '1m');
    const made = join(sshd.folder, 'made');
    const seen: string[] = [];
    engine.gate.onActivity(({ kind }) => seen.push(kind));
    expect(() => writeFileSync(join(paths.auditFolder, 'fill'), Buffer.alloc(1024 * 1024))).toThrow('ENOSPC');
    // The last block of the segment may have room for a few records more.
    let envelope = await ask('remote_exec', { server: 'web-1', argv: ['cat', '/etc/hostname'] });
    for (let attempt = 0; attempt < 100 && envelope.status === 'ok'; attempt += 1)
      envelope = await ask('remote_exec', { server: 'web-1', argv: ['cat', '/etc/hostname'] });
    expect(envelope).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    seen.length = 0;
    const before = cards.length;
    for (const [operation, input] of [
      ['remote_exec', { argv: ['cat', '/etc/hostname'] }],
      ['remote_exec', { argv: ['touch', made] }],
      ['remote_read_file', { path: '/etc/hostname' }],
      ['remote_write_file', { path: made, content: 'x' }],
    ] as const) {
      const refused = await ask(operation, { server: 'web-1', ...input });
      expect(refused).toMatchObject({ status: 'error', code: 'AUDIT_UNAVAILABLE', execution: { attempted: false } });
      // The refusal itself may fit where the request did not; what is claimed is so.
      const records = await engine.audit.records(refused.audit.id);
      expect(records.map(({ type }) => type)).toEqual(refused.audit.logWritten ? ['refused'] : []);
    }
    expect([existsSync(made), cards.length - before, seen.includes('running')]).toEqual([false, 0, false]);

    rmSync(join(paths.auditFolder, 'fill'));
    expect((await ask('remote_exec', { server: 'web-1', argv: ['cat', '/etc/hostname'] })).status).toBe('ok');
    expect(await engine.audit.verify()).toMatchObject({ ok: true });
  });

  it('the log on a read-only disk: there is no engine', async () => {
    const prepare = ({ auditFolder }: EngineWorld['paths']): (() => void) => {
      mkdirSync(auditFolder, { mode: 0o700 });
      const unmount = mountTiny(auditFolder, '1m');
      remountReadOnly(auditFolder);
      return unmount;
    };
    await expect(openEngineWorld({ servers: [], prepare })).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      message: expect.stringContaining('read-only'),
    });
  });

  it('snapshots on a read-only disk: no write is even asked for; what changes no file goes on', async () => {
    const { ask, cards, paths } = await open(({ snapshotsRepository }) => snapshotsRepository, '4m');
    const path = join(sshd.folder, 'kept');
    writeFileSync(path, 'a\n');
    expect((await ask('remote_write_file', { server: 'web-1', path, content: 'b\n' })).status).toBe('ok');
    const before = cards.length;
    remountReadOnly(paths.snapshotsRepository);
    const patch = `--- a${path}\n+++ b${path}\n@@ -1 +1 @@\n-b\n+c\n`;
    for (const [operation, input] of [
      ['remote_write_file', { path, content: 'c\n' }],
      ['remote_patch_file', { path, patch }],
      ['remote_write_file', { path: `${path}-new`, content: 'c\n' }],
    ] as const)
      expect(await ask(operation, { server: 'web-1', ...input })).toMatchObject({
        status: 'error',
        code: 'SNAPSHOT_UNAVAILABLE',
        message: expect.stringMatching(/read-only/i),
        execution: { attempted: false },
      });
    expect([readFileSync(path, 'utf8'), existsSync(`${path}-new`), cards.length]).toEqual(['b\n', false, before]);
    expect((await ask('remote_read_file', { server: 'web-1', path })).status).toBe('ok');
    expect((await ask('remote_exec', { server: 'web-1', argv: ['touch', `${path}-command`] })).status).toBe('ok');
  });

  it('snapshots that fail only after the write: said as half done, and the file is as approved', async () => {
    const { ask, paths, engine, answer } = await open(({ snapshotsRepository }) => snapshotsRepository, '4m');
    const path = join(sshd.folder, 'half');
    writeFileSync(path, 'a\n');
    answer(() => yes);
    // As soon as the permit is on disk, the state before is kept already.
    const permit = engine.audit.onAppend((record) => {
      if (record.type === 'permit') remountReadOnly(paths.snapshotsRepository);
    });
    const envelope = await ask('remote_write_file', { server: 'web-1', path, content: 'b\n' });
    permit.dispose();
    expect(envelope).toMatchObject({
      status: 'partial_failure',
      code: 'SNAPSHOT_FAILED',
      audit: { logWritten: true, snapshotStatus: 'partial_failure' },
    });
    expect(readFileSync(path, 'utf8')).toBe('b\n');
    expect(await engine.audit.openItems()).toMatchObject([{ id: envelope.audit.id, outcome: 'partial_failure' }]);
  });
});
