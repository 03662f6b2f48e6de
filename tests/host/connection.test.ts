/** Clients that lag or misbehave: they are told or cut off, and nobody else notices. */
import { describe, expect, it } from 'vitest';
import { bounds } from '../../src/protocol/bounds.ts';
import type { HostEvent } from '../../src/protocol/events.ts';
import { protocolVersion } from '../../src/protocol/version.ts';
import { readToEnd, readUntil, runHost } from '../fixtures/running-host.ts';
import { ended, exec } from './host-view.ts';

describe('a flood of output', () => {
  const chunk = Buffer.from(`${'x'.repeat(63)}\n`.repeat(1_024));

  it('skips output for a screen that lags, and counts every byte', async () => {
    const running = await runHost();
    const lagging = await running.rawSocket();
    const hello = { protocol: protocolVersion, version: '0', client: 'screen', cwd: '/' };
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
    const hello = { protocol: protocolVersion, version: '0', client: 'screen', cwd: '/' };
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
  const hello = {
    id: 1,
    method: 'hello',
    params: { protocol: protocolVersion, version: '0', client: 'cli', cwd: '/' },
  };

  it.each<[string, readonly unknown[], string]>([
    ['says no hello', [{ id: 1, method: 'view.attach', params: {} }], 'Say hello first'],
    [
      'speaks a newer protocol',
      [{ ...hello, params: { ...hello.params, protocol: protocolVersion + 1 } }],
      'the host is older',
    ],
    [
      'speaks an older protocol',
      [{ ...hello, params: { ...hello.params, protocol: protocolVersion - 1 } }],
      'this program is older',
    ],
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
