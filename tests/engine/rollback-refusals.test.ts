/** Rollbacks that must not happen, through the assembled engine on a real OpenSSH server: drift, records that do not fit, and who may ask. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { agent, no, yes } from '../fixtures/engine-world.ts';
import { sshdRuns } from '../fixtures/sshd.ts';
import { type RollbackCase, useRollbackWorld } from './rollback-world.ts';

describe.runIf(sshdRuns())('what a rollback must not touch', () => {
  const bench = useRollbackWorld();
  const { write, rollBack, preview, previewSession, records } = bench;
  let { world, folder }: Omit<RollbackCase, 'session'> = { world: undefined as never, folder: '' };
  beforeEach(() => {
    ({ world, folder } = bench.now());
  });
  const text = (path: string): string => readFileSync(path, 'utf8');

  const drifts: readonly (readonly [name: string, drift: (path: string) => void, says: string])[] = [
    ['other content', (path) => writeFileSync(path, 'mine\n'), 'its content is another one'],
    ['one byte more', (path) => writeFileSync(path, 'agent\n\n'), 'its content is another one'],
    ['the content of before', (path) => writeFileSync(path, 'person\n'), 'its content is another one'],
    ['another mode', (path) => chmodSync(path, 0o606), 'its mode is 0606, not 0644'],
    ['a file that is gone', (path) => rmSync(path), 'it no longer exists'],
    ['a folder in its place', (path) => (rmSync(path), mkdirSync(path)), 'it is a folder now'],
    [
      'a link in its place',
      (path) => (renameSync(path, `${path}.real`), symlinkSync(`${path}.real`, path)),
      'it leads to',
    ],
    ['a link that leads nowhere', (path) => (rmSync(path), symlinkSync('/nowhere', path)), 'symbolic link'],
    [
      'a link on the way to it',
      (path) => {
        const parent = join(path, '..');
        renameSync(parent, `${parent}.moved`);
        symlinkSync(`${parent}.moved`, parent);
      },
      'it leads to',
    ],
  ];
  for (const [name, drift, says] of drifts) {
    it(`touches nothing where it finds ${name}`, async () => {
      const path = join(folder, 'below', 'drift.conf');
      mkdirSync(join(folder, 'below'));
      writeFileSync(path, 'person\n', { mode: 0o644 });
      const id = await write(path, 'agent\n');
      drift(path);
      const cards = world.cards.length;
      expect(await preview(id)).toMatchObject({
        steps: [],
        stop: { id, code: 'CONFLICT', message: expect.stringContaining(says) },
      });
      expect(await rollBack(path, [id])).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(says),
        execution: { attempted: false },
      });
      expect(world.cards).toHaveLength(cards);
    });
  }

  it('touches nothing when the file changes while the card waits', async () => {
    const [kept, created] = ['kept', 'created'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(kept, 'person\n');
    const ids = [await write(kept, 'agent\n'), await write(created, 'agent\n')];
    for (const [index, path] of [kept, created].entries()) {
      world.answer(() => {
        writeFileSync(path, 'meanwhile\n');
        return yes;
      });
      expect(await rollBack(path, [present(ids[index], 'It was written.')])).toMatchObject({ code: 'CONFLICT' });
      expect(text(path)).toBe('meanwhile\n');
    }
    world.answer(() => {
      rmSync(created);
      mkdirSync(created);
      return yes;
    });
    writeFileSync(created, 'agent\n');
    expect(await rollBack(created, [present(ids[1], 'It was written.')])).toMatchObject({ code: 'CONFLICT' });
    expect(statSync(created).isDirectory()).toBe(true);
  });

  it('never runs without the operator: no, an agent, production without its id', async () => {
    const path = join(folder, 'app.conf');
    writeFileSync(path, 'person\n');
    const id = await write(path, 'agent\n');
    world.answer(() => no);
    expect(await rollBack(path, [id])).toMatchObject({ code: 'APPROVAL_DENIED' });
    const cards = world.cards.length;
    for (const caller of [agent, { ...agent, origin: 'external' as const }, { ...agent, origin: 'program' as const }]) {
      const refused = await world.ask('rollback_file', { server: 'web-1', path, ids: [id] }, { caller });
      expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('no operation') });
      expect(refused.message).not.toContain('rollback_file,');
    }
    expect(world.cards).toHaveLength(cards);

    world.answer(() => ({ ...yes, confirmation: 'prod-1' }));
    const production = await world.ask('remote_write_file', { server: 'prod-1', path, content: 'agent 2\n' });
    world.answer(() => null);
    const waiting = rollBack(path, [production.audit.id], 'prod-1');
    await expect.poll(() => world.engine.approvals.list()).toHaveLength(1);
    const card = present(world.engine.approvals.list()[0], 'It waits.');
    expect(() => world.engine.approvals.answer(card.id, yes)).toThrow('type its id');
    expect(() => world.engine.approvals.answer(card.id, { ...yes, confirmation: 'web-1' })).toThrow('type its id');
    expect(text(path)).toBe('agent 2\n');
    world.engine.approvals.answer(card.id, { ...yes, confirmation: 'prod-1' });
    expect(await waiting).toMatchObject({ status: 'ok' });
    expect(text(path)).toBe('agent\n');
  });

  it('refuses what is no change of this file, what was taken back, and what was only kept as a hash', async () => {
    const [path, other, secret] = ['app.conf', 'other', '.env'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(path, 'person\n');
    writeFileSync(secret, 'KEY=1\n');
    const id = await write(path, 'agent\n');
    const elsewhere = await write(other, 'x\n');
    const hashed = await write(secret, 'KEY=2\n');
    const read = await world.ask('remote_read_file', { server: 'web-1', path });
    world.answer(() => no);
    const denied = await world.ask('remote_write_file', { server: 'web-1', path, content: 'never\n' });
    world.answer(() => yes);
    const table: readonly (readonly [
      ids: readonly string[],
      code: string,
      says: string,
      path?: string,
      server?: string,
    ])[] = [
      [['nothing-like-it'], 'INVALID_ARGUMENT', 'No change of a file is known of'],
      [[read.audit.id], 'INVALID_ARGUMENT', 'No change of a file is known of'],
      [[denied.audit.id], 'INVALID_ARGUMENT', 'No change of a file is known of'],
      [[elsewhere], 'INVALID_ARGUMENT', `changed ${other}`],
      [[id, elsewhere], 'INVALID_ARGUMENT', `changed ${other}`],
      [[id], 'INVALID_ARGUMENT', 'changed', path, 'prod-1'],
      [[id, id], 'CONFLICT', 'somebody else'],
      [[], 'INVALID_ARGUMENT', 'do not fit'],
      [[hashed], 'UNSUPPORTED', 'Only the hash', secret],
      [[id], 'SERVER_NOT_FOUND', 'gone-1', path, 'gone-1'],
    ];
    const cards = world.cards.length;
    for (const [ids, code, says, at = path, server = 'web-1'] of table)
      expect(await rollBack(at, ids, server), says).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(world.cards).toHaveLength(cards);
    expect([text(path), text(secret)]).toEqual(['agent\n', 'KEY=2\n']);
    expect(await preview(hashed)).toMatchObject({ steps: [], stop: { code: 'UNSUPPORTED' } });
    await expect(preview(read.audit.id)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(previewSession('nothing')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(previewSession(null, 'nobody')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

    expect(await rollBack(path, [id])).toMatchObject({ status: 'ok' });
    await expect(preview(id)).rejects.toMatchObject({ message: expect.stringContaining('rolled back already') });
    expect(await rollBack(path, [id])).toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses on a read-only server, when the id means another machine, and when the server is gone', async () => {
    const path = join(folder, 'app.conf');
    writeFileSync(path, 'person\n');
    const id = await write(path, 'agent\n');
    const put = (more: Readonly<Record<string, unknown>>): void =>
      writeFileSync(world.paths.serversFile, JSON.stringify(records(more)), { mode: 0o600 });
    try {
      put({ readonly: true });
      expect(await rollBack(path, [id])).toMatchObject({ code: 'POLICY_REJECTED' });
      put({ username: 'somebody' });
      expect(await rollBack(path, [id])).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('is somebody@'),
      });
      expect(await preview(id)).toMatchObject({ steps: [], stop: { code: 'CONFLICT' } });
      writeFileSync(world.paths.serversFile, '[]', { mode: 0o600 });
      expect(await preview(id)).toMatchObject({ steps: [], stop: { code: 'SERVER_NOT_FOUND' } });
    } finally {
      put({});
    }
    expect(text(path)).toBe('agent\n');
  });

  it('says so when a snapshot is gone or the store is damaged, and leaves the file', async () => {
    const path = join(folder, 'app.conf');
    writeFileSync(path, 'person\n');
    const id = await write(path, 'agent\n');
    const { snapshotsRepository } = world.paths;
    renameSync(snapshotsRepository, `${snapshotsRepository}.away`);
    try {
      expect(await rollBack(path, [id])).toMatchObject({
        status: 'error',
        code: expect.stringMatching(/^(SNAPSHOT|FILE)/),
      });
    } finally {
      rmSync(snapshotsRepository, { recursive: true, force: true });
      renameSync(`${snapshotsRepository}.away`, snapshotsRepository);
    }
    expect(text(path)).toBe('agent\n');
    expect(await rollBack(path, [id])).toMatchObject({ status: 'ok' });
  });
});
