/** Taking changes back by keys, the list of what a session changed, and playing a recording. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditRowView, ChangedFileView, RollbackPreviewView } from '../../../src/protocol/methods.ts';
import { type FakeHost, makeCard, makeServer, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const diff = '--- a/etc/motd\n+++ b/etc/motd\n@@ -1 +1 @@\n-agent\n+person\n';
const step = (path: string, ids: readonly string[]): RollbackPreviewView['steps'][number] => ({
  ...{ server: 'web-1', path, ids, effect: 'restore', diff, note: null },
});
const row: AuditRowView = {
  ...{ id: 'A1', seq: 1, ts: '2026-01-02T03:04:05.000Z', session: 'S1', agent: 'demo', origin: 'agent' },
  ...{ tool: 'remote_write_file', server: 'web-1', summary: '/etc/motd', decision: 'approval-required', rule: 'r' },
  ...{ approver: 'operator@screen', outcome: 'ok', code: null, exitCode: null, durationMs: 1, commit: 'c' },
  acknowledged: false,
};
const file = (path: string, more: Partial<ChangedFileView> = {}): ChangedFileView => ({
  ...{ server: 'web-1', path, agents: ['demo'], ids: ['A1'], rolledBackIds: [], effect: 'changed' },
  ...{ changedAt: row.ts, state: 'as the session left it', diff, note: null },
  ...more,
});

async function open(columns: number, rows: number, answer: (host: FakeHost) => void): Promise<void> {
  world = openScreenWorld(columns, rows, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { title: 'Fix motd', servers: ['web-1'] }) },
    );
    host.handlers['audit.page'] = () => ({ rows: [row], total: 1 });
    answer(host);
  });
  await world.press(escape);
  await world.screen();
}

const envelope = (more: object = {}) => ({
  envelope: {
    ...{ status: 'ok' as const, tool: 'rollback_file', execution: { durationMs: 1 } },
    ...{ audit: { id: 'R1', logWritten: true, snapshotStatus: 'written' }, policy: { decision: 'x', rule: 'r' } },
    ...more,
  },
});

describe.each([
  [80, 24],
  [200, 50],
])('on %i×%i', (columns, rows) => {
  it('R in the audit view shows what would happen, and Enter asks the gate once a file', async () => {
    await open(columns, rows, (host) => {
      host.handlers['rollback.preview'] = () => ({
        steps: [step('/etc/motd', ['A1']), step('/etc/issue', ['A2', 'A0'])],
        stop: null,
      });
      host.handlers['operation.perform'] = () => envelope();
    });
    await world.press('3');
    await world.screen();
    await world.press('R');
    const screen = await world.screen();
    expect(screen).toContain('Restores /etc/motd on web-1');
    expect(screen).toContain('+person');
    expect(world.host.callsOf('rollback.preview')).toEqual([{ id: 'A1' }]);
    expect(world.host.callsOf('operation.perform')).toEqual([]);
    await world.press('\r');
    await world.screen();
    expect(world.host.callsOf('operation.perform')).toEqual([
      { operation: 'rollback_file', input: { server: 'web-1', path: '/etc/motd', ids: ['A1'] } },
      { operation: 'rollback_file', input: { server: 'web-1', path: '/etc/issue', ids: ['A2', 'A0'] } },
    ]);
    expect(await world.hint()).toContain('Rolled back /etc/issue on web-1.');
  });

  it('shows why it stops, and asks for nothing when there is nothing to take back', async () => {
    await open(columns, rows, (host) => {
      host.handlers['rollback.preview'] = () => ({
        steps: [],
        stop: { id: 'A1', code: 'CONFLICT', message: 'It is a folder now.' },
      });
    });
    await world.press('3');
    await world.screen();
    await world.press('R');
    expect(await world.screen()).toContain('It is a folder now.');
    await world.press('\r');
    await world.screen();
    expect(world.host.callsOf('operation.perform')).toEqual([]);
  });

  it('does nothing on Escape, and goes no further after a file that was denied', async () => {
    await open(columns, rows, (host) => {
      host.handlers['rollback.preview'] = () => ({ steps: [step('/a', ['A1']), step('/b', ['A2'])], stop: null });
      host.handlers['operation.perform'] = () =>
        envelope({ status: 'error', code: 'APPROVAL_DENIED', message: 'The operator denied this request.' });
    });
    await world.press('3');
    await world.screen();
    await world.press('R');
    await world.press(escape);
    await world.screen();
    expect(world.host.callsOf('operation.perform')).toEqual([]);
    await world.press('R');
    await world.press('\r');
    await world.screen();
    expect(world.host.callsOf('operation.perform')).toHaveLength(1);
    expect(await world.hint()).toContain('The operator denied this request. 1 more file');
  });

  it('shows the card that was asked for, whatever waits already', async () => {
    await open(columns, rows, (host) => {
      host.emit({ type: 'approval.added', card: makeCard('other') });
      host.handlers['rollback.preview'] = () => ({ steps: [step('/etc/motd', ['A1'])], stop: null });
      host.handlers['operation.perform'] = () => {
        const card = makeWriteCard('mine', diff);
        if (card.subject.kind !== 'write') throw new Error('A write card shows a write.');
        host.emit({ type: 'approval.added', card: { ...card, subject: { ...card.subject, rollsBack: ['A1'] } } });
        return new Promise(() => undefined);
      };
    });
    await world.press('3');
    await world.screen();
    await world.press('R');
    await world.press('\r');
    const screen = await world.screen();
    expect(screen).toContain('Approval 2 of 2');
    expect(screen).toContain('Roll a file back');
  });

  it('C lists what the session changed, looks at the servers, and takes one file or all of them back', async () => {
    await open(columns, rows, (host) => {
      host.handlers['session.changes'] = ({ look }) => ({
        files: [
          file('/etc/motd', look === 'server' ? { state: 'changed since by somebody else' } : {}),
          file('/etc/issue', { diff: null, note: 'Only hashes are kept of this file.' }),
        ],
      });
      host.handlers['rollback.preview'] = () => ({ steps: [step('/etc/issue', ['A1'])], stop: null });
    });
    await world.press('6');
    await world.press('C');
    expect(await world.screen()).toContain('changed since by somebody else');
    expect(await world.screen()).toContain('+person');
    expect(await world.screen()).toContain('/etc/issue');
    await world.press('\r');
    expect(await world.screen()).toContain('+person');
    expect(await world.screen()).not.toContain('/etc/issue');
    await world.press('j');
    expect(await world.screen()).toContain('Only hashes are kept of this file.');
    await world.press(escape);
    expect(await world.screen()).toContain('/etc/motd');
    await world.press('R');
    await world.screen();
    await world.press(escape);
    await world.press('A');
    await world.screen();
    expect(world.host.callsOf('rollback.preview')).toEqual([
      { session: 'S1', server: 'web-1', path: '/etc/issue' },
      { session: 'S1' },
    ]);
    expect(world.host.callsOf('session.changes').map(({ look }) => look)).toEqual(['log', 'server']);
  });

  it('Enter in the details plays the recording: it comes by and by, pauses, and goes back', async () => {
    await open(columns, rows, (host) => {
      host.handlers['audit.detail'] = () => ({
        records: [{ seq: 1, type: 'result', recording: 'A1.cast' }],
        diff: null,
        diffNote: null,
      });
      host.handlers['audit.recording'] = ({ offset }) =>
        offset === 0
          ? {
              header: { columns: 80, rows: 24, title: 'tail -f log' },
              registered: 'other',
              events: [{ atSeconds: 0.01, text: 'first line\r\n\x1b[31mred\x1b[0m' }],
              next: 1_000,
            }
          : { header: null, registered: 'same', events: [{ atSeconds: 1.5, text: '\r\nlast line' }], next: null };
    });
    await world.press('3');
    await world.screen();
    await world.press('\r');
    await world.screen();
    await world.press('\r');
    await expect.poll(() => world.screen()).toContain('tail -f log');
    world.clock.advance(500);
    await expect.poll(() => world.screen()).toContain('first line');
    const early = await world.screen();
    expect(early).toContain('playing');
    expect(early).toContain('not what the log registered');
    expect(early).not.toContain('last line');
    await world.press(' ');
    world.clock.advance(5_000);
    expect(await world.screen()).not.toContain('last line');
    await world.press('G');
    await expect.poll(() => world.screen()).toContain('last line');
    await world.press('g');
    await expect.poll(() => world.screen()).not.toContain('last line');
    await world.press(escape);
    expect(await world.screen()).toContain('Audit A1');
    expect(world.host.callsOf('audit.recording').map(({ offset }) => offset)).toEqual([0, 1_000]);
  });

  it('says when an operation has no recording', async () => {
    await open(columns, rows, () => undefined);
    await world.press('3');
    await world.screen();
    await world.press('\r');
    await world.screen();
    await world.press('\r');
    expect(await world.hint()).toContain('no recording');
  });
});
