/** The host with its clients, in one process over real sockets: what one does the others see, and none can harm it. */
import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { startHost } from '../../src/host/host.ts';
import { bounds } from '../../src/protocol/bounds.ts';
import type { HostEvent } from '../../src/protocol/events.ts';
import type { View } from '../../src/protocol/view.ts';
import { testParts } from '../fixtures/host-parts.ts';
import { promiseWithResolvers } from '../fixtures/promise-with-resolvers.ts';
import { readToEnd, readUntil, runHost, runHostOn, whenDone } from '../fixtures/running-host.ts';

const exec = (command: string) => ({ operation: 'remote_exec', input: { server: 'web-1', command } });
const lastBlock = (view: View, server = 'web-1') => view.panes[server]?.blocks.at(-1);
const ended = (view: View) => {
  const block = lastBlock(view);
  return block?.state === 'ended' ? block : null;
};

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
    const inside = await screen('/work/shop');
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

describe('a flood of output', () => {
  const chunk = Buffer.from(`${'x'.repeat(63)}\n`.repeat(1_024));

  it('skips output for a screen that lags, and counts every byte', async () => {
    const running = await runHost();
    const lagging = await running.rawSocket();
    const hello = { protocol: 1, version: '0', client: 'screen', cwd: '/' };
    lagging.write(`${JSON.stringify({ id: 1, method: 'hello', params: hello })}\n`);
    lagging.write(`${JSON.stringify({ id: 2, method: 'view.attach', params: {} })}\n`);
    const watching = await running.screen();
    let left = 600;
    running.streamOutput(async () => {
      // The loop must turn, as it does with a real connection.
      await new Promise((resolve) => setImmediate(resolve));
      left -= 1;
      return left < 0 ? null : chunk;
    });
    lagging.pause();
    const cli = await running.connect('cli');
    await cli.call('operation.perform', exec('ok flood'));
    const block = await watching.until(ended);
    expect(block.skippedBytes + Buffer.byteLength(block.text)).toBe(600 * chunk.length);
    const said = readUntil(lagging, '"state":"ended"');
    lagging.resume();
    const frames = (await said).split('\n').slice(0, -1);
    const events = frames.map((line) => JSON.parse(line)).filter((frame) => 'event' in frame);
    const outputs = events.map(({ event }) => event as HostEvent).filter(({ type }) => type === 'block.output');
    const counted = outputs.reduce(
      (sum, event) => (event.type === 'block.output' ? sum + event.skippedBytes + Buffer.byteLength(event.text) : sum),
      0,
    );
    expect(counted).toBe(600 * chunk.length);
    expect(outputs.some((event) => event.type === 'block.output' && event.skippedBytes > 0)).toBe(true);
    const seqs = events.map(({ seq }) => seq as number);
    expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index));
  });

  it('cuts off a screen that is too far behind, and nobody else', async () => {
    const running = await runHost();
    const behind = await running.rawSocket();
    const hello = { protocol: 1, version: '0', client: 'screen', cwd: '/' };
    behind.write(`${JSON.stringify({ id: 1, method: 'hello', params: hello })}\n`);
    behind.write(`${JSON.stringify({ id: 2, method: 'view.attach', params: {} })}\n`);
    behind.pause();
    const watching = await running.screen();
    await watching.until(() => running.host.connectionCount === 2);
    // Notices cannot be skipped: what is no output must all arrive, or the screen goes.
    const words = 'x'.repeat(60_000);
    const { id } = await watching.connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    const agent = running.agents.started[0];
    for (let index = 0; index < 200; index += 1) {
      agent?.updates.fire({ kind: 'thought', text: words });
      agent?.updates.fire({ kind: 'message', text: words });
      await new Promise((resolve) => setImmediate(resolve));
    }
    behind.resume();
    await readToEnd(behind);
    expect(running.log.join('\n')).toContain('too far behind');
    expect(await watching.until((view) => view.sessions[id])).toMatchObject({ id });
  });
});

describe('a client that misbehaves', () => {
  const hello = { id: 1, method: 'hello', params: { protocol: 1, version: '0', client: 'cli', cwd: '/' } };

  it.each<[string, readonly unknown[], string]>([
    ['says no hello', [{ id: 1, method: 'view.attach', params: {} }], 'Say hello first'],
    ['speaks a newer protocol', [{ ...hello, params: { ...hello.params, protocol: 2 } }], 'the host is older'],
    ['speaks an older protocol', [{ ...hello, params: { ...hello.params, protocol: 0 } }], 'this program is older'],
    ['sends no JSON', [hello, 'GET / HTTP/1.1'], 'not JSON'],
  ])('that %s is told why and let go', async (_title, frames, words) => {
    const running = await runHost();
    const socket = await running.rawSocket();
    for (const frame of frames) socket.write(`${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`);
    const said = await readToEnd(socket);
    expect(said).toContain(words);
    const { mirror } = await running.screen();
    expect(mirror.view.host.pid).toBe(process.pid);
  });

  it.each([
    ['10 MB before its hello', false, 10 * 1024 * 1024],
    ['a request that is larger than any file', true, bounds.requestCharactersMax + 1024],
  ])('that sends %s is refused', async (_title, greets, length) => {
    const running = await runHost();
    const socket = await running.rawSocket();
    const said = readToEnd(socket);
    if (greets) socket.write(`${JSON.stringify(hello)}\n`);
    socket.write('x'.repeat(length));
    expect(await said).toContain('TOO_LARGE');
    await running.connect('cli');
  });

  it('gets one error for bad parameters and may go on', async () => {
    const { connect: open } = await runHost();
    const client = await open();
    const nothing = client.call('session.kill', { session: 'zzzz' });
    await expect(nothing).rejects.toThrow('no session zzzz');
    await expect(client.call('audit.page', { offset: -1, limit: 1 })).rejects.toThrow('offset');
    await expect(client.call('audit.verify', {})).resolves.toMatchObject({ ok: true });
  });

  it('withdraws what it asked for when it goes', async () => {
    const { connect: open, screen, world } = await runHost();
    const watching = await screen();
    const cli = await open('cli');
    const asked = cli.call('operation.perform', exec('reboot'));
    await watching.until((view) => view.approvals.length === 1);
    cli.close();
    await expect(asked).rejects.toThrow('does not answer any more');
    await watching.until((view) => view.approvals.length === 0);
    expect(await watching.until(ended)).toMatchObject({ code: 'CANCELLED' });
    expect(world.journal).not.toContain('perform exec');
  });

  it('may cancel its own request and gets its answer', async () => {
    const { connect: open, screen } = await runHost();
    const watching = await screen();
    const cli = await open('cli');
    const controller = new AbortController();
    const asked = cli.call('operation.perform', exec('reboot'), { signal: controller.signal });
    await watching.until((view) => view.approvals.length === 1);
    controller.abort();
    expect((await asked).envelope).toMatchObject({ status: 'error', code: 'CANCELLED' });
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
