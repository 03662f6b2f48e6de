/** What the host takes long with: shown after half a second, in words, with its seconds, until it is answered; ended where the host can. */
import { afterEach, describe, expect, it } from 'vitest';
import { toCallWords } from '../../src/tui/call-words.ts';
import { type CallInFlight, CallsInFlight } from '../../src/tui/calls-in-flight.ts';
import { toCallLine } from '../../src/tui/present/call-in-flight.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../src/tui/present/page.ts';
import { toText } from '../../src/tui/present/text.ts';
import { attackLine } from '../fixtures/attacks.ts';
import { makeServer, makeSession } from '../fixtures/fake-host.ts';
import { ManualClock, openScreenWorld, type ScreenWorld } from '../fixtures/screen-world.ts';

const page = { columns: 80, nowMs: 0, glyphs: unicodeGlyphs };
const call: CallInFlight = { words: 'testing web-1', startedMs: 1_000, others: 0, canCancel: true, isCancelled: false };

describe('the words of a call', () => {
  it.each([
    [call, 1_500, ' ⠹ testing web-1 0 s Esc stops waiting  '],
    [call, 4_250, ' ⠴ testing web-1 3 s Esc stops waiting  '],
    [{ ...call, others: 2 }, 1_500, ' ⠹ testing web-1 and 2 more 0 s Esc stops waiting  '],
    [{ ...call, canCancel: false }, 1_500, ' ⠹ testing web-1 0 s  '],
    [{ ...call, canCancel: false, isCancelled: true }, 1_500, ' ⠹ testing web-1 0 s being ended  '],
  ])('%j', (one, nowMs, line) => {
    expect(toText(toCallLine(one, nowMs, 'Esc', page))).toBe(line);
  });

  it('are escaped, with a sign in ASCII where only that is drawn', () => {
    const line = toText(toCallLine({ ...call, words: attackLine }, 1_500, 'Esc', { ...page, glyphs: asciiGlyphs }));
    expect(line).toMatch(/^ - /);
    expect(line).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['server.test', { server: 'web-1' }, 'testing web-1'],
    ['operation.perform', { operation: 'remote_list_dir' }, 'listing the folder'],
    ['audit.verify', {}, 'verifying the audit log'],
    ['session.rename', {}, 'waiting for the host'],
    ['session.seen', {}, null],
    ['shell.attach', {}, null],
    ['view.attach', {}, null],
  ] as const)('of %s %j are %j', (method, params, words) => {
    expect(toCallWords(method, params)).toBe(words);
  });
});

describe('calls in flight', () => {
  it('are shown when they take half a second, the newest first, and go with their answers', async () => {
    const clock = new ManualClock();
    const calls = new CallsInFlight(clock);
    const told: string[] = [];
    calls.onChange((what) => told.push(what));
    const ends: (() => void)[] = [];
    const start = (): Promise<void> => new Promise((resolve) => void ends.push(resolve));
    const first = calls.watch('audit.verify', {}, start);
    clock.advance(499);
    expect(calls.shown).toBeNull();
    clock.advance(1);
    const second = calls.watch('server.test', { server: 'web-1' }, start);
    expect(calls.shown).toMatchObject({ words: 'verifying the audit log', canCancel: false });
    clock.advance(600);
    expect(calls.shown).toMatchObject({ words: 'testing web-1', others: 1, canCancel: true });
    ends[1]?.();
    await second;
    expect(calls.shown).toMatchObject({ words: 'verifying the audit log', others: 0 });
    ends[0]?.();
    await first;
    expect(calls.shown).toBeNull();
    expect(told.filter((what) => what === 'shown')).toHaveLength(4);
    const before = told.length;
    clock.advance(5_000);
    expect(told.length).toBe(before);
    calls.dispose();
  });

  it('that fail go, too, and those that are quick are never told of', async () => {
    const clock = new ManualClock();
    const calls = new CallsInFlight(clock);
    const told: string[] = [];
    calls.onChange((what) => told.push(what));
    await expect(calls.watch('audit.verify', {}, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await calls.watch('audit.verify', {}, async () => undefined);
    clock.advance(2_000);
    expect(told).toEqual([]);
  });

  it.each(['audit.verify', 'session.new', 'snapshots.purge'] as const)('of %s cannot be ended', async (method) => {
    const clock = new ManualClock();
    const calls = new CallsInFlight(clock);
    const signals: (AbortSignal | undefined)[] = [];
    void calls.watch(method, {}, (signal) => new Promise(() => void signals.push(signal)));
    clock.advance(600);
    expect([calls.cancel(), signals]).toEqual([null, [undefined]]);
    calls.dispose();
  });
});

describe.each([
  [80, 24],
  [200, 50],
])('on the screen of %i×%i', (columns, rows) => {
  let world: ScreenWorld;
  afterEach(() => world.dispose());

  it('a long test shows what goes on, and Esc ends it', async () => {
    world = openScreenWorld(columns, rows, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'session.added', session: makeSession('S1') },
      ),
    );
    world.host.handlers['server.test'] = (_params, options) =>
      new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => reject(new Error('The test was cancelled.')));
      });
    await world.press('\x1b');
    world.clock.advance(100);
    await world.press('4');
    await world.press('t');
    expect(await world.hint()).not.toContain('testing web-1');
    world.clock.advance(3_000);
    expect(await world.hint()).toMatch(/^ . testing web-1 3 s Esc stops waiting +\S/);
    await world.press('\x1b');
    world.clock.advance(100);
    await world.screen();
    expect(await world.screen()).toContain('The test was cancelled.');
    expect(await world.screen()).not.toContain('testing web-1 3 s');
  });

  it('what cannot be ended says so', async () => {
    world = openScreenWorld(columns, rows, (host) => host.emit({ type: 'session.added', session: makeSession('S1') }));
    world.host.handlers['audit.verify'] = () => new Promise(() => undefined);
    await world.press('\x02:verify\r');
    await world.press('\x02\x1b');
    world.clock.advance(100);
    expect(await world.hint()).toContain('stop waiting: nothing takes long at the moment');
    world.clock.advance(1_000);
    await world.press('\x02\x1b');
    world.clock.advance(100);
    expect(await world.screen()).toContain('stop waiting: the host cannot end this; it goes on');
    expect(await world.screen()).toContain('verifying the audit log 1 s');
  });
});
