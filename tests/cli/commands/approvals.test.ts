/** `approvals …`: who may approve without a screen, and who may not. */
import { describe, expect, it } from 'vitest';
import { testParts } from '../../fixtures/host-parts.ts';
import { runHostOn } from '../../fixtures/running-host.ts';
import { cliHost, typist } from '../cli-host.ts';
import type { CliRunOptions } from '../run.ts';

describe('approvals', () => {
  async function withWaiting(options: Parameters<typeof testParts>[0] & { server?: string } = {}) {
    const host = await cliHost(await runHostOn(testParts(options)));
    const { until } = await host.screen();
    const operator = await host.connect('screen');
    const input = { server: options.server ?? 'web-1', command: 'reboot' };
    const asked = operator.call('operation.perform', { operation: 'remote_exec', input });
    const outcome = asked.then(({ envelope }) => envelope);
    // Not every test waits for it: its end with the test is no error of anyone's.
    outcome.catch(() => undefined);
    const { id } = await until((view) => view.approvals[0]);
    return { ...host, id, until, outcome };
  }

  it('lists and shows what waits', async () => {
    const { cli, id } = await withWaiting();
    expect((await cli(['approvals', 'list'])).stdout).toMatch(
      new RegExp(`^ID +WAITS +EXPIRES +SERVER .*\n${id} +\\d+ s +(never|in \\d+ (s|min)) +web-1.*operator.*reboot`),
    );
    expect(JSON.parse((await cli(['approvals', 'list', '--json'])).stdout)).toMatchObject([{ id }]);
    expect((await cli(['approvals', 'show', id])).stdout).toContain('Run a command on web-1');
    expect((await cli(['approvals', 'show', 'nope'])).stderr).toContain('No approval nope waits');
  });

  it('approves at a terminal after the whole card and its code', async () => {
    const { cli, id, outcome, world } = await withWaiting();
    const run = await cli(['approvals', 'approve', id], typist(['<code>']));
    expect(run).toMatchObject({ code: 0, stdout: `Approved ${id}.\n` });
    expect(run.stderr).toContain('Run a command on web-1');
    expect(await outcome).toMatchObject({ status: 'ok' });
    expect(world.audit.last('permit')).toMatchObject({
      approver: 'operator@cli',
      approverProof: 'a process of this user on the control socket, by its own words the command line at a terminal',
    });
  });

  it('takes a command line that calls itself a screen for a command line', async () => {
    const { id, outcome, connect, world } = await withWaiting();
    const client = await connect('cli');
    const answer = { kind: 'approve', grant: 'once' } as const;
    await expect(client.call('approval.answer', { id, answer, via: 'screen' })).rejects.toThrow('Without a terminal');
    expect(world.audit.last('permit')).toBeUndefined();
    const screen = await connect('screen');
    expect(await screen.call('approval.answer', { id, answer, via: 'screen' })).toMatchObject({ accepted: true });
    await outcome;
    expect(world.audit.last('permit')?.approverProof).toMatch(/by its own words a screen$/);
  });

  it('denies anywhere, with a reason', async () => {
    const { cli, id, outcome } = await withWaiting();
    expect(await cli(['approvals', 'deny', id, '--reason', 'no'])).toMatchObject({ code: 0 });
    expect(await outcome).toMatchObject({ code: 'APPROVAL_DENIED', message: expect.stringContaining('no') });
    const late = await cli(['approvals', 'deny', id]);
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('denied by operator@cli')]);
  });

  it.each<[string, Partial<CliRunOptions>, number, string]>([
    ['with a wrong code', typist(['abcd!']), 130, 'Nothing was approved'],
    ['when the terminal ends', typist([]), 130, 'nothing was approved'],
    ['without a terminal', {}, 3, 'allowNonInteractive'],
  ])('does not approve %s', async (_title, how, code, words) => {
    const { cli, id, host, world } = await withWaiting();
    const run = await cli(['approvals', 'approve', id], how);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
    expect(host.view.approvals).toHaveLength(1);
    expect(world.journal).not.toContain('perform exec');
  });

  it('approves without a terminal where the configuration allows it', async () => {
    const settings = {
      allowNonInteractive: true,
      requireIsolation: false,
      closeIdleAgentsAfterMs: 0,
      transcriptsBytesMax: 1e9,
    };
    const { cli, id, outcome } = await withWaiting({ parts: { settings }, server: 'db-1' });
    const unconfirmed = await cli(['approvals', 'approve', id]);
    expect([unconfirmed.code, unconfirmed.stderr]).toEqual([2, expect.stringContaining('type its id')]);
    expect(await cli(['approvals', 'approve', id, '--confirm', 'db-1'])).toMatchObject({ code: 0 });
    expect(await outcome).toMatchObject({ status: 'ok' });
  });

  it('leaves approving to screens while an agent that is NOT CONTAINED lives, with or without a card of its own', async () => {
    const settings = {
      allowNonInteractive: true,
      requireIsolation: false,
      closeIdleAgentsAfterMs: 0,
      transcriptsBytesMax: 1e9,
    };
    const { cli, id, agents, connect, until, world } = await withWaiting({ parts: { settings } });
    agents.verdict = { state: 'NOT CONTAINED', reason: 'no bubblewrap here' };
    const other = await connect('screen');
    const session = await other.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await until((view) => view.sessions[session.id]?.isolation.state === 'NOT CONTAINED' || undefined);
    const early = await cli(['approvals', 'approve', id], typist(['<code>']));
    expect([early.code, early.stderr]).toEqual([3, expect.stringContaining(`session ${session.id}`)]);
    const caller = { session: session.id };
    const asked = world.ask('remote_exec', { server: 'web-1', command: 'rm -r /srv' }, { caller });
    const card = await until((view) => view.approvals[1]);
    expect(card.isolation).toBe('NOT CONTAINED');
    for (const wanted of [id, card.id]) {
      const run = await cli(['approvals', 'approve', wanted], typist(['<code>']));
      expect([run.code, run.stderr]).toEqual([3, expect.stringMatching(/only a\sscreen may approve/)]);
    }
    expect(await cli(['approvals', 'deny', card.id])).toMatchObject({ code: 0 });
    expect(await asked).toMatchObject({ code: 'APPROVAL_DENIED' });
    expect((await cli(['approvals', 'approve', id], typist(['<code>']))).code).toBe(3);
    await other.call('session.kill', { session: session.id });
    expect(await cli(['approvals', 'approve', id], typist(['<code>']))).toMatchObject({ code: 0 });
  });
});
