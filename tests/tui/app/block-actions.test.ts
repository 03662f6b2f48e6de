/** What keys do with the chosen block of a pane: copy it, run it again, stop it, go to its record and its recording. */
import { afterEach, describe, expect, it } from 'vitest';
import type { BlockView } from '../../../src/protocol/view.ts';
import { openBlocks, ran, rowsOf } from '../../fixtures/block-world.ts';
import { makeBlock, makeCard } from '../../fixtures/fake-host.ts';
import type { ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const copied = (): string | null => {
  const [, encoded] = [...world.terminal.written.matchAll(/\x1b\]52;c;([^\x07]*)\x07/g)].at(-1) ?? [];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
};

describe('what is copied of a block', () => {
  it('is its command, as a shell would split it, and its output as it was printed', async () => {
    world = await openBlocks(80, 24);
    await world.press('y');
    expect(copied()).toBe("df -h '/srv/a b'");
    await world.press('Y');
    expect(copied()).toBe('Filesystem\n/dev/sda1');
    expect(await world.hint()).toContain('2 lines of output were handed to the clipboard');
    await world.press('[y');
    expect(copied()).toBe('read /etc/hosts');
    await world.press('Y');
    expect(await world.hint()).toContain('copy output: it printed nothing');
  });

  it('is all of long output, also what is folded away and what had no room in a row', async () => {
    const long = 'y'.repeat(300);
    world = await openBlocks(80, 24, [makeBlock('b1', { summary: 'seq', text: `${rowsOf(200)}${long}\n` })]);
    await world.press('Y');
    expect(copied()?.split('\n')).toHaveLength(201);
    expect(copied()).toContain(long);
  });

  it('is as much as fits of what is too long, after a question', async () => {
    world = await openBlocks(80, 24, [
      makeBlock('b1', { summary: 'seq', text: rowsOf(12_000), skippedBytes: 2_097_152 }),
    ]);
    await world.press('Y');
    expect(copied()).toBeNull();
    expect(await world.screen()).toContain('Too long for the clipboard');
    await world.press('\r');
    expect(copied()).toMatch(/row 11999$/);
    expect(Buffer.byteLength(copied() ?? '', 'utf8')).toBeLessThanOrEqual(75_000);
    expect(await world.screen()).toMatch(/2\.0 MiB\s+before them/);
    await world.press('Y\x1b[B\r');
    expect(copied()).toMatch(/^row 0\nrow 1\n/);
  });
});

describe('running a command again', () => {
  it('asks with exactly what runs, asks the gate as the operator, and says a refusal', async () => {
    world = await openBlocks(80, 24);
    world.host.handlers['operation.perform'] = () => ({
      envelope: {
        ...{ status: 'error', tool: 'remote_exec', code: 'POLICY_REJECTED', message: 'Policy does not allow it.' },
        execution: { attempted: false, completed: false, durationMs: 0 },
        audit: { id: 'A', logWritten: true, snapshotStatus: 'not_applicable' },
        policy: { decision: 'reject', rule: 'r' },
      },
    });
    await world.press('.');
    const screen = await world.screen();
    expect(screen).toContain("$ df -h '/srv/a b'");
    expect(screen).toContain('in /srv');
    expect(screen).toContain('PRODUCTION');
    expect(world.host.callsOf('operation.perform')).toEqual([]);
    await world.press('\r');
    expect(world.host.callsOf('operation.perform')).toEqual([
      { operation: 'remote_exec', input: { server: 'web-1', argv: ['df', '-h', '/srv/a b'], cwd: '/srv' } },
    ]);
    expect(await world.hint()).toContain('Policy does not allow it.');
  });

  it('goes to the card when it has to wait for one', async () => {
    world = await openBlocks(80, 24);
    world.host.handlers['operation.perform'] = () => new Promise(() => undefined);
    await world.press('.\r');
    const subject = { kind: 'command', argv: ran.argv, line: null, cwd: null, stdin: null, parts: [] } as const;
    const card = makeCard('c2', { session: null, subject });
    world.host.emit({ type: 'approval.added', card: makeCard('c1') }, { type: 'approval.added', card });
    expect(await world.hint()).toContain('It waits for your approval.');
    expect(await world.screen()).toContain('Approval 2 of 2');
  });

  it.each<[name: string, block: Partial<BlockView>, reason: string]>([
    ['a file operation', { tool: 'remote_read_file', summary: 'read /x' }, 'only commands can be run again'],
    ['what waits', { state: 'waiting' }, 'it waits for an answer'],
    ['what was denied', { status: 'error', code: 'APPROVAL_DENIED' }, 'it never ran'],
    ['what was given input', { ran: { ...ran, hasInput: true } }, 'it was given input, which is not kept'],
  ])('does nothing for %s, and says why', async (_name, block, reason) => {
    world = await openBlocks(80, 24, [makeBlock('b1', block)]);
    await world.press('.');
    expect(await world.hint()).toContain(`run again: ${reason}`);
  });

  it('does nothing without a host, and where nothing ran', async () => {
    world = await openBlocks(80, 24);
    world.host.setLink({ kind: 'lost', message: 'The host is gone.', attempt: 1 });
    await world.press('.');
    expect(await world.hint()).toContain('run again: not connected to the host');
  });
});

