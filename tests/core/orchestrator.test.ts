/** The gate's promises: what happens in which order, what a no looks like, and that a failure of the record stops the act. */
import { describe, expect, it } from 'vitest';
import type { ApprovalAnswer } from '../../src/core/approval/approval.ts';
import { sha256 } from '../fixtures/memory-servers.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';
import { wordPolicy } from '../fixtures/word-policy.ts';

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

describe('the order of the gate', () => {
  it('writes intent and permit of an allowed command in one write, before it runs', async () => {
    const world = memoryWorld();
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'ok now' });
    expect(world.journal).toEqual(['audit intent+permit', 'perform exec', 'audit result']);
    expect(envelope).toMatchObject({
      status: 'ok',
      data: { stdout: 'ok now\n', encoding: 'utf-8' },
      policy: { decision: 'auto-allow' },
    });
  });

  it('puts a write through intent, survey, question, before-image, permit, write, after-image and result', async () => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    answerNext(world, approve);
    const envelope = await world.ask('remote_write_file', write);
    expect(world.journal).toEqual([
      'audit intent',
      'survey',
      'snapshot before',
      'audit permit',
      'perform write-file',
      'snapshot after',
      'audit result',
    ]);
    expect(envelope).toMatchObject({
      status: 'ok',
      data: { sha256: sha256('new\n'), created: false },
      audit: { snapshotStatus: 'written' },
    });
    expect(world.servers.files.get('/etc/app.conf')).toBe('new\n');
    expect(world.audit.last('permit')).toMatchObject({
      approver: 'operator@screen',
      beforeSha256: sha256('old\n'),
      commitBefore: 'commit-1',
    });
    expect(world.audit.last('result')).toMatchObject({
      status: 'ok',
      afterSha256: sha256('new\n'),
      commit: 'commit-2',
    });
  });

  it('shows the diff against the file as it is on the server now', async () => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    let diff: string | null = null;
    world.queue.onAdded((approval) => {
      if (approval.subject.kind === 'write') diff = approval.subject.diff;
      world.queue.answer(approval.id, { kind: 'deny', approver: 'operator@screen', reason: null });
    });
    await world.ask('remote_write_file', write);
    expect(diff).toContain('-old\n+new\n');
  });

  it('ends every announced operation with exactly one event', async () => {
    const world = memoryWorld();
    answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: 'no' });
    await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    await world.ask('remote_exec', { server: 'web-1', command: 'ok' });
    for (const id of new Set(world.activities.map((activity) => activity.id))) {
      const kinds = world.activities.filter((activity) => activity.id === id).map((activity) => activity.kind);
      expect(kinds.at(0)).toBe('started');
      expect(kinds.filter((kind) => kind === 'ended')).toHaveLength(1);
      expect(kinds.at(-1)).toBe('ended');
    }
  });
});

