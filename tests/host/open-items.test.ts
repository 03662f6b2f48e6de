/** What a person must look at, until somebody has; and what a screen reads of the log. */
import { describe, expect, it } from 'vitest';
import type { AuditRow } from '../../src/core/audit/record.ts';
import { OperationError } from '../../src/core/codes.ts';
import { testParts } from '../fixtures/host-parts.ts';
import { openSession } from '../fixtures/open-session.ts';
import { runHost, runHostOn } from '../fixtures/running-host.ts';
import { ended, exec } from './host-view.ts';

function row(id: string, outcome: AuditRow['outcome']): AuditRow {
  return {
    ...{ id, seq: 1, ts: '2026-11-20T10:00:00.000Z', session: null, agent: null, origin: 'agent', tool: 'remote_exec' },
    ...{ server: 'web-1', summary: 'reboot', decision: 'approval-required', rule: 'r', approver: null, outcome },
    ...{ code: null, exitCode: null, durationMs: null, commit: null, acknowledged: false },
  };
}

describe('open items', () => {
  it('of earlier runs of the host are there from the start', async () => {
    const parts = testParts();
    parts.openRows.push(
      row('a1', 'unknown-outcome'),
      row('a2', 'never-ran'),
      row('a3', 'partial_failure'),
      row('a4', 'ok'),
    );
    const { screen } = await runHostOn(parts);
    const { mirror } = await screen();
    expect(mirror.view.openItems.map(({ auditId, kind }) => [auditId, kind])).toEqual([
      ['a1', 'unknown-outcome'],
      ['a2', 'never-ran'],
      ['a3', 'partial_failure'],
    ]);
    expect(mirror.view.openItems[0]).toMatchObject({
      server: 'web-1',
      summary: 'reboot',
      atMs: Date.UTC(2026, 10, 20, 10),
    });
  });

  it('come when a connection is lost in the middle of a command', async () => {
    const { screen, connect, world } = await runHost();
    const { until } = await screen();
    world.servers.run = () =>
      Promise.reject(new OperationError('CONNECTION_LOST', 'The line went dead.', { outcomeUnknown: true }));
    const cli = await connect('cli');
    const { envelope } = await cli.call('operation.perform', exec('ok restart'));
    expect(await until((view) => view.openItems[0])).toMatchObject({
      ...{ auditId: envelope.audit.id, kind: 'unknown-outcome', server: 'web-1', summary: 'ok restart' },
    });
  });

  it('do not come for a command that fails, or a server that was never reached', async () => {
    const { screen, connect, world } = await runHost();
    const { until, mirror } = await screen();
    const cli = await connect('cli');
    world.servers.run = async () => ({ exitCode: 1 });
    await cli.call('operation.perform', exec('ok fails'));
    await until(ended);
    world.servers.run = () => Promise.reject(new OperationError('UNREACHABLE', 'No route.'));
    await cli.call('operation.perform', exec('ok unreachable'));
    await until((view) => ended(view)?.code === 'UNREACHABLE');
    expect(mirror.view.openItems).toEqual([]);
  });

  it('go for all screens once one acknowledges them, with a record of who did', async () => {
    const parts = testParts();
    parts.openRows.push(row('a1', 'unknown-outcome'));
    const { screen, world } = await runHostOn(parts);
    const first = await screen();
    const second = await screen();
    await first.connection.call('openItem.acknowledge', { auditId: 'a1' });
    await second.until((view) => view.openItems.length === 0);
    expect(world.audit.last('acknowledged')).toMatchObject({ id: 'a1', approver: 'operator@screen' });
    const again = second.connection.call('openItem.acknowledge', { auditId: 'a1' });
    await expect(again).rejects.toThrow('not open');
  });

  it('go when their outcome is found out later, and the operator and the session that asked are told', async () => {
    const { id, parts, connect, world, until, session } = await openSession();
    world.servers.run = () =>
      Promise.reject(new OperationError('CONNECTION_LOST', 'The line went dead.', { outcomeUnknown: true }));
    const { envelope } = await (await connect('cli')).call('operation.perform', exec('ok change'));
    await until((view) => view.openItems.length === 1);
    const shared = { id: envelope.audit.id, server: 'web-1', tool: 'remote_write_file' } as const;
    const found = { changedPath: '/etc/motd', status: 'ok', afterSha256: 'a' } as const;
    await parts.audit.append([
      { type: 'intent', ...shared, session: id },
      { type: 'result', ...shared, ...found, origin: 'program' },
    ]);
    const notice = await until(({ openItems, notices }) => openItems.length === 0 && notices.at(-1));
    expect(notice.text).toContain('/etc/motd on web-1: it was written as asked for');
    await until((now) => now.sessions[id]?.items.some((item) => item.kind === 'notice'));
    expect(session()?.items.at(-1)).toMatchObject({ text: expect.stringContaining('is known now') });
  });

  it('stay when the acknowledgement cannot be recorded', async () => {
    const parts = testParts();
    parts.openRows.push(row('a1', 'unknown-outcome'));
    const { screen, world } = await runHostOn(parts);
    const { connection, mirror } = await screen();
    world.audit.failAt = 'acknowledged';
    const acknowledging = connection.call('openItem.acknowledge', { auditId: 'a1' });
    await expect(acknowledging).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(mirror.view.openItems).toHaveLength(1);
  });
});

describe('the log', () => {
  it('tells screens that it has grown', async () => {
    const { screen, connect } = await runHost();
    const { until } = await screen();
    const cli = await connect('cli');
    await cli.call('operation.perform', exec('ok'));
    expect(await until((view) => view.auditRows > 0)).toBe(true);
  });

  it('gives the records of an operation, and the change it made', async () => {
    const { screen, connect } = await runHost();
    const { connection, until } = await screen();
    const cli = await connect('cli');
    const input = { server: 'web-1', path: '/etc/motd', content: 'new\n' };
    const writing = cli.call('operation.perform', { operation: 'remote_write_file', input });
    const { id } = await until((view) => view.approvals[0]);
    await connection.call('approval.answer', { id, via: 'screen', answer: { kind: 'approve', grant: 'once' } });
    const { envelope } = await writing;
    const detail = await connection.call('audit.detail', { id: envelope.audit.id });
    expect(detail.records.map(({ type }) => type)).toEqual(['intent', 'permit', 'result']);
    expect(detail).toMatchObject({ diff: '--- /etc/motd', diffNote: null });
    const nothing = await connection.call('audit.detail', { id: 'nope' });
    expect(nothing).toEqual({ records: [], diff: null, diffNote: null });
  });
});

describe('a block', () => {
  it('shows characters whole, whatever pieces their bytes came in, and each stream for itself', async () => {
    const { screen, connect, world } = await runHost();
    const { until } = await screen();
    const cli = await connect('cli');
    const perform = world.servers.perform.bind(world.servers);
    world.servers.perform = (permit, sink, signal) => {
      const umlaut = Buffer.from('ü');
      sink.onOutput?.('stdout', umlaut.subarray(0, 1));
      sink.onOutput?.('stderr', Buffer.from('!'));
      sink.onOutput?.('stdout', umlaut.subarray(1));
      sink.onOutput?.('stderr', Buffer.from([0xc3]));
      return perform(permit, sink, signal);
    };
    await cli.call('operation.perform', exec('ok'));
    expect(await until(ended)).toMatchObject({ text: '!üok\n\ufffd' });
  });
});
