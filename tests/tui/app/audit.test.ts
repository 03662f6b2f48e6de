/** The audit log on the screen: filtered while one types, its time line, and the history of one file. */
import { afterEach, describe, expect, it } from 'vitest';
import type { TimeBucketView } from '../../../src/protocol/audit-methods.ts';
import { asciiGlyphs } from '../../../src/tui/present/page.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type FakeHost, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const minute = 60_000;
const noon = Date.UTC(2026, 0, 2, 12);
const bucket = (at: number, counts: Partial<TimeBucketView> = {}): TimeBucketView => ({
  ...{ atMs: noon + at * minute, ok: 0, stopped: 0, failed: 0, running: 0 },
  ...counts,
});
const buckets = [bucket(0, { ok: 3 }), bucket(1), bucket(2, { ok: 9, failed: 1 }), bucket(3, { stopped: 2 })];
const row = {
  ...{ id: 'A1', seq: 1, ts: '2026-01-02T12:02:05.000Z', session: 'S1', agent: 'demo', origin: 'agent' },
  ...{ tool: 'remote_write_file', server: 'web-1', summary: '/etc/hosts', decision: 'approval-required', rule: 'r' },
  ...{ approver: 'me', outcome: 'ok', code: null, exitCode: null, durationMs: 1, commit: 'c', acknowledged: false },
};

async function open(columns: number, rows: number, more: object = {}): Promise<void> {
  const prepare = (host: FakeHost): void => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1') },
      { type: 'audit.grown', rows: 15 },
    );
    host.handlers['audit.page'] = () => ({ rows: [row], total: 1 });
    host.handlers['audit.timeline'] = () => ({ bucketMs: minute, buckets, isCut: false });
  };
  world = openScreenWorld(columns, rows, prepare, more);
  await world.press('\x1b');
  await world.press('3');
  await world.screen();
}

/** The frame that asks may come a little later. */
const untilFilter = (filter: string | undefined): Promise<void> =>
  eventually(() => expect(world.host.callsOf('audit.page').at(-1)?.filter).toBe(filter));
const stretch = (from: number): string =>
  `since:${new Date(noon + from * minute).toISOString()} until:${new Date(noon + (from + 1) * minute).toISOString()}`;

