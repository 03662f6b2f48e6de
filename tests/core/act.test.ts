/** What the gate does when its own record fails, and what it shows of what it read. */
import { describe, expect, it } from 'vitest';
import type { ApprovalAnswer } from '../../src/core/approval/approval.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';

type World = ReturnType<typeof memoryWorld>;

const approve: ApprovalAnswer = { kind: 'approve', approver: 'operator@screen', grant: 'once' };

/** Answers the next card as soon as it waits. */
function answerNext(world: World, answer: ApprovalAnswer): void {
  const subscription = world.queue.onAdded((approval) => {
    subscription.dispose();
    world.queue.answer(approval.id, answer);
  });
}

const write = { server: 'web-1', path: '/etc/app.conf', content: 'new\n' };

describe('when the record cannot be kept', () => {
  it.each(['intent', 'permit'] as const)('an unwritable %s stops everything', async (type) => {
    const world = memoryWorld();
    world.audit.failAt = type;
    answerNext(world, approve);
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    expect(envelope).toMatchObject({ status: 'error', code: 'AUDIT_UNAVAILABLE' });
    expect(world.journal).not.toContain('perform exec');
  });

  it('a lost result is told to the caller', async () => {
    const world = memoryWorld();
    world.audit.failAt = 'result';
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'ok' });
    expect(envelope).toMatchObject({
      status: 'partial_failure',
      code: 'AUDIT_UNAVAILABLE',
      audit: { logWritten: false },
    });
  });

  it.each(['check', 'before'] as const)('a snapshot store that fails at %s stops the write', async (moment) => {
    const world = memoryWorld();
    world.snapshots.failAt = moment;
    answerNext(world, approve);
    expect(await world.ask('remote_write_file', write)).toMatchObject({ status: 'error' });
    expect(world.servers.files.has('/etc/app.conf')).toBe(false);
  });

  it('a write whose after-image cannot be kept is a partial failure that says the server was changed', async () => {
    const world = memoryWorld();
    world.snapshots.failAt = 'after';
    answerNext(world, approve);
    const envelope = await world.ask('remote_write_file', write);
    expect(envelope).toMatchObject({
      status: 'partial_failure',
      code: 'SNAPSHOT_FAILED',
      audit: { snapshotStatus: 'partial_failure' },
    });
    expect(envelope.message).toContain('was changed on the server');
  });
});

