/** Every kind of no: its code, its record, and that nothing touches the server. */
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { ApprovalAnswer } from '../../src/core/approval/approval.ts';
import { limits } from '../../src/core/limits.ts';
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

describe('refusals', () => {
  const refused: [title: string, operation: string, input: object, code: string][] = [
    ['an unknown operation', 'remote_format', {}, 'INVALID_ARGUMENT'],
    ['an unknown argument', 'remote_stat', { server: 'web-1', path: '/x', follow: true }, 'INVALID_ARGUMENT'],
    ['a relative path', 'remote_read_file', { server: 'web-1', path: 'etc/passwd' }, 'INVALID_ARGUMENT'],
    ['a path with NUL', 'remote_read_file', { server: 'web-1', path: '/a\0b' }, 'INVALID_ARGUMENT'],
    ['both a command and an argv', 'remote_exec', { server: 'web-1', command: 'ok', argv: ['ok'] }, 'INVALID_ARGUMENT'],
    ['neither a command nor an argv', 'remote_exec', { server: 'web-1' }, 'INVALID_ARGUMENT'],
    ['a relative cwd', 'remote_exec', { server: 'web-1', command: 'ok', cwd: 'here' }, 'INVALID_ARGUMENT'],
    [
      'bytes and lines at once',
      'remote_read_file',
      { server: 'web-1', path: '/x', offset: 1, line: 1 },
      'INVALID_ARGUMENT',
    ],
    ['a server out of scope', 'remote_exec', { server: 'prod-9', command: 'ok' }, 'SERVER_OUT_OF_SCOPE'],
    ['a server that is in scope but gone', 'remote_exec', { server: 'db-1', command: 'ok' }, 'SERVER_NOT_FOUND'],
    ['what policy rejects', 'remote_exec', { server: 'web-1', command: 'never this' }, 'POLICY_REJECTED'],
    ['a patch that is garbage', 'remote_patch_file', { server: 'web-1', path: '/x', patch: 'garbage' }, 'PATCH_FAILED'],
  ];
  it.each(refused)(
    '%s gets a refused record, an error, and nothing touches the server',
    async (_title, operation, input, code) => {
      const world = memoryWorld();
      const envelope = await world.ask(operation, input);
      expect(envelope).toMatchObject({ status: 'error', code, execution: { attempted: false, completed: false } });
      expect(world.journal).toEqual(['audit refused']);
    },
  );

  it('an operation that does not exist is recorded as unknown, with its name in the reason', async () => {
    const world = memoryWorld();
    const envelope = await world.ask('remote_format', { server: 'web-1' });
    expect(envelope.tool).toBe('unknown');
    expect(world.audit.last('refused')).toMatchObject({
      tool: 'unknown',
      reason: expect.stringContaining('remote_format'),
    });
  });

  const answers: [title: string, answer: ApprovalAnswer, code: string, message: string][] = [
    [
      'a no',
      { kind: 'deny', approver: 'operator@screen', reason: null },
      'APPROVAL_DENIED',
      'The operator denied this request; nothing was run.',
    ],
    [
      'a no with its reason',
      { kind: 'deny', approver: 'operator@cli', reason: 'wait for the window' },
      'APPROVAL_DENIED',
      'The operator denied this request: wait for the window',
    ],
  ];
  it.each(answers)('%s reaches the agent and nothing runs', async (_title, answer, code, message) => {
    const world = memoryWorld();
    answerNext(world, answer);
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    expect(envelope).toMatchObject({ status: 'error', code, message });
    expect(world.journal).toEqual(['audit intent', 'audit refused']);
    expect(world.audit.last('refused')).toMatchObject({ code, approver: answer.approver });
  });

  it('nobody answering is a refusal of its own kind', async () => {
    const world = memoryWorld({ expiryMs: 5 });
    const keepAlive = setInterval(() => undefined, 1_000);
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    clearInterval(keepAlive);
    expect(envelope).toMatchObject({ code: 'APPROVAL_EXPIRED' });
    expect(world.journal).not.toContain('perform exec');
  });

  it('a caller that goes away withdraws its card, which can never run later', async () => {
    const world = memoryWorld();
    const controller = new AbortController();
    let id = '';
    world.queue.onAdded((approval) => {
      id = approval.id;
      controller.abort();
    });
    const envelope = await world.ask(
      'remote_exec',
      { server: 'web-1', command: 'restart it' },
      { signal: controller.signal },
    );
    expect(envelope).toMatchObject({ code: 'CANCELLED' });
    expect(world.queue.answer(id, approve)).toEqual({ accepted: false, late: 'withdrawn: the caller went away' });
    expect(world.journal).not.toContain('perform exec');
  });

  it('shutting down refuses what waits', async () => {
    const world = memoryWorld();
    const waiting = new Promise<void>((resolve) => world.queue.onAdded(() => resolve()));
    const envelope = world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    await waiting;
    await world.gate.close();
    expect(await envelope).toMatchObject({ code: 'CANCELLED' });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'ok' })).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a flood of requests', () => {
  it('of one session is refused past its bound, and other sessions go on', async () => {
    const world = memoryWorld();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    world.servers.run = async () => gate.then(() => ({ stdout: Buffer.from('done') }));
    const exec = { server: 'web-1', command: 'ok' };
    const all = Array.from({ length: limits.requestsPerSessionMax + 3 }, () => world.ask('remote_exec', exec));
    expect(await Promise.all(all.slice(-3))).toMatchObject(
      Array.from({ length: 3 }, () => ({ code: 'POLICY_REJECTED', execution: { attempted: false } })),
    );
    const other = world.ask('remote_exec', exec, { caller: { session: 's2' } });
    const operator = world.ask('remote_exec', exec, { caller: { session: null, origin: 'operator', door: 'cli' } });
    release();
    for (const envelope of await Promise.all([...all.slice(0, -3), other, operator]))
      expect(envelope).toMatchObject({ status: 'ok' });
    expect(await world.ask('remote_exec', exec)).toMatchObject({ status: 'ok' });
  });
});

