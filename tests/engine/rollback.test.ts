/** Taking changes back through the assembled engine on real OpenSSH servers: what comes back, and everything that must not be touched. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { describeChanges } from '../../src/core/changes/describe-changes.ts';
import { previewRollback, type RollbackPreview } from '../../src/core/changes/preview-rollback.ts';
import type { Envelope } from '../../src/core/envelope.ts';
import { agent, type EngineWorld, no, openEngineWorld, operator, yes } from '../fixtures/engine-world.ts';
import { toRecord } from '../fixtures/program-world.ts';
import { type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';

describe.runIf(sshdRuns())('rollback on real servers', () => {
  let web: Sshd;
  let world: EngineWorld;
  let folder: string;
  let session = '';
  let count = 0;
  const home = (): string => world.paths.serversFile;
  const records = (more: Readonly<Record<string, unknown>> = {}) => [
    { ...toRecord('web-1', web, 'development'), ...more },
    toRecord('prod-1', web, 'production'),
  ];
  beforeAll(async () => {
    web = await startSshd();
    world = await openEngineWorld({ servers: records(), knownHosts: web.knownHostsLine });
  });
  afterAll(async () => {
    expect(await world?.engine.audit.verify()).toMatchObject({ ok: true });
    await world?.dispose();
    await web?.stop();
  });
  beforeEach(() => {
    world.answer(() => yes);
    count += 1;
    session = `s${count}`;
    folder = join(web.folder, `${count}`);
    mkdirSync(folder);
  });

  const context = () => ({ workspace: null, signal: new AbortController().signal });
  const write = async (path: string, content: string, more: Readonly<Record<string, unknown>> = {}, of = session) => {
    const envelope = await world.ask(
      'remote_write_file',
      { server: 'web-1', path, content, ...more },
      { caller: { ...agent, session: of } },
    );
    expect(envelope).toMatchObject({ status: 'ok' });
    return envelope.audit.id;
  };
  const rollBack = (path: string, ids: readonly string[], server = 'web-1'): Promise<Envelope> =>
    world.ask('rollback_file', { server, path, ids }, { caller: operator });
  const preview = (id: string): Promise<RollbackPreview> =>
    previewRollback({ kind: 'operation', id }, context(), world.engine);
  const previewSession = (to: string | null = null, of = session): Promise<RollbackPreview> =>
    previewRollback({ kind: 'session', session: of, to }, context(), world.engine);
  const text = (path: string): string => readFileSync(path, 'utf8');
  const modeOf = (path: string): number => statSync(path).mode & 0o7777;

  it('brings content and mode back after a card with the difference, and records what it took back', async () => {
    const path = join(folder, 'app.conf');
    writeFileSync(path, 'a\nb\n', { mode: 0o640 });
    const id = await write(path, 'a\nB\n', { mode: '0600' });
    expect(modeOf(path)).toBe(0o600);
    expect(await preview(id)).toMatchObject({
      steps: [{ server: 'web-1', path, ids: [id], effect: 'restore', diff: expect.stringContaining('-B\n+b\n') }],
      stop: null,
    });
    const envelope = await rollBack(path, [id]);
    expect(envelope).toMatchObject({
      status: 'ok',
      data: { deleted: false, rolledBack: [id] },
      audit: { snapshotStatus: 'written' },
    });
    expect([text(path), modeOf(path)]).toEqual(['a\nb\n', 0o640]);
    expect(world.cards.at(-1)?.subject).toMatchObject({
      kind: 'write',
      rollsBack: [id],
      mode: '0640',
      diff: expect.stringContaining('-B\n+b\n'),
      afterText: null,
    });
    const entries = await world.engine.audit.records(envelope.audit.id);
    expect(entries.map(({ type, rollsBack, approver }) => [type, rollsBack, approver])).toEqual([
      ['intent', [id], undefined],
      ['permit', [id], 'operator@cli'],
      ['result', [id], undefined],
    ]);
  });

  it('deletes a file that the change created, and can bring that file back again', async () => {
    const path = join(folder, 'new.conf');
    const id = await write(path, 'made\n', { mode: '0604' });
    expect((await preview(id)).steps).toMatchObject([{ effect: 'delete', diff: expect.stringContaining('-made') }]);
    const first = await rollBack(path, [id]);
    expect(first).toMatchObject({ status: 'ok', data: { deleted: true, sha256: null } });
    expect(world.cards.at(-1)?.subject).toMatchObject({ afterSha256: null, rollsBack: [id] });
    expect(existsSync(path)).toBe(false);

    const second = await rollBack(path, [first.audit.id]);
    expect(second).toMatchObject({ status: 'ok', data: { deleted: false } });
    expect([text(path), modeOf(path)]).toEqual(['made\n', 0o604]);
    // The change stands again, so it can be taken back once more.
    expect((await preview(id)).steps).toHaveLength(1);
  });

  it('brings back an empty file, one that is no text, and one that is written in place', async () => {
    const [empty, binary, linked] = ['empty', 'binary', 'linked'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(empty, '');
    writeFileSync(binary, Buffer.from([0, 255, 1]));
    writeFileSync(linked, 'both\n');
    linkSync(linked, join(folder, 'other'));
    for (const path of [empty, binary, linked]) {
      const before = readFileSync(path);
      const id = await write(path, 'agent\n');
      expect(await rollBack(path, [id])).toMatchObject({ status: 'ok' });
      expect(readFileSync(path)).toEqual(before);
    }
    expect(text(join(folder, 'other'))).toBe('both\n');
  });

  it('takes a whole session back, one step a file, and leaves what others did', async () => {
    const [one, two, theirs] = ['one', 'two', 'theirs'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(one, '1\n');
    const a = await write(one, '2\n');
    const b = await write(two, 'created\n');
    const c = await write(one, '3\n');
    await write(theirs, 'x\n', {}, 'another');
    const all = await previewSession();
    expect(all).toMatchObject({
      steps: [
        { path: one, ids: [c, a], effect: 'restore' },
        { path: two, ids: [b], effect: 'delete' },
      ],
      stop: null,
    });
    expect((await previewSession(b)).steps.map(({ ids }) => ids)).toEqual([[c]]);
    expect((await previewSession(a)).steps.map(({ ids }) => ids)).toEqual([[c], [b]]);
    for (const { path, ids } of all.steps) expect(await rollBack(path, ids)).toMatchObject({ status: 'ok' });
    expect([text(one), existsSync(two), text(theirs)]).toEqual(['1\n', false, 'x\n']);
    await expect(previewSession()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const files = await describeChanges(session, 'server', context(), world.engine);
    expect(files.map(({ path, state, effect, ids }) => [path, state, effect, ids])).toEqual([
      [one, 'as it was before the session', 'changed', [c, a]],
      [two, 'as it was before the session', 'created', [b]],
    ]);
    expect(files[0]?.diff).toContain('-1\n+3\n');
  });

  it('stops a session at the first file that is not what it left, and offers what is newer', async () => {
    const [old, middle, young] = ['old', 'middle', 'young'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const first = await write(old, '1\n');
    const second = await write(middle, '2\n');
    const third = await write(young, '3\n');
    writeFileSync(middle, 'a person was here\n');
    expect(await previewSession()).toMatchObject({
      steps: [{ path: young, ids: [third] }],
      stop: { id: second, code: 'CONFLICT', message: expect.stringContaining('content is another one') },
    });
    expect(existsSync(old)).toBe(true);
    expect((await describeChanges(session, 'server', context(), world.engine)).map(({ state }) => state)).toEqual([
      'as the session left it',
      'changed since by somebody else',
      'as the session left it',
    ]);
    expect((await preview(first)).stop).toBeNull();
  });

  it('stops where another session changed the same file in between', async () => {
    const path = join(folder, 'shared');
    writeFileSync(path, '0\n');
    const first = await write(path, '1\n');
    const between = await write(path, '2\n', {}, 'another');
    const last = await write(path, '3\n');
    expect(await previewSession()).toMatchObject({
      steps: [{ ids: [last] }],
      stop: { id: first, code: 'CONFLICT', message: expect.stringContaining('somebody else') },
    });
    expect(await rollBack(path, [last, first])).toMatchObject({ code: 'CONFLICT' });
    expect(await rollBack(path, [first])).toMatchObject({ code: 'CONFLICT' });
    expect(text(path)).toBe('3\n');
    expect(await rollBack(path, [last, between, first])).toMatchObject({ status: 'ok' });
    expect(text(path)).toBe('0\n');
  });

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
      [['nothing-like-it'], 'INVALID_ARGUMENT', 'changed no file'],
      [[read.audit.id], 'INVALID_ARGUMENT', 'changed no file'],
      [[denied.audit.id], 'INVALID_ARGUMENT', 'changed no file'],
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
      writeFileSync(home(), JSON.stringify(records(more)), { mode: 0o600 });
    try {
      put({ readonly: true });
      expect(await rollBack(path, [id])).toMatchObject({ code: 'POLICY_REJECTED' });
      put({ username: 'somebody' });
      expect(await rollBack(path, [id])).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('is somebody@'),
      });
      expect(await preview(id)).toMatchObject({ steps: [], stop: { code: 'CONFLICT' } });
      writeFileSync(home(), '[]', { mode: 0o600 });
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
