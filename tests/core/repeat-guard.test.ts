/** An agent that asks the same again and again: told to stop, and its owner told once. What is no repetition is left alone. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { type Repeated, RepeatGuard } from '../../src/core/repeat-guard.ts';
import { agentCaller, memoryWorld } from '../fixtures/memory-world.ts';

const never = { server: 'web-1', command: 'never this' };

function set() {
  const world = memoryWorld();
  const guard = new RepeatGuard(world.gate);
  const repeated: Repeated[] = [];
  guard.onRepeated((one) => repeated.push(one));
  guard.beginTurn('s1');
  const ask = (input: object = never, caller = agentCaller, operation = 'remote_exec') =>
    guard.perform({ operation, input, caller, signal: new AbortController().signal });
  const askTimes = async (times: number, input?: object) => {
    const envelopes = [];
    for (let index = 0; index < times; index += 1) envelopes.push(await ask(input));
    return envelopes;
  };
  return { world, guard, repeated, ask, askTimes };
}

describe('the same refused request', () => {
  it('is answered at once after the third time, with the same code and what to do instead', async () => {
    const { world, repeated, askTimes } = set();
    const [first, second, third, fourth, fifth] = await askTimes(5);
    expect(first?.message).toBe(second?.message);
    expect(first?.message).not.toContain('do not repeat');
    for (const envelope of [third, fourth, fifth]) {
      expect(envelope).toMatchObject({ status: 'error', code: 'POLICY_REJECTED', execution: { attempted: false } });
      expect(envelope?.message).toContain(`${first?.message} This exact request was refused 3 times`);
      expect(envelope?.message).toContain('do not repeat it');
    }
    expect(repeated).toEqual([
      { session: 's1', tool: 'remote_exec', server: 'web-1', refusals: 3, message: first?.message },
    ]);
    expect(world.journal).toEqual(Array.from({ length: 5 }, () => 'audit refused'));
  });

  it('asks nobody again: a person who denied three times sees no fourth card', async () => {
    const { world, askTimes } = set();
    let cards = 0;
    world.queue.onAdded((approval) => {
      cards += 1;
      world.queue.answer(approval.id, { kind: 'deny', approver: 'operator@screen', reason: 'no' });
    });
    const envelopes = await askTimes(6, { server: 'web-1', command: 'reboot' });
    expect(envelopes.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 'APPROVAL_DENIED'));
    expect(cards).toBe(limits.identicalRefusalsMax);
    expect(envelopes[5]?.message).toContain('The operator denied this request: no');
  });

  it('is the same in whichever order its arguments come', async () => {
    const { ask } = set();
    await ask({ server: 'web-1', command: 'never this' });
    await ask({ command: 'never this', server: 'web-1' });
    expect((await ask()).message).toContain('refused 3 times');
  });

  it('is told once when several were under way together', async () => {
    const { ask, repeated } = set();
    await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(repeated).toHaveLength(1);
    expect((await ask()).message).toContain('do not repeat it');
  });
});

describe('no repetition', () => {
  it('is what another turn asks', async () => {
    const { guard, repeated, askTimes } = set();
    for (let turn = 0; turn < 4; turn += 1) {
      await askTimes(2);
      guard.beginTurn('s1');
    }
    expect((await askTimes(1))[0]?.message).not.toContain('do not repeat');
    expect(repeated).toEqual([]);
  });

  it.each([
    ['another command', { server: 'web-1', command: 'never that' }],
    ['another server', { server: 'db-1', command: 'never this' }],
    ['another argument', { server: 'web-1', command: 'never this', cwd: '/' }],
    ['the same words as an argv', { server: 'web-1', argv: ['never', 'this'] }],
  ])('is %s', async (_, input) => {
    const { ask, askTimes } = set();
    await askTimes(5);
    expect((await ask(input)).message).not.toContain('do not repeat');
  });

  it('is a request that works, however often', async () => {
    const { repeated, askTimes } = set();
    const envelopes = await askTimes(8, { server: 'web-1', command: 'ok then' });
    expect(envelopes.map(({ code }) => code).filter((code) => code === 'POLICY_REJECTED')).toEqual([]);
    expect(repeated).toEqual([]);
  });

  it('is what another session, the operator or a session without a turn asks', async () => {
    const { guard, ask, askTimes, repeated } = set();
    await askTimes(5);
    guard.beginTurn('s2');
    const callers = [
      { ...agentCaller, session: 's2' },
      { ...agentCaller, session: 's3' },
      { ...agentCaller, session: null },
      { ...agentCaller, origin: 'operator' as const },
    ];
    for (const caller of callers) expect((await ask(never, caller)).message).not.toContain('do not repeat');
    guard.endSession('s1');
    expect((await ask()).message).not.toContain('do not repeat');
    expect(repeated).toHaveLength(1);
  });

  it('is a request that was cancelled: it may be right later', async () => {
    const { world, askTimes, repeated } = set();
    world.queue.onAdded((approval) => {
      world.queue.answer(approval.id, { kind: 'deny', approver: 'operator@screen', reason: null });
    });
    world.queue.close('the host stops');
    const envelopes = await askTimes(5, { server: 'web-1', command: 'reboot' });
    expect(new Set(envelopes.map(({ code }) => code))).toEqual(new Set(['CANCELLED']));
    expect(repeated).toEqual([]);
  });
});

describe('what is remembered', () => {
  it('is bounded', async () => {
    const { ask, askTimes } = set();
    await askTimes(5);
    for (let index = 0; index < limits.refusalsRememberedMax; index += 1)
      await ask({ server: 'web-1', command: `never ${index}` });
    expect((await ask()).message).not.toContain('do not repeat');
  });
});