describe.each([
  [80, 24],
  [200, 50],
])('the audit log on %i×%i', (columns, rows) => {
  it('has a time line: bars, marks for what went wrong, and words', async () => {
    await open(columns, rows);
    await world.terminal.until('1 minute a bar');
    const screen = await world.screen();
    expect(screen).toMatch(/│ ▂ █▂ +│[^\n]*\n│ {3}!x +│/);
    expect(screen).toContain('1 minute a bar: 15 actions, 12 ok, 2 refused (x), 1 failed (!)');
  });

  it('teaches the words of its search, completes them, and says which key does', async () => {
    await open(columns, rows);
    await world.press('/');
    expect(await world.screen()).toMatch(/outcome: +server: +since: +until: +agent: +tool:/);
    expect(await world.hint()).toContain('Tab complete');
    await world.press('ou\t');
    expect(await world.screen()).toMatch(/outcome:ok +outcome:failed /);
    await world.press('de\t');
    await world.press('server:w\t\r');
    await untilFilter('outcome:denied server:web-1 ');
  });

  it('is narrowed to a stretch of time by moving in it, and widened again', async () => {
    await open(columns, rows);
    await world.press('h');
    await untilFilter(stretch(3));
    await world.terminal.until('01-02 12:03 to 01-02 12:04, 2 actions, 2 refused (x)');
    await world.press('hh');
    // The minute without an action is passed over.
    await untilFilter(stretch(0));
    await world.press('l');
    await untilFilter(stretch(2));
    await world.press('\x1b');
    await untilFilter(undefined);
    await world.press('h');
    await untilFilter(stretch(3));
    await world.press('l');
    await untilFilter(undefined);
  });

  it('is filtered while one types, once the fingers rest', async () => {
    await open(columns, rows);
    const before = world.host.callsOf('audit.page').length;
    await world.press('/nginx');
    expect(world.host.callsOf('audit.page')).toHaveLength(before);
    world.clock.advance(150);
    await untilFilter('nginx');
    expect(world.host.callsOf('audit.timeline').at(-1)?.filter).toBe('nginx');
    await world.press('\x1b');
    await untilFilter(undefined);
  });

  it('says in the place of its rows what is wrong with a filter that is not complete', async () => {
    await open(columns, rows);
    world.host.handlers['audit.page'] = ({ filter }) => {
      if (filter === 'outcome:') throw new Error('"outcome:" needs a value, for example denied.');
      return { rows: [row], total: 1 };
    };
    await world.press('/outcome:');
    world.clock.advance(150);
    await world.terminal.until('"outcome:" needs a value');
    await world.press('ok');
    world.clock.advance(150);
    await world.terminal.until((screen) => screen.includes('/etc/hosts') && !screen.includes('needs a value'));
  });

  it('shows what became of one file, change by change, and rolls one back', async () => {
    await open(columns, rows);
    const step = { id: 'A1', ts: row.ts, by: 'demo', outcome: 'ok', isDrift: true, canRollBack: true };
    const steps = [step, { ...step, id: 'A0', outcome: 'denied', isDrift: false, canRollBack: false }];
    world.host.handlers['audit.history'] = () => ({ server: 'web-1', path: '/etc/hosts', steps, isCut: false });
    world.host.handlers['audit.detail'] = ({ id }) => ({
      ...{ records: [], diffNote: null },
      diff: id === 'A1' ? '--- a\n+++ b\n@@ -1 +1 @@\n-old name\n+new name\n' : null,
    });
    world.host.handlers['rollback.preview'] = () => ({ steps: [], stop: null });
    await world.press('H');
    for (const part of ['/etc/hosts on web-1, 2 changes', 'somebody else', '+new name'])
      await world.terminal.until(part);
    await world.press('j');
    await world.terminal.until('It changed nothing.');
    await world.press('R');
    await world.terminal.until('changed nothing that could be rolled back');
    await world.press('kR');
    await eventually(() => expect(world.host.callsOf('rollback.preview')).toEqual([{ id: 'A1' }]));
  });
});

it('reads anew what a host that was killed left running, though the next one has as many actions', async () => {
  await open(100, 30);
  world.host.handlers['audit.page'] = () => ({ rows: [{ ...row, outcome: 'unknown-outcome' }], total: 1 });
  const { view } = world.host;
  world.host.view = { ...view, host: { ...view.host, startedAtMs: view.host.startedAtMs + 1 } };
  world.host.connect();
  await world.terminal.until('unknown-o');
});