describe('approval binds what was shown', () => {
  it('production wants the id typed, and a wrong one leaves the card waiting', async () => {
    const world = memoryWorld({ target: { environment: 'production' } });
    const errors: unknown[] = [];
    world.queue.onAdded((approval) => {
      for (const confirmation of [undefined, 'web-2', 'WEB-1']) {
        try {
          world.queue.answer(approval.id, {
            ...approve,
            ...(confirmation === undefined ? {} : { confirmation }),
          } as ApprovalAnswer);
        } catch (error) {
          errors.push(error);
        }
      }
      world.queue.answer(approval.id, { ...approve, confirmation: 'web-1' } as ApprovalAnswer);
    });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({ status: 'ok' });
    expect(errors).toHaveLength(3);
  });

  it('the first answer wins and the second learns it', async () => {
    const world = memoryWorld();
    const late: unknown[] = [];
    world.queue.onAdded((approval) => {
      world.queue.answer(approval.id, approve);
      late.push(world.queue.answer(approval.id, { kind: 'deny', approver: 'operator@cli', reason: null }));
    });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({ status: 'ok' });
    expect(late).toEqual([{ accepted: false, late: 'approved by operator@screen' }]);
  });

  it('a record that changed while the card waited voids the approval', async () => {
    const world = memoryWorld();
    world.queue.onAdded((approval) => {
      world.targets.set('web-1', { ...approval.target, recordHash: 'record-2', host: '10.6.6.6' });
      world.queue.answer(approval.id, approve);
    });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(world.journal).not.toContain('perform exec');
  });

  it('a policy that changes after the approval was judged by it, and before the permit, voids the approval', async () => {
    let asked = 0;
    // Asked when the request comes, when it is approved, and before the permit.
    const policies = { current: async () => ({ ...wordPolicy, hash: `policy-${++asked < 3 ? 1 : 2}` }) };
    const world = memoryWorld({ policies });
    world.queue.onAdded((approval) => {
      world.queue.answer(approval.id, approve);
    });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(world.journal).not.toContain('perform exec');
  });

  it('a file that changed between approval and write is a conflict, and stays as it is', async () => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    world.servers.beforeWrite = () => world.servers.files.set('/etc/app.conf', 'theirs\n');
    answerNext(world, approve);
    expect(await world.ask('remote_write_file', write)).toMatchObject({ status: 'error', code: 'CONFLICT' });
    expect(world.servers.files.get('/etc/app.conf')).toBe('theirs\n');
  });

  it('a grant covers the same argv on the same server for the same agent of the same session, and nothing else', async () => {
    const world = memoryWorld();
    answerNext(world, { kind: 'approve', approver: 'operator@screen', grant: 'session' });
    await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    const again = await world.ask('remote_exec', { server: 'web-1', argv: ['restart', 'it'] });
    expect(again).toMatchObject({ status: 'ok' });
    expect(world.audit.last('permit')).toMatchObject({ approver: 'session grant' });
    const others: [object, object][] = [
      [{ server: 'web-1', command: 'restart all' }, {}],
      [{ server: 'web-1', command: 'restart it', cwd: '/srv' }, {}],
      [{ server: 'web-1', command: 'restart it', stdin: 'y' }, {}],
      [{ server: 'web-1', command: 'restart it' }, { caller: { session: 's2' } }],
      [{ server: 'web-1', command: 'restart it' }, { caller: { agent: 'another' } }],
    ];
    for (const [input, more] of others) {
      answerNext(world, { kind: 'deny', approver: 'operator@screen', reason: null });
      expect(await world.ask('remote_exec', input, more)).toMatchObject({ code: 'APPROVAL_DENIED' });
    }
  });

  it.each([
    ['on production', { environment: 'production' as const }, { server: 'web-1', command: 'restart it' }],
    ['for a shell line', {}, { server: 'web-1', command: 'a | b' }],
  ])('a grant for the session is not possible %s', async (_title, target, input) => {
    const world = memoryWorld({ target });
    let error: unknown = null;
    world.queue.onAdded((approval) => {
      try {
        world.queue.answer(approval.id, {
          kind: 'approve',
          approver: 'operator@screen',
          grant: 'session',
          confirmation: 'web-1',
        });
      } catch (caught) {
        error = caught;
        world.queue.answer(approval.id, { kind: 'deny', approver: 'operator@screen', reason: null });
      }
    });
    await world.ask('remote_exec', input);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('an edit is shown again as it would run, and runs once that is approved; the agent is told', async () => {
    const world = memoryWorld();
    const cards: string[] = [];
    world.queue.onAdded((approval) => {
      cards.push(approval.reason);
      const isFirst = cards.length === 1;
      world.queue.answer(
        approval.id,
        isFirst ? { kind: 'edit', approver: 'operator@screen', text: 'reload it' } : approve,
      );
    });
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'restart it' });
    expect(cards).toEqual(['This is not on the list.', 'You changed what was asked. This is not on the list.']);
    expect(envelope).toMatchObject({
      status: 'ok',
      editedByOperator: true,
      ran: 'reload it',
      data: { stdout: 'reload it\n' },
    });
    expect(world.audit.last('permit')).toMatchObject({ edited: true, argv: ['reload', 'it'] });
  });

  it('an edit into a mere read runs at once', async () => {
    const world = memoryWorld();
    answerNext(world, { kind: 'edit', approver: 'operator@screen', text: 'ok then' });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({
      status: 'ok',
      ran: 'ok then',
    });
  });

  it('an edited file shows its new diff before it is written', async () => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    const diffs: (string | null)[] = [];
    world.queue.onAdded((approval) => {
      if (approval.subject.kind === 'write') diffs.push(approval.subject.diff);
      const edit: ApprovalAnswer = { kind: 'edit', approver: 'operator@screen', text: 'mine\n' };
      world.queue.answer(approval.id, diffs.length === 1 ? edit : approve);
    });
    const envelope = await world.ask('remote_write_file', write);
    expect(diffs[1]).toContain('-old\n+mine\n');
    expect(world.servers.files.get('/etc/app.conf')).toBe('mine\n');
    expect(envelope).toMatchObject({
      message: expect.stringContaining('does not hold what you proposed'),
      data: { operatorDiff: expect.stringMatching(/-.*\n\+mine\n$/) },
    });
  });

  it('an edit into something policy rejects does not run', async () => {
    const world = memoryWorld();
    answerNext(world, { kind: 'edit', approver: 'operator@screen', text: 'never this' });
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'restart it' })).toMatchObject({
      code: 'POLICY_REJECTED',
      editedByOperator: true,
    });
    expect(world.journal).not.toContain('perform exec');
  });
});

describe('what is anticipated', () => {
  it('is the command that policy allows by its text alone, from before its records are written until it has run', async () => {
    const world = memoryWorld();
    const running: number[] = [];
    const perform = world.servers.perform;
    world.servers.perform = (...parts) => {
      running.push(world.servers.anticipated.size);
      return perform(...parts);
    };
    await world.ask('remote_exec', { server: 'web-1', command: 'ok now' });
    expect(running).toEqual([1]);
    expect(world.servers.anticipated.size).toBe(0);
    expect(world.servers.anticipations).toBe(1);
  });

  it('is given up when the records cannot be written', async () => {
    const world = memoryWorld();
    world.audit.failAt = 'permit';
    await world.ask('remote_exec', { server: 'web-1', command: 'ok now' });
    expect(world.journal.filter((step) => step.startsWith('perform'))).toEqual([]);
    expect([world.servers.anticipations, world.servers.anticipated.size]).toEqual([1, 0]);
  });

  it.each([
    ['a command that a person is asked about', 'remote_exec', { server: 'web-1', command: 'restart it' }],
    ['a command that is rejected', 'remote_exec', { server: 'web-1', command: 'never that' }],
    ['a file that is read', 'remote_read_file', { server: 'web-1', path: '/etc/app.conf' }],
    ['a file that is written', 'remote_write_file', write],
  ])('is never %s', async (_what, tool, input) => {
    const world = memoryWorld();
    world.servers.files.set('/etc/app.conf', 'old\n');
    answerNext(world, approve);
    await world.ask(tool, input);
    expect(world.servers.anticipations).toBe(0);
  });
});
