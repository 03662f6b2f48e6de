/** The host with its clients, in one process over real sockets: what one does the others see, and its end is orderly. */
import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../src/base/promise-with-resolvers.ts';
import { connect } from '../../src/client/connect.ts';
import { startHost } from '../../src/host/host.ts';
import { testParts } from '../fixtures/host-parts.ts';
import { runHost, runHostOn } from '../fixtures/running-host.ts';
import { whenDone } from '../fixtures/when-done.ts';
import { ended, exec } from './host-view.ts';

describe('a host', () => {
  it('listens on a socket that only its user may use', async () => {
    const { host } = await runHost();
    expect(statSync(host.controlSocket).mode & 0o777).toBe(0o600);
  });

  it('refuses a second host with the pid of the first, which goes on', async () => {
    const running = await runHost();
    await expect(startHost(running.parts)).rejects.toThrow(`pid ${process.pid}`);
    const { mirror } = await running.screen();
    expect(mirror.view.host.pid).toBe(process.pid);
  });

  it('leaves neither socket nor lock when it stops', async () => {
    const { host, parts } = await runHost();
    expect(await host.stop('test')).toEqual([]);
    expect(existsSync(parts.paths.controlSocket)).toBe(false);
    expect(existsSync(parts.paths.hostLock)).toBe(false);
    await expect(host.stopped).resolves.toEqual([]);
  });

  it('lets go of the lock when it cannot start', async () => {
    const broken = testParts({
      parts: { registry: { list: () => Promise.reject(new Error('broken')), resolve: () => Promise.reject() } },
    });
    whenDone(() => broken.dispose());
    await expect(startHost(broken.parts)).rejects.toThrow('broken');
    expect(existsSync(broken.parts.paths.hostLock)).toBe(false);
  });

  it('goes through all steps of its shutdown although some fail', async () => {
    const running = await runHost();
    Object.assign(running.world.servers, { dispose: () => Promise.reject(new Error('stuck')) });
    const problems = await running.host.stop('test');
    expect(problems).toEqual(['connections: stuck']);
    expect(existsSync(running.parts.paths.hostLock)).toBe(false);
  });
});

