/**
 * The disk that holds everything of ours is full at one step of an operation after the other: before the action nothing is done, after it
 * the truth is told, and as soon as there is room the same engine works again. The disk is real and small.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EngineWorld, openEngineWorld, yes } from '../fixtures/engine-world.ts';
import { canMount, fillDisk, mountTiny } from '../fixtures/mounts.ts';
import { toRecord } from '../fixtures/program-world.ts';
import { type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';

const canRunHere = sshdRuns() && canMount('a full disk at each step of an operation');
/** More than the block at the end of any file has room for. */
const large = (letter: string): string => `${letter.repeat(100)}\n`.repeat(400);

describe.runIf(canRunHere)('a full disk', () => {
  let sshd: Sshd;
  let world: EngineWorld;
  let path: string;
  let makeRoom: () => void;
  let files = 0;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  const open = async (size: string): Promise<void> => {
    world = await openEngineWorld({
      servers: [toRecord('web-1', sshd, 'development')],
      knownHosts: sshd.knownHostsLine,
      prepare: ({ data }) => {
        mkdirSync(data, { recursive: true, mode: 0o700 });
        return mountTiny(data, size);
      },
    });
    world.answer(() => yes);
    files += 1;
    path = join(sshd.folder, `file-${files}`);
    makeRoom = () => undefined;
  };
  afterEach(() => world.dispose());
  afterAll(() => sshd?.stop());

  const fill = (leftBytes = 0): void => {
    makeRoom = fillDisk(world.paths.data, leftBytes);
  };
  const fillAt = (type: string, leftBytes = 0): void => {
    const listener = world.engine.audit.onAppend((record) => {
      if (record.type !== type) return;
      listener.dispose();
      fill(leftBytes);
    });
  };
  const write = (content: string) => world.ask('remote_write_file', { server: 'web-1', path, content });
  const read = (): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);
  const expectWorksAgain = async (): Promise<void> => {
    makeRoom();
    const content = large('z');
    expect(await write(content)).toMatchObject({
      status: 'ok',
      audit: { logWritten: true, snapshotStatus: 'written' },
    });
    expect(read()).toBe(content);
    expect(await world.engine.audit.verify()).toMatchObject({ ok: true });
  };

  it('before a write is asked for: no card, nothing done', async () => {
    await open('4m');
    expect((await write(large('a'))).status).toBe('ok');
    fill();
    const cards = world.cards.length;
    const envelope = await write(large('b'));
    expect(envelope).toMatchObject({ status: 'error', execution: { attempted: false } });
    expect(envelope.code).toMatch(/^(?:AUDIT|SNAPSHOT)_UNAVAILABLE$/);
    expect(envelope.message).toMatch(/^[^\n]*no space is left[^\n]*(?:make|free)[^\n]*\.$/i);
    expect([world.cards.length, read()]).toEqual([cards, large('a')]);
    await expectWorksAgain();
  });

  it('while the card waits: the state before cannot be kept, so the approved write is not made', async () => {
    await open('4m');
    writeFileSync(path, large('a'));
    world.answer(() => {
      fill();
      return yes;
    });
    const envelope = await write(large('b'));
    expect(envelope).toMatchObject({ status: 'error', code: 'SNAPSHOT_FAILED', execution: { attempted: false } });
    expect(envelope.message).toMatch(/no space is left on its disk\); make room there and try again/);
    expect(read()).toBe(large('a'));
    expect(await world.engine.audit.openItems()).toEqual([]);
    world.answer(() => yes);
    await expectWorksAgain();
  });

  it('while the card of a command waits: its permit does not fit, so it does not run', async () => {
    await open('4m');
    world.answer(() => {
      fill();
      return yes;
    });
    const names = Array.from({ length: 60 }, (_, index) => `${path}-${index}`);
    const envelope = await world.ask('remote_exec', { server: 'web-1', argv: ['touch', ...names] });
    expect(envelope).toMatchObject({ status: 'error', code: 'AUDIT_UNAVAILABLE', execution: { attempted: false } });
    expect(readdirSync(sshd.folder).filter((name) => name.startsWith(`file-${files}-`))).toEqual([]);
    world.answer(() => yes);
    await expectWorksAgain();
  });

  it('while a command runs: its result is in the log all the same, and nothing else begins', async () => {
    await open('4m');
    fillAt('permit');
    const envelope = await world.ask('remote_exec', { server: 'web-1', argv: ['touch', path] });
    expect(envelope).toMatchObject({ status: 'ok', audit: { logWritten: true } });
    expect(existsSync(path)).toBe(true);
    expect(await world.lastRow()).toMatchObject({ outcome: 'ok' });
    expect(await world.engine.audit.openItems()).toEqual([]);
    let next = await world.ask('remote_read_file', { server: 'web-1', path });
    for (let attempt = 0; attempt < 400 && next.status === 'ok'; attempt += 1)
      next = await world.ask('remote_read_file', { server: 'web-1', path });
    expect(next).toMatchObject({ code: 'AUDIT_UNAVAILABLE', execution: { attempted: false } });
    await expectWorksAgain();
  });

  it('while a file is written: it is changed, and said to be half recorded until somebody saw it', async () => {
    await open('4m');
    writeFileSync(path, large('a'));
    fillAt('permit');
    const envelope = await write(large('b'));
    expect(envelope).toMatchObject({
      status: 'partial_failure',
      code: 'SNAPSHOT_FAILED',
      audit: { logWritten: true, snapshotStatus: 'partial_failure' },
    });
    expect(envelope.message).toMatch(/was changed on the server.*no space is left/);
    expect(read()).toBe(large('b'));
    expect(await world.engine.audit.openItems()).toMatchObject([{ id: envelope.audit.id, outcome: 'partial_failure' }]);
    makeRoom();
    // The state before is kept: it is what a rollback would bring back.
    const permit = (await world.engine.audit.records(envelope.audit.id)).find(({ type }) => type === 'permit');
    expect(await world.engine.snapshots.read(permit?.commitBefore ?? '', 'web-1', path)).toMatchObject({
      content: Uint8Array.from(Buffer.from(large('a'))),
    });
    await expectWorksAgain();
  });

  it('while output is recorded: the command ends as it would, its output is whole, the log says that the recording is not', async () => {
    await open('4m');
    fillAt('permit', 256 * 1024);
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'seq -w 100000' });
    expect(envelope).toMatchObject({ status: 'ok', execution: { exitCode: 0, stdoutBytes: 700_000 } });
    expect(envelope.data?.['stdout']).toMatch(/^000001\n[\s\S]*\n100000\n$/);
    expect(envelope.audit.logWritten).toBe(true);
    const records = await world.engine.audit.records(envelope.audit.id);
    expect(records.at(-1)).toMatchObject({
      ...{ type: 'result', status: 'ok' },
      note: expect.stringMatching(/recording is not whole.*no space/i),
    });
    await expectWorksAgain();
  });

  it('while contents are purged: nothing of them is gone, and the store is as it was', async () => {
    await open('4m');
    writeFileSync(path, large('a'));
    const envelope = await write(large('b'));
    const { commit = '' } = (await world.engine.audit.records(envelope.audit.id)).at(-1) ?? {};
    fill();
    const { snapshots } = world.engine;
    const scope = { kind: 'path', server: 'web-1', path } as const;
    await expect(snapshots.purge?.(scope)).rejects.toMatchObject({
      code: 'SNAPSHOT_FAILED',
      message: expect.stringMatching(/no space is left on its disk\); make room/),
    });
    expect(await snapshots.read(commit, 'web-1', path)).toMatchObject({ kind: 'content' });
    makeRoom();
    expect(await snapshots.purge?.(scope)).toMatchObject({ contents: 2 });
    expect(await snapshots.read(commit, 'web-1', path)).toMatchObject({ kind: 'hash-only' });
    await expectWorksAgain();
  });
});