describe('the time line', () => {
  it('plays what a command or a shell printed, from the list', async () => {
    await open(80, 24);
    await world.press('P');
    expect(await world.hint()).toContain('play: no recording; only commands and shells');
    world.host.handlers['audit.page'] = () => ({ rows: [{ ...row, tool: 'shell_open', commit: null }], total: 1 });
    const header = { columns: 80, rows: 24, title: 'interactive shell' };
    world.host.handlers['audit.recording'] = () => ({ header, registered: 'same', events: [], next: null });
    world.host.emit({ type: 'audit.grown', rows: 16 });
    await world.terminal.until('shell_open');
    await world.press('P');
    expect(world.host.callsOf('audit.recording')).toEqual([{ id: 'A1', offset: 0 }]);
  });

  it('is drawn in ASCII, too', async () => {
    await open(100, 30, { glyphs: asciiGlyphs });
    expect(await world.screen()).toMatch(/│ \. #\. +│/);
  });

  it('is not there for a host that knows none, nor where the list would have no room', async () => {
    await open(100, 12);
    expect(await world.screen()).not.toContain('a bar');
    world.dispose();
    await open(100, 30);
    world.host.handlers['audit.timeline'] = () => Promise.reject(new Error('no such method'));
    await world.press('/x\r');
    expect(await world.screen()).not.toContain('a bar');
    expect(await world.screen()).toContain('/etc/hosts');
  });

  it('is counted anew at most every two seconds while the log grows', async () => {
    await open(100, 30);
    const before = world.host.callsOf('audit.timeline').length;
    for (let rows = 16; rows < 30; rows += 1) world.host.emit({ type: 'audit.grown', rows });
    await world.screen();
    expect(world.host.callsOf('audit.timeline')).toHaveLength(before);
    await eventually(() => {
      world.clock.advance(2_000);
      expect(world.host.callsOf('audit.timeline')).toHaveLength(before + 1);
    });
  });
});

describe('the preview beside the audit log', () => {
  const rows = Array.from({ length: 20 }, (_, at) => ({ ...row, id: `A${at}`, summary: `/etc/file-${at}` }));
  const lines = Array.from({ length: 60 }, (_, at) => `+added ${at}`).join('\n');
  const toDetail = (id: string) => ({
    ...{ records: [{ seq: 1, type: 'intent', reason: `reason of ${id}` }], diffNote: null },
    diff: `--- a\n+++ b\n@@ -0,0 +1,60 @@\n${lines}\n`,
  });

  async function openRows(columns: number): Promise<void> {
    await open(columns, 40);
    world.host.handlers['audit.page'] = () => ({ rows, total: rows.length });
    world.host.handlers['audit.detail'] = ({ id }) => toDetail(id);
    world.host.emit({ type: 'audit.grown', rows: 40 });
    await world.terminal.until('/etc/file-19');
  }

  it('shows the chosen operation with its diff, and goes with the choice', async () => {
    await openRows(160);
    await world.terminal.until((screen) => screen.includes('reason of A0') && screen.includes('+added 3'));
    await world.press('jj');
    await world.terminal.until((screen) => screen.includes('reason of A2') && !screen.includes('reason of A0'));
    await world.press('\r');
    await world.terminal.until('Audit A2');
    expect(await world.screen()).not.toContain('/etc/file-1');
  });

  it('is scrolled by its keys and by the wheel above it, while the list stays', async () => {
    await openRows(160);
    await world.terminal.until('+added 3');
    await world.press('\x04\x04');
    await world.terminal.until((screen) => screen.includes('+added 59') && !screen.includes('approved by'));
    for (let turn = 0; turn < 30; turn += 1) await world.press('\x1b[<64;140;10M');
    await world.terminal.until('approved by');
    expect(await world.screen()).toContain('/etc/file-0');
  });

  it('is of what is there: one is asked for at a time, and what a held key passes is not', async () => {
    await openRows(160);
    await world.terminal.until('reason of A0');
    const answers: (() => void)[] = [];
    world.host.handlers['audit.detail'] = ({ id }) =>
      new Promise((resolve) => answers.push(() => resolve(toDetail(id)))) as never;
    const before = world.host.callsOf('audit.detail').length;
    for (let step = 0; step < 9; step += 1) await world.press('j');
    answers.shift()?.();
    await eventually(() => expect(answers).toHaveLength(1));
    answers.shift()?.();
    await world.terminal.until('reason of A9');
    expect(world.host.callsOf('audit.detail').slice(before)).toEqual([{ id: 'A1' }, { id: 'A9' }]);
  });

  it('asks again for an operation that goes on, and for one whose records did not come', async () => {
    await openRows(160);
    await world.terminal.until('reason of A0');
    const before = world.host.callsOf('audit.detail').length;
    world.host.handlers['audit.page'] = () => ({
      rows: [
        { ...row, id: 'A0', outcome: 'denied' },
        { ...row, id: 'A7' },
      ],
      total: 2,
    });
    world.host.handlers['audit.detail'] = ({ id }) => ({ ...toDetail(id), diffNote: 'It has ended.' });
    world.host.emit({ type: 'audit.grown', rows: 41 });
    await world.terminal.until('outcome       denied');
    await eventually(() => expect(world.host.callsOf('audit.detail')).toHaveLength(before + 1));
    world.host.handlers['audit.detail'] = () => Promise.reject(new Error('lost')) as never;
    await world.press('j');
    await world.terminal.until('Its records could not be loaded.');
    await world.press('k');
    world.host.handlers['audit.detail'] = ({ id }) => toDetail(id);
    await world.press('j');
    await world.terminal.until('reason of A7');
  });

  it('is not there on a narrower screen, where its keys say so', async () => {
    await openRows(159);
    expect(await world.screen()).not.toContain('allowed by');
    await world.press('\x04');
    expect(await world.hint()).toContain('from 160 columns on; Enter shows them');
  });
});
