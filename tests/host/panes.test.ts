/** Blocks of commands: what exactly ran is told, so that it can be asked for again, and who ended it in the middle. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/event.ts';
import type { Caller } from '../../src/core/caller.ts';
import type { Activity } from '../../src/core/gate.ts';
import { Panes } from '../../src/host/panes.ts';
import { ViewStore } from '../../src/host/view-store.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import type { BlockView } from '../../src/protocol/view.ts';
import { HandClock } from '../fixtures/hand-clock.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';

type World = ReturnType<typeof memoryWorld>;

let panes: Panes;
afterEach(() => panes.dispose());

function watch(world: World): () => BlockView | undefined {
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  panes = new Panes(world.gate, store, systemClock);
  return () => store.view.panes['web-1']?.blocks.at(-1);
}

describe('the output of a command', () => {
  it('is the end of what rushes by, from the beginning of a line, and every byte is counted', async () => {
    const world = memoryWorld();
    const block = watch(world);
    const lines = Array.from({ length: 30_000 }, (_, number) => `line ${number} é\n`).join('');
    world.servers.run = async () => ({ stdout: Buffer.from(lines) });
    await world.ask('remote_exec', { server: 'web-1', command: 'ok' });
    const { text = '', skippedBytes = 0 } = block() ?? {};
    expect(text).toMatch(/^line \d+ é\n[^]*line 29999 é\n$/);
    expect(text.length).toBeGreaterThanOrEqual(30_000);
    expect(skippedBytes + Buffer.byteLength(text)).toBe(Buffer.byteLength(lines));
  });

  it('is told every 16 ms, of a flood every 80 ms, and a flood that ebbs is read as before', () => {
    const activity = new Emitter<Activity>();
    const clock = new HandClock();
    const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
    panes = new Panes({ onActivity: activity.event }, store, clock);
    const of = { id: 'A1', server: 'web-1' } as const;
    const caller: Caller = {
      ...{ origin: 'operator', door: 'screen', session: null, agent: null },
      ...{ servers: 'all', workspace: null, readonly: false },
    };
    activity.fire({ ...of, kind: 'started', caller, tool: 'remote_exec', summary: 'cat', cwd: null, atMs: 0 });
    const told: number[] = [];
    store.onPublished(({ event }) => event.type === 'block.output' && told.push(clock.nowMs() - begin));
    const begin = clock.nowMs();
    const print = (bytesEveryMs: number, ms: number): void => {
      for (let at = 0; at < ms; at += 1) {
        activity.fire({ ...of, kind: 'output', stream: 'stdout', chunk: Buffer.alloc(bytesEveryMs, 'x') });
        clock.advance(1);
      }
    };
    print(100, 48);
    print(5_000, 200);
    print(100, 160);
    expect(told).toEqual([16, 32, 48, 64, 144, 224, 304, 384, 400]);
  });
});

describe('the block of a command', () => {
  it.each<[string, Record<string, unknown>, BlockView['ran']]>([
    [
      'words that policy lets through',
      { argv: ['ok', 'a b'] },
      { argv: ['ok', 'a b'], line: null, cwd: null, hasInput: false, isRead: true },
    ],
    [
      'a simple line, as the words that were judged',
      { command: 'ok x', cwd: '/srv' },
      { argv: ['ok', 'x'], line: null, cwd: '/srv', hasInput: false, isRead: true },
    ],
    [
      'input that nobody keeps',
      { argv: ['ok'], stdin: 'yes\n' },
      { argv: ['ok'], line: null, cwd: null, hasInput: true, isRead: true },
    ],
  ])('names %s', async (_name, input, ran) => {
    const world = memoryWorld();
    const block = watch(world);
    await world.ask('remote_exec', { server: 'web-1', ...input });
    expect(block()?.ran).toEqual(ran);
    expect(block()?.stoppedBy).toBeUndefined();
    expect(block()?.ranAtMs).toBeGreaterThanOrEqual(block()?.startedAtMs ?? Number.NaN);
  });

  it('says of what was approved that it may be more than a read', async () => {
    const world = memoryWorld();
    const block = watch(world);
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'approve', approver: 'operator@screen', grant: 'once' }),
    );
    await world.ask('remote_exec', { server: 'web-1', command: 'change things' });
    expect(block()?.ran).toMatchObject({ isRead: false });
  });

  it('names nothing for what never ran, and for what is no command', async () => {
    const world = memoryWorld();
    const block = watch(world);
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'deny', approver: 'operator@screen', reason: null }),
    );
    await world.ask('remote_exec', { server: 'web-1', command: 'change things' });
    expect(block()).toMatchObject({ state: 'ended', status: 'error' });
    expect(block()?.ran).toBeUndefined();
    await world.ask('remote_read_file', { server: 'web-1', path: '/etc/app.conf' });
    expect(block()?.ran).toBeUndefined();
  });

  it('names who ended it in the middle', async () => {
    const world = memoryWorld();
    const block = watch(world);
    world.servers.run = (_argv, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ exitCode: null, ended: 'cancelled' }), { once: true });
      });
    const running = new Promise<string>((resolve) =>
      world.gate.onActivity((activity) => activity.kind === 'running' && resolve(activity.id)),
    );
    const answer = world.ask('remote_exec', { server: 'web-1', command: 'ok' });
    world.gate.stop(await running, 'operator@screen');
    await answer;
    expect(block()).toMatchObject({ state: 'ended', code: 'CANCELLED', stoppedBy: 'operator@screen' });
  });
});
