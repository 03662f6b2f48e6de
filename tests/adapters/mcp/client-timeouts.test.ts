/** Clients that give up after a time: those that hear progress wait on, the others end their call, and a late answer runs nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Envelope } from '../../../src/core/envelope.ts';
import type { PerformSink } from '../../../src/core/ports.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { memoryWorld } from '../../fixtures/memory-world.ts';
import { caller, closeDoors, openDoor } from '../../fixtures/open-door.ts';

/** The time of the clients, which the test moves as it moves the gate's. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  closeDoors();
});

const clientTimeoutMs = 60_000;
const stepMs = 5_000;

async function open() {
  const clock = new HandClock();
  const world = memoryWorld({ clock });
  const door = await openDoor((request) => world.gate.perform({ ...request, caller }), { clock });
  const approve = () =>
    world.queue.answer(world.queue.list()[0]?.id ?? '', {
      kind: 'approve',
      grant: 'once',
      approver: 'operator@screen',
    });
  const performed = () => world.journal.filter((entry) => entry.startsWith('perform'));
  return { clock, world, approve, performed, client: await door.client() };
}

/** A command that runs until it is cancelled or the test ends it. */
function runUntil(world: ReturnType<typeof memoryWorld>) {
  const state: { sink?: PerformSink; end: () => void; isCancelled: boolean } = {
    end: () => undefined,
    isCancelled: false,
  };
  world.servers.perform = (permit, sink, signal) => {
    permit.redeem();
    state.sink = sink;
    const bytes = { stdout: new Uint8Array(), stderr: new Uint8Array(), stdoutBytes: 0, stderrBytes: 0 };
    return new Promise((resolve) => {
      state.end = () => resolve({ kind: 'exec', exitCode: 0, signal: null, ...bytes, ended: 'exit' });
      signal.addEventListener('abort', () => {
        state.isCancelled = true;
        resolve({ kind: 'exec', exitCode: null, signal: 'SIGTERM', ...bytes, ended: 'cancelled' });
      });
    });
  };
  return state;
}

const reboot = { name: 'remote_exec', arguments: { server: 'web-1', command: 'reboot' } };
const allowed = { name: 'remote_exec', arguments: { server: 'web-1', argv: ['ok', 'sleep'] } };

/** Waits for what comes over the socket while the time of the clients stands still; the limit of the test ends a wait in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a client that counts from the last progress', () => {
  it('waits for a person much longer than its time-out, told every five seconds what it waits for', async () => {
    const { clock, approve, client } = await open();
    const heard: string[] = [];
    const call = client.callTool(reboot, {
      timeout: clientTimeoutMs,
      resetTimeoutOnProgress: true,
      onprogress: ({ message = '' }) => void heard.push(message),
    });
    await until(() => heard.length === 1);
    for (let step = 0; step < 24; step += 1) {
      vi.advanceTimersByTime(stepMs);
      clock.advance(stepMs);
      await until(() => heard.length === step + 2);
    }
    expect(approve()).toMatchObject({ accepted: true });
    expect((await call).structuredContent).toMatchObject({ status: 'ok' });
    expect(heard[0]).toBe('Waiting for the operator: This is not on the list.');
    expect(heard[24]).toBe('Waiting for the operator: This is not on the list. (120 s)');
  });

  it('hears of a command that runs, and what it prints, redacted', async () => {
    const { clock, world, client } = await open();
    const command = runUntil(world);
    const heard: string[] = [];
    const call = client.callTool(allowed, {
      timeout: clientTimeoutMs,
      resetTimeoutOnProgress: true,
      onprogress: ({ message = '' }) => void heard.push(message),
    });
    await until(() => command.sink !== undefined);
    for (let step = 0; step < 12; step += 1) {
      vi.advanceTimersByTime(stepMs);
      clock.advance(stepMs);
      await until(() => heard.length === step + 1);
    }
    command.sink?.onOutput?.('stdout', Buffer.from('step 1\nhunter2 is the word\nnot yet a li'));
    clock.advance(500);
    command.sink?.onOutput?.('stderr', Buffer.from('careful\n'));
    clock.advance(500);
    await until(() => heard.length === 14);
    command.end();
    expect((await call).structuredContent).toMatchObject({ status: 'ok' });
    expect(heard[11]).toBe('The operation is still running. (60 s)');
    expect(heard.slice(12)).toEqual(['step 1\n«redacted:0001» is the word', 'careful']);
  });

  it('is not flooded by a command that prints without end', async () => {
    const { clock, world, client } = await open();
    const command = runUntil(world);
    const heard: string[] = [];
    const call = client.callTool(allowed, { onprogress: ({ message = '' }) => void heard.push(message) });
    await until(() => command.sink !== undefined);
    for (let count = 0; count < 400; count += 1) {
      command.sink?.onOutput?.('stdout', Buffer.from(`${String(count).padStart(6, '0')} ${'x'.repeat(1_000)}\n`));
      if (count % 10 === 9) clock.advance(500);
    }
    await until(() => heard.join('\n').includes('[what follows is in the result only]'));
    command.end();
    await call;
    const output = heard.filter((message) => message.includes('xxx'));
    expect(output.length).toBeLessThan(10);
    expect(output.every((message) => message.length < 2_300)).toBe(true);
    expect(output[0]).toContain('characters before this are in the result only');
  });
});

describe('a client that gives up', () => {
  it.each([
    ['without progress', {}],
    ['although it hears progress', { onprogress: () => undefined }],
  ])('%s ends its call: the card is withdrawn, and a late answer runs nothing', async (_name, options) => {
    const { clock, world, approve, performed, client } = await open();
    const late: string[] = [];
    world.queue.onRemoved(({ end }) => late.push(end.kind));
    const call = client.callTool(reboot, { timeout: clientTimeoutMs, ...options });
    const ended = expect(call).rejects.toThrow(/timed out/i);
    await until(() => world.queue.list().length === 1);
    const [card] = world.queue.list();
    vi.advanceTimersByTime(clientTimeoutMs);
    await ended;
    await until(() => world.queue.list().length === 0);
    await until(() => world.audit.entries.at(-1)?.type === 'refused');
    expect(late).toEqual(['withdrawn']);
    clock.advance(60_000);
    expect(approve()).toMatchObject({ accepted: false });
    const answer = { kind: 'approve', grant: 'once', approver: 'operator@screen' } as const;
    expect(world.queue.answer(card?.id ?? '', answer)).toMatchObject({ accepted: false });
    expect(performed()).toEqual([]);
    expect(world.audit.entries.at(-1)).toMatchObject({ type: 'refused', code: 'CANCELLED' });
  });

  it('ends the command that runs', async () => {
    const { world, client } = await open();
    const command = runUntil(world);
    const ended = expect(client.callTool(allowed, { timeout: clientTimeoutMs })).rejects.toThrow(/timed out/i);
    await until(() => command.sink !== undefined);
    vi.advanceTimersByTime(clientTimeoutMs);
    await ended;
    await until(() => command.isCancelled && world.audit.entries.at(-1)?.type === 'result');
    expect(world.audit.entries.at(-1)).toMatchObject({ type: 'result', code: 'CANCELLED' });
  });

  it('can go on with its next call', async () => {
    const { client, world } = await open();
    const ended = expect(client.callTool(reboot, { timeout: clientTimeoutMs })).rejects.toThrow(/timed out/i);
    await until(() => world.queue.list().length === 1);
    vi.advanceTimersByTime(clientTimeoutMs);
    await ended;
    const next = await client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', argv: ['ok'] } });
    expect(next.structuredContent as unknown as Envelope).toMatchObject({ status: 'ok' });
  });
});
