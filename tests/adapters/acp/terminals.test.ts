/** Terminals of the protocol over a scripted gate: when creation answers, what the output is, and what kill and release leave. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Door } from '../../../src/adapters/acp/door.ts';
import { Terminals } from '../../../src/adapters/acp/terminals.ts';
import { present } from '../../../src/base/assert.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { Envelope } from '../../../src/core/envelope.ts';
import type { Activity, GateRequest } from '../../../src/core/gate.ts';
import { limits } from '../../../src/core/limits.ts';
import { envelope } from '../../fixtures/scripted-gate.ts';

const never = new AbortController().signal;
const sessionId = 's';

/** A gate of which the test plays every moment: permitted, output, end. */
function stage(servers: readonly string[] = ['web-1']) {
  const calls: { request: GateRequest; end(answer: Envelope): void }[] = [];
  const listeners = new Set<(activity: Activity) => void>();
  const gate = {
    perform: (request: GateRequest) =>
      new Promise<Envelope>((resolve) => {
        calls.push({ request, end: resolve });
        request.signal.addEventListener('abort', () =>
          resolve(
            envelope('remote_exec', {
              status: 'error',
              code: 'CANCELLED',
              message: 'It was cancelled.',
              data: { stdout: 'part', stderr: '' },
            }),
          ),
        );
      }),
    onActivity: (listener: (activity: Activity) => void) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
  const caller = {
    origin: 'agent',
    door: 'acp',
    session: 's1',
    agent: 'a',
    servers,
    workspace: null,
    readonly: false,
  } as const;
  const redactor = createRedactor({ key: randomBytes(32) });
  const terminals = new Terminals(new Door(gate, caller, '/folders/s1', servers), redactor);
  const call = (index = 0) => present(calls[index], 'call');
  return {
    terminals,
    redactor,
    listeners,
    call,
    /** The gate announces an operation and permits it. */
    permit(index = 0, from = call(index).request.caller) {
      const id = `op-${index}`;
      const started = {
        kind: 'started',
        id,
        server: 'web-1',
        caller: from,
        tool: 'remote_exec',
        summary: '',
        cwd: null,
        atMs: 0,
      } as const;
      for (const listener of listeners) listener(started);
      for (const listener of listeners) listener({ kind: 'running', id, summary: '', approver: 'policy' });
    },
    output: (text: string, index = 0) => call(index).request.onOutput?.('stdout', Buffer.from(text)),
    done: (stdout: string, more: Partial<Envelope> = {}, index = 0) =>
      call(index).end(
        envelope('remote_exec', {
          data: { stdout, stderr: '' },
          execution: { attempted: true, completed: true, exitCode: 0, durationMs: 1 },
          ...more,
        }),
      ),
  };
}

async function settled<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  return await Promise.race([promise, new Promise<'waiting'>((resolve) => setImmediate(() => resolve('waiting')))]);
}

describe('terminal/create', () => {
  it('answers when its own command is permitted, not when another one is', async () => {
    const { terminals, permit, call, listeners } = stage();
    const created = terminals.create({ sessionId, command: 'sleep 9' }, never);
    permit(0, { ...call().request.caller });
    expect(await settled(created)).toBe('waiting');
    permit();
    expect(await created).toBe('terminal-1');
    terminals.dispose();
    await settled(created);
    expect(listeners.size).toBe(0);
  });

  const inputs = [
    ['a shell line', { command: 'ls | wc -l' }, { server: 'web-1', command: 'ls | wc -l' }],
    ['words', { command: 'ls', args: ['-l', '/tmp'] }, { server: 'web-1', argv: ['ls', '-l', '/tmp'] }],
    ['a folder', { command: 'ls', cwd: '/folders/s1/web-1/srv' }, { server: 'web-1', cwd: '/srv', command: 'ls' }],
    ['the work folder', { command: 'ls', cwd: '/folders/s1' }, { server: 'web-1', command: 'ls' }],
    [
      'variables, which stay visible',
      { command: 'make', args: ['all'], env: [{ name: 'CC', value: 'gcc' }] },
      { server: 'web-1', argv: ['env', 'CC=gcc', 'make', 'all'] },
    ],
    [
      'variables for a line',
      { command: 'make && echo', env: [{ name: 'CC', value: 'gcc' }] },
      { server: 'web-1', argv: ['env', 'CC=gcc', 'sh', '-c', 'make && echo'] },
    ],
  ] as const;

  it.each(inputs)('with %s asks the gate for it', (_what, fields, input) => {
    const { terminals, call } = stage();
    void terminals.create({ sessionId, command: 'x', ...(fields as object) }, never);
    expect(call().request).toMatchObject({ operation: 'remote_exec', input });
    expect(Object.keys(call().request.input as object).sort()).toEqual(Object.keys(input).sort());
  });

  it('without a folder fails where there are several servers, and says what is valid', async () => {
    const { terminals } = stage(['web-1', 'web-2']);
    await expect(terminals.create({ sessionId, command: 'ls' }, never)).rejects.toMatchObject({
      data: { code: 'SERVER_NOT_FOUND', reason: expect.stringContaining('/folders/s1/web-1, /folders/s1/web-2') },
    });
  });

  it('is withdrawn with its request', async () => {
    const { terminals, call } = stage();
    const request = new AbortController();
    const created = terminals.create({ sessionId, command: 'reboot' }, request.signal);
    request.abort();
    expect(call().request.signal.aborted).toBe(true);
    await created.catch(() => undefined);
  });

  it('is withdrawn when its request was taken back before it was looked at', async () => {
    const { terminals, call } = stage();
    const created = terminals.create({ sessionId, command: 'reboot' }, AbortSignal.abort());
    expect(call().request.signal.aborted).toBe(true);
    // The gate has answered, so it does not wait either.
    expect(await settled(created)).not.toBe('waiting');
  });

  it('has a bound', async () => {
    const { terminals, output } = stage();
    for (let index = 0; index < limits.terminalsPerSessionMax; index += 1) {
      const created = terminals.create({ sessionId, command: 'ls' }, never);
      output('x\n', index);
      await created;
    }
    await expect(terminals.create({ sessionId, command: 'ls' }, never)).rejects.toMatchObject({
      data: { code: 'TOO_LARGE' },
    });
  });
});