describe('stopping a command', () => {
  const running = { state: 'running', status: null, exitCode: null, durationMs: null, startedAtMs: 1_000_000 } as const;

  it('needs no question for a read, and says how it ended', async () => {
    world = await openBlocks(80, 24, [makeBlock('b1', { ...running, summary: 'tail -f log', ran, text: 'x\n' })]);
    await world.press('\x0b');
    expect(world.host.callsOf('operation.stop')).toEqual([{ id: 'b1' }]);
    world.host.emit({
      ...{ type: 'block.changed', server: 'web-1', block: 'b1' },
      change: {
        ...{ state: 'ended', status: 'error', code: 'CANCELLED', durationMs: 2_000, stoppedBy: 'operator@screen' },
        message: 'The operator stopped it on web-1 while it ran; what it had done by then stays done.',
      },
    });
    const screen = await world.screen();
    expect(screen).toContain('✗ stopped by you · 2.0 s');
    expect(screen).not.toContain('Ask before');
  });

  it('asks once for anything else, names who asked for it, and says what failed', async () => {
    const more = { ran: { ...ran, isRead: false }, summary: 'make install', who: 'demo in Upgrade' };
    world = await openBlocks(80, 24, [makeBlock('b1', { ...running, ...more })]);
    await world.press('\x0b');
    expect(world.host.callsOf('operation.stop')).toEqual([]);
    expect(await world.screen()).toContain('asked for by demo in Upgrade');
    world.host.handlers['operation.stop'] = () => Promise.reject(new Error('Nothing runs as b1 any more.'));
    await world.press('\r');
    expect(world.host.callsOf('operation.stop')).toEqual([{ id: 'b1' }]);
    expect(await world.screen()).toContain('Nothing runs as b1 any more.');
  });

  it.each<[block: Partial<BlockView>, reason: string]>([
    [{}, 'it has ended'],
    [{ state: 'waiting' }, 'it waits for an answer; deny it on its card'],
    [{ ...running, tool: 'remote_write_file' }, 'only commands can be stopped; wait for its end'],
  ])('does nothing for %j, and says why', async (block, reason) => {
    world = await openBlocks(80, 24, [makeBlock('b1', block)]);
    await world.press('\x0b');
    expect(await world.hint()).toContain(`stop: ${reason}`);
  });

  it('shows how long a command has been running, as time goes on', async () => {
    world = await openBlocks(80, 24, [makeBlock('b1', { ...running, summary: 'sleep', text: 'x\n' })]);
    world.clock.advance(12_000);
    expect(await world.screen()).toContain('running 12 s');
    // It had waited for a person before.
    world.host.emit({ type: 'block.changed', server: 'web-1', block: 'b1', change: { ranAtMs: 1_011_000 } });
    expect(await world.screen()).toContain('running 1.0 s');
  });
});

describe('the way from a block', () => {
  it('leads to its record and to its recording', async () => {
    world = await openBlocks(80, 24, [makeBlock('b1', { text: 'x\n', skippedBytes: 3_145_728 })]);
    expect(await world.screen()).toContain('skipped 3.0 MiB of earlier output, P plays the recording');
    const row = {
      ...{ id: 'b1', seq: 1, ts: '2026-01-02T03:04:05.000Z', session: 'S1', agent: 'demo', origin: 'agent' },
      ...{ tool: 'remote_exec', server: 'web-1', summary: 'df -h', decision: 'auto-allow', rule: 'r', approver: null },
      ...{ outcome: 'ok', code: null, exitCode: 0, durationMs: 3, commit: null, acknowledged: false },
    };
    world.host.handlers['audit.page'] = () => ({ rows: [row], total: 1 });
    await world.press('L');
    expect(world.host.callsOf('audit.page')[0]).toMatchObject({ filter: 'id:b1' });
    expect(await world.screen()).toContain('■ Audit b1');
    await world.press('\x1b');
    expect(await world.screen()).toContain('skipped 3.0 MiB');
    const header = { columns: 80, rows: 24, title: 'df -h' };
    world.host.handlers['audit.recording'] = () => ({ header, registered: 'same', events: [], next: null });
    await world.press('P');
    expect(world.host.callsOf('audit.recording')).toEqual([{ id: 'b1', offset: 0 }]);
  });

  it('has the output of a shell, and its block says so', async () => {
    const shell = makeBlock('b1', { tool: 'shell_open', summary: 'interactive shell', text: '' });
    world = await openBlocks(80, 24, [{ ...shell, state: 'ended', status: 'ok' }]);
    await world.press('Y');
    expect(await world.hint()).toContain('what a shell printed is in its recording, which P plays');
    const header = { columns: 80, rows: 24, title: 'interactive shell' };
    world.host.handlers['audit.recording'] = () => ({ header, registered: 'same', events: [], next: null });
    await world.press('P');
    expect(world.host.callsOf('audit.recording')).toEqual([{ id: 'b1', offset: 0 }]);
  });

  it('says when the log has no record of it yet', async () => {
    world = await openBlocks(80, 24, [makeBlock('b1')]);
    await world.press('L');
    expect(await world.hint()).toContain('The audit log has no record of it yet.');
    await world.press('P');
    expect(await world.hint()).toContain('play: it printed nothing, so there is no recording');
  });
});