describe('the memory that requests of a session hold', () => {
  const large = (path: string) => ({ server: 'web-1', path, content: 'x'.repeat(limits.writeBytesMax) });

  it('is bounded: large writes that wait are refused past it, other sessions go on, and answers make room', async () => {
    const world = memoryWorld();
    const stop = new AbortController();
    const all = Array.from({ length: 8 }, (_, index) =>
      world.ask('remote_write_file', large(`/srv/${index}`), { signal: stop.signal }),
    );
    const first = await Promise.race(all);
    expect(first).toMatchObject({ code: 'POLICY_REJECTED', execution: { attempted: false } });
    expect(first.message).toMatch(
      /^The requests of this session .* hold \d+ of 128 MiB, and this one needs \d+; wait for/,
    );
    const waiting = world.queue.list().length;
    expect(waiting).toBeGreaterThan(1);
    expect(waiting * limits.writeBytesMax * 3).toBeLessThanOrEqual(limits.heldBytesPerSessionMax);
    const other = world.ask('remote_write_file', large('/srv/o'), { caller: { session: 's2' }, signal: stop.signal });
    await new Promise<void>((resolve) => world.queue.onAdded(() => resolve()));
    stop.abort();
    await Promise.all([...all, other]);
    answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: null });
    expect(await world.ask('remote_write_file', large('/srv/later'))).toMatchObject({ code: 'APPROVAL_DENIED' });
  });

  it('counts what a request brings before anything is looked at', async () => {
    const world = memoryWorld();
    const argv = [`${'x'.repeat(limits.heldBytesPerSessionMax + 1)}`];
    expect(await world.ask('remote_exec', { server: 'web-1', argv })).toMatchObject({ code: 'POLICY_REJECTED' });
    expect(world.journal).toEqual(['audit refused']);
  });
});

describe('the record of a refusal', () => {
  const cases: [title: string, operation: string, input: object, record: object][] = [
    [
      'an argument too many',
      'remote_stat',
      { server: 'web-1', path: '/x', follow: 1 },
      { server: 'web-1', path: '/x' },
    ],
    [
      'a server that is not there',
      'remote_exec',
      { server: 'db-1', command: 'ok it' },
      { server: 'db-1', line: 'ok it' },
    ],
    [
      'a server out of scope',
      'remote_exec',
      { server: 'prod-9', argv: ['rm', 'x'] },
      { server: 'prod-9', argv: ['rm', 'x'] },
    ],
    [
      'a patch that is garbage',
      'remote_patch_file',
      { server: 'web-1', path: '/x', patch: 'no' },
      { server: 'web-1', path: '/x' },
    ],
    ['an unknown operation', 'remote_format', { server: 'web-1', path: '/dev/sda' }, { path: '/dev/sda' }],
  ];
  it.each(cases)('says what was tried: %s', async (_title, operation, input, record) => {
    const world = memoryWorld();
    await world.ask(operation, input);
    expect(world.audit.last('refused')).toMatchObject(record);
  });

  it.each([
    ['a server whose name is far too long', { server: 'x'.repeat(64) }],
    ['fields of other types', { server: 1, path: ['/x'], command: {}, argv: 'ls', cwd: null }],
    ['lists of other types', { argv: [1, {}] }],
    ['no fields at all', []],
    ['nothing', null],
  ])('leaves out %s', async (_title, input) => {
    const world = memoryWorld();
    await world.ask('remote_exec', input as object);
    const { server, path, line, argv, cwd } = present(world.audit.last('refused'), 'It is refused.');
    expect([server, path, line, argv, cwd]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('keeps no more of it than a record holds', async () => {
    const world = memoryWorld();
    const argv = Array.from({ length: 1_000 }, () => 'x'.repeat(100_000));
    await world.ask('remote_exec', { server: 'web-1', argv, wrong: true });
    const kept = world.audit.last('refused')?.argv ?? [];
    expect([kept.length, kept[0]?.length]).toEqual([limits.entriesDefault, limits.auditRecordBytesMax]);
  });
});