describe('screens', () => {
  it('see a command of another client, from its start to its end', async () => {
    const { connect: open, screen } = await runHost();
    const first = await screen();
    const second = await screen();
    const cli = await open('cli');
    const output: string[] = [];
    const { envelope } = await cli.call('operation.perform', exec('ok go'), {
      onOutput: (stream, bytes) => output.push(`${stream}: ${Buffer.from(bytes).toString()}`),
    });
    expect(envelope).toMatchObject({ status: 'ok', data: { stdout: 'ok go\n' } });
    expect(output).toEqual(['stdout: ok go\n']);
    for (const { until } of [first, second]) {
      expect(await until(ended)).toMatchObject({
        ...{ who: 'operator (cli)', tool: 'remote_exec', summary: 'ok go', text: 'ok go\n' },
        ...{ status: 'ok', exitCode: 0, approvalId: null },
      });
    }
  });

  it('have the view of the host after every event', async () => {
    const { host, connect: open, screen } = await runHost();
    const { mirror, until } = await screen();
    const cli = await open('cli');
    await Promise.all(['ok 1', 'ok 2', 'ok 3'].map((command) => cli.call('operation.perform', exec(command))));
    await until((view) => view.panes['web-1']?.blocks.filter(({ state }) => state === 'ended').length === 3);
    const { servers: _own, ...mirrored } = mirror.view;
    const { servers: _shared, ...held } = host.view;
    expect(mirrored).toEqual(held);
  });

  it('agree on the first answer to a card; the late one learns how it ended', async () => {
    const { connect: open, screen } = await runHost();
    const first = await screen();
    const second = await screen();
    const cli = await open('cli');
    const asked = cli.call('operation.perform', exec('reboot'));
    const [card] = await second.until((view) => (view.approvals.length > 0 ? view.approvals : null));
    const id = card?.id ?? '';
    expect(await first.until((view) => view.approvals.length === 1)).toBe(true);
    const answer = { kind: 'approve', grant: 'once' } as const;
    expect(await first.connection.call('approval.answer', { id, answer, via: 'screen' })).toEqual({
      accepted: true,
      late: null,
    });
    const late = await second.connection.call('approval.answer', {
      ...{ id, via: 'screen' },
      answer: { kind: 'deny', reason: 'no' },
    });
    expect(late).toEqual({ accepted: false, late: 'approved by operator@screen' });
    expect((await asked).envelope.status).toBe('ok');
    await second.until((view) => view.approvals.length === 0);
    expect(second.events).toContainEqual({ type: 'approval.removed', id, end: 'approved by operator@screen' });
  });

  it('of a workspace see its servers, others do not', async () => {
    const { screen, setStatus } = await runHost();
    const plain = await screen();
    const inside = await screen('/projects/shop');
    expect(Object.keys(plain.mirror.view.servers)).toEqual(['web-1', 'db-1']);
    expect(inside.mirror.view.servers.lab).toMatchObject({ scope: 'workspace', state: 'connected' });
    setStatus({ id: 'lab', state: 'lost', latencyMs: null, hostKey: null, problem: 'The line went dead.' });
    setStatus({ id: 'web-1', state: 'connecting', latencyMs: null, hostKey: null, problem: null });
    await inside.until((view) => view.servers.lab?.state === 'lost');
    await plain.until((view) => view.servers['web-1']?.state === 'connecting');
    expect(plain.mirror.view.servers.lab).toBeUndefined();
  });

  it('see a broken server with its problem', async () => {
    const parts = testParts();
    parts.broken.push({ id: 'web-9', problem: 'servers.json: no host.' });
    const { screen } = await runHostOn(parts);
    const { mirror } = await screen();
    expect(mirror.view.servers['web-9']).toMatchObject({ state: 'broken', problem: 'servers.json: no host.' });
  });

  it('that are gone without a word change nothing for the others', async () => {
    const { host, connect: open, screen } = await runHost();
    const gone = await screen();
    const stays = await screen();
    gone.connection.close();
    const cli = await open('cli');
    await cli.call('operation.perform', exec('ok still here'));
    expect(await stays.until(ended)).toMatchObject({ status: 'ok' });
    expect(host.connectionCount).toBe(2);
  });
});

describe('stopping', () => {
  it('refuses waiting cards, so that nothing runs later', async () => {
    const { host, connect: open, screen, world } = await runHost();
    const watching = await screen();
    const cli = await open('cli');
    const asked = cli.call('operation.perform', exec('reboot'));
    await watching.until((view) => view.approvals.length === 1);
    const stopping = host.stop('test');
    expect((await asked).envelope).toMatchObject({ status: 'error', code: 'CANCELLED' });
    expect(await stopping).toEqual([]);
    expect(world.journal).not.toContain('perform exec');
  });

  it('can be asked for by a client, which gets its answer', async () => {
    const { host, connect: open, parts } = await runHost();
    const cli = await open('cli');
    await expect(cli.call('host.stop', {})).resolves.toEqual({});
    await host.stopped;
    const { paths, version } = parts;
    const again = connect({ paths, cwd: '/', client: 'cli', version, start: 'never' });
    await expect(again).rejects.toThrow('No host runs');
  });

  it('lets a running command end', async () => {
    const running = await runHost();
    const release = promiseWithResolvers<null>();
    const began = promiseWithResolvers<void>();
    running.streamOutput(() => {
      began.resolve();
      return release.promise;
    });
    const cli = await running.connect('cli');
    const asked = cli.call('operation.perform', exec('ok long'));
    await began.promise;
    const stopping = running.host.stop('test');
    release.resolve(null);
    expect((await asked).envelope.status).toBe('ok');
    expect(await stopping).toEqual([]);
  });
});