describe('terminal/output', () => {
  it('while it runs holds whole lines without secrets, and at the end what the gate gives to agents', async () => {
    const { terminals, redactor, output, done } = stage();
    redactor.hold('hunter2-hunter2');
    const created = terminals.create({ sessionId, command: 'cat conf' }, never);
    output('password hunter2-hunter2\nsecond li');
    const id = await created;
    const live = terminals.output(id);
    expect(live.output).toMatch(/^password «redacted:[^»]+»\n$/);
    expect(live.exitStatus).toBeUndefined();
    done('password «redacted:1»\nsecond line\n', {
      execution: { attempted: true, completed: true, exitCode: 4, durationMs: 1 },
    });
    expect(await terminals.waitForExit(id, never)).toEqual({ exitCode: 4, signal: null });
    expect(terminals.output(id)).toEqual({
      output: 'password «redacted:1»\nsecond line\n',
      truncated: false,
      exitStatus: { exitCode: 4, signal: null },
    });
  });

  it('is cut at the front, between characters, at the limit that the agent gave', async () => {
    const { terminals, permit, done } = stage();
    const created = terminals.create({ sessionId, command: 'cat', outputByteLimit: 6 }, never);
    permit();
    const id = await created;
    done('aäöü');
    await terminals.waitForExit(id, never);
    expect(terminals.output(id)).toMatchObject({ output: 'äöü', truncated: true });
    const shorter = terminals.create({ sessionId, command: 'cat', outputByteLimit: 5 }, never);
    permit(1);
    const second = await shorter;
    done('aäöü', {}, 1);
    await terminals.waitForExit(second, never);
    expect(terminals.output(second).output).toBe('öü');
  });

  it('says in words how a command ended that did not exit', async () => {
    const { terminals, permit, done } = stage();
    const created = terminals.create({ sessionId, command: 'sleep 9' }, never);
    permit();
    const id = await created;
    done('so far', {
      status: 'error',
      code: 'CONNECTION_LOST',
      message: 'The outcome is unknown.',
      execution: { attempted: true, completed: false, durationMs: 1 },
    });
    expect(await terminals.waitForExit(id, never)).toEqual({ exitCode: null, signal: null });
    expect(terminals.output(id).output).toBe('so far\n[signalbox: CONNECTION_LOST: The outcome is unknown.]\n');
  });
});

describe('the end of a terminal', () => {
  it('by kill answers all who wait, and keeps the id and the output', async () => {
    const { terminals, permit, call } = stage();
    const created = terminals.create({ sessionId, command: 'sleep 9' }, never);
    permit();
    const id = await created;
    const waiters = [terminals.waitForExit(id, never), terminals.waitForExit(id, never)];
    await terminals.kill(id);
    expect(call().request.signal.aborted).toBe(true);
    expect(await Promise.all(waiters)).toHaveLength(2);
    expect(terminals.output(id).output).toContain('part');
  });

  it('by release frees the id and ends the command', async () => {
    const { terminals, permit, call } = stage();
    const created = terminals.create({ sessionId, command: 'sleep 9' }, never);
    permit();
    const id = await created;
    terminals.release(id);
    expect(call().request.signal.aborted).toBe(true);
    expect(() => terminals.output(id)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'INVALID_ARGUMENT' }) }),
    );
  });
});
