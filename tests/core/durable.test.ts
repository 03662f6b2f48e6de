/** Durable commands at the gate: always asked about, recorded, and never an agent's to look after. Server and policy are in memory. */
import { describe, expect, it } from 'vitest';
import { toToolResult } from '../../src/adapters/mcp/tool-result.ts';
import { OperationError } from '../../src/core/codes.ts';
import { toUnfollowed } from '../../src/core/durable.ts';
import { createPolicy } from '../../src/core/policy/create-policy.ts';
import { memoryTarget, memoryWorld } from '../fixtures/memory-world.ts';

const place = { cwd: null, hasStdin: false } as const;

describe('a durable command', () => {
  it('is asked about, also where it only reads, and no rule lifts that', () => {
    const policy = createPolicy();
    const question = { kind: 'argv', argv: ['uptime'], ...place } as const;
    expect(policy.decide(question, memoryTarget()).outcome).toBe('auto-allow');
    expect(policy.decide({ ...question, isDurable: true }, memoryTarget())).toMatchObject({
      ...{ outcome: 'approval-required', rule: 'command.durable', floor: true },
    });
    const line = { kind: 'line', line: 'uptime', isDurable: true, ...place } as const;
    expect(policy.decide(line, memoryTarget()).rule).toBe('command.durable');
    expect(policy.decide(line, memoryTarget({ readonly: true })).outcome).toBe('reject');
    expect(policy.decide({ kind: 'durable' }, memoryTarget({ readonly: true })).outcome).toBe('reject');
  });

  it('says on its card and in its permit that it goes on, and when it has not ended, how it is found again', async () => {
    const world = memoryWorld();
    world.servers.run = async () => ({
      exitCode: null,
      ended: 'timeout',
      durable: { id: 'd-1', state: 'running', exitCode: null, folder: '/home/u/.cache/d-1', doneAt: null },
    });
    let subject: unknown;
    world.queue.onAdded((approval) => {
      subject = approval.subject;
      world.queue.answer(approval.id, { kind: 'approve', approver: 'operator@screen', grant: 'once' });
    });
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'upgrade all', durable: true });
    expect(subject).toMatchObject({ durable: true });
    expect(envelope).toMatchObject({ code: 'TIMEOUT', data: { durable: { id: 'd-1', state: 'running' } } });
    expect(envelope.execution).toMatchObject({ completed: false, goesOn: true });
    expect(toToolResult(envelope)).toMatchObject({
      isError: false,
      structuredContent: { execution: { goesOn: true } },
    });
    expect(world.audit.last('result')).toMatchObject({ code: 'TIMEOUT', goesOn: true });
    expect(envelope.message).toContain('`signalbox commands follow d-1` shows the rest');
    expect(envelope.message).toContain('/home/u/.cache/d-1/output');
    expect(world.audit.entries.filter(({ durable }) => durable === true).map(({ type }) => type)).toEqual(['permit']);
  });

  it('that the operator leaves goes on, and nobody is told that it was stopped', async () => {
    const world = memoryWorld();
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'approve', approver: 'operator@screen', grant: 'once' }),
    );
    const durable = { id: 'd-1', state: 'running', exitCode: null, folder: null, doneAt: null } as const;
    world.servers.run = async (_argv, signal) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { exitCode: null, ended: 'cancelled', durable };
    };
    world.gate.onActivity((activity) => {
      if (activity.kind === 'running') world.gate.stop(activity.id, 'operator@screen');
    });
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'upgrade all', durable: true });
    expect(envelope).toMatchObject({ code: 'CANCELLED', execution: { goesOn: true } });
    expect(envelope.message).toMatch(/on web-1 is not followed any more and goes on\./);
    expect(world.audit.last('result')).toMatchObject({ goesOn: true, note: 'left by operator@screen' });
    expect(world.activities.at(-1)).not.toHaveProperty('stoppedBy');
  });

  it('that vanished has an unknown outcome, which is no success', async () => {
    const world = memoryWorld();
    world.servers.run = async () => ({
      exitCode: null,
      durable: { id: 'd-1', state: 'lost', exitCode: null, folder: null, doneAt: null },
    });
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'approve', approver: 'operator@screen', grant: 'once' }),
    );
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'upgrade all', durable: true });
    expect(envelope).toMatchObject({ status: 'error', code: 'CONNECTION_LOST' });
  });

  it.each([
    ['AUTH_FAILED', '`signalbox commands follow d-1` shows how it stands.'],
    ['FILE_NOT_FOUND', 'may go on there; look there for its processes.'],
  ] as const)('that cannot be followed because of %s says where to look', (code, words) => {
    const told = toUnfollowed(new OperationError(code, 'No.'), { id: 'd-1', server: 'web-1' });
    expect(told.message.endsWith(words)).toBe(true);
  });

  it.each([
    ['an input', 'remote_exec', { command: 'upgrade', durable: true, stdin: 'y' }, 'a durable command gets no "stdin"'],
    ['an agent that looks after it', 'durable_command', { command: 'd-1', act: 'follow' }, 'There is no operation'],
  ])('is refused %s', async (_case, operation, input, words) => {
    const envelope = await memoryWorld().ask(operation, { server: 'web-1', ...input });
    expect(envelope).toMatchObject({ status: 'error', code: 'INVALID_ARGUMENT' });
    expect(envelope.message).toContain(words);
  });
});