describe('what is read is shown only after its real path was judged', () => {
  it('a link to a secret is withheld, asked for, and denied without a byte shown', async () => {
    const world = memoryWorld();
    world.servers.files.set('/secret/key', 'hunter2');
    world.servers.links.set('/tmp/innocent', '/secret/key');
    answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: null });
    const read = await world.ask('remote_read_file', { server: 'web-1', path: '/tmp/innocent' });
    expect(read).toMatchObject({ code: 'APPROVAL_DENIED' });
    expect(JSON.stringify(read)).not.toContain('hunter2');
    expect(world.servers.released).toEqual(['/tmp/innocent']);
    answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: null });
    const command = await world.ask('remote_exec', { server: 'web-1', argv: ['ok', '/tmp/innocent'] });
    expect(command).toMatchObject({ code: 'APPROVAL_DENIED' });
    expect(world.activities.some((activity) => activity.kind === 'output')).toBe(false);
  });

  it.each([
    ['remote_stat', { path: '/srv/app.ini' }, { mode: '0640' }],
    ['remote_list_dir', { path: '/srv' }, { entries: [] }],
    ['remote_list_dir', { path: '/srv', recursive: true }, { entries: [] }],
    ['remote_find', { path: '/srv', glob: '*.ini' }, { matches: [] }],
  ])('%s of an ordinary path is answered at once', async (operation, input, data) => {
    const world = memoryWorld();
    world.servers.run = async () => ({});
    expect(await world.ask(operation, { server: 'web-1', ...input })).toMatchObject({ status: 'ok', data });
    expect(world.queue.list()).toEqual([]);
  });

  it.each(['remote_stat', 'remote_list_dir'])('%s behind a link is judged by where it leads', async (operation) => {
    const world = memoryWorld();
    world.servers.links.set('/tmp', '/secret');
    world.servers.links.set('/tmp/x', '/secret/x');
    answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: null });
    expect(await world.ask(operation, { server: 'web-1', path: '/tmp/x' })).toMatchObject({ code: 'APPROVAL_DENIED' });
    expect(world.journal.filter((step) => step.startsWith('perform'))).toEqual([]);
  });

  it('after a yes it is read again and shown', async () => {
    const world = memoryWorld();
    world.servers.files.set('/secret/key', 'value');
    world.servers.links.set('/tmp/innocent', '/secret/key');
    answerNext(world, approve);
    expect(await world.ask('remote_read_file', { server: 'web-1', path: '/tmp/innocent' })).toMatchObject({
      status: 'ok',
      data: { content: 'value' },
    });
    expect(world.servers.released).toEqual(['/tmp/innocent', '/tmp/innocent']);
  });

  it('an agent gets secrets replaced where the server says so, the operator sees what is there', async () => {
    const world = memoryWorld({ target: { redactOutput: true } });
    world.servers.files.set('/srv/app.ini', 'password=hunter2\n');
    const input = { server: 'web-1', path: '/srv/app.ini' };
    expect(await world.ask('remote_read_file', input)).toMatchObject({
      data: { content: 'password=«redacted:0001»\n', redacted: 1 },
    });
    const asOperator = { caller: { origin: 'operator' as const, session: null, agent: null, servers: 'all' as const } };
    expect(await world.ask('remote_read_file', input, asOperator)).toMatchObject({
      data: { content: 'password=hunter2\n', redacted: 0 },
    });
  });
});

describe('placeholders and patches', () => {
  const file = 'user=app\npassword=hunter2\nport=80\n';
  const patch =
    '--- a/srv/app.ini\n+++ b/srv/app.ini\n@@ -1,3 +1,3 @@\n user=app\n password=«redacted:0001»\n-port=80\n+port=8080\n';

  it('a placeholder as context matches the real line, which stays', async () => {
    const world = memoryWorld();
    world.servers.files.set('/srv/app.ini', file);
    answerNext(world, approve);
    expect(await world.ask('remote_patch_file', { server: 'web-1', path: '/srv/app.ini', patch })).toMatchObject({
      status: 'ok',
      data: { hunks: 1 },
    });
    expect(world.servers.files.get('/srv/app.ini')).toBe('user=app\npassword=hunter2\nport=8080\n');
  });

  it.each([
    ['a write', 'remote_write_file', { content: 'password=«redacted:0001»\n' }],
    [
      'a write in base64',
      'remote_write_file',
      { content: Buffer.from('password=«redacted:0001»\n').toString('base64'), encoding: 'base64' },
    ],
    ['an added line', 'remote_patch_file', { patch: '@@ -3 +3,2 @@\n port=80\n+password=«redacted:0001»\n' }],
  ])('a placeholder in %s is refused', async (_title, operation, more) => {
    const world = memoryWorld();
    world.servers.files.set('/srv/app.ini', file);
    expect(await world.ask(operation, { server: 'web-1', path: '/srv/app.ini', ...more })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('the mode on a card', () => {
  it.each([
    ['is shown when the file runs with the rights of its owner', 0o4755, {}, '4755'],
    ['is shown when the file runs with the rights of its group', 0o2755, {}, '2755'],
    ['is the one that was asked for', 0o4755, { mode: '0600' }, '0600'],
    ['is left out when it stays an ordinary one', 0o755, {}, null],
  ] as const)('%s', async (_title, now, more, shown) => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    world.servers.modes.set('/etc/app.conf', now);
    const modes: (string | null)[] = [];
    world.queue.onAdded(({ subject }) => subject.kind === 'write' && modes.push(subject.mode));
    answerNext(world, approve);
    expect(await world.ask('remote_write_file', { ...write, ...more })).toMatchObject({ status: 'ok' });
    expect(modes).toEqual([shown]);
  });
});
