/** Between a client on stdio and a door: messages as they are, whatever their size and whoever is slow, and an answer to every open question. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StdioBridge } from '../../../src/cli/mcp/stdio-bridge.ts';
import { limits } from '../../../src/core/limits.ts';
import { readUntil } from '../../fixtures/running-host.ts';
import { whenDone } from '../../fixtures/when-done.ts';

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-stdio-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'door.sock');
  const server = createServer();
  whenDone(() => void server.close());
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const bridge = new StdioBridge({ stdin, stdout });
  const lost = new Promise<void>((resolve) => bridge.connect(connect(path), resolve));
  const door = await accepted;
  const another = async (): Promise<Socket> => {
    const next = new Promise<Socket>((resolve) => server.once('connection', resolve));
    bridge.connect(connect(path), () => undefined);
    const socket = await next;
    whenDone(() => void socket.destroy());
    return socket;
  };
  whenDone(() => {
    bridge.close();
    door.destroy();
  });
  return { bridge, stdin, stdout, door, lost, another };
}

const question = (id: string | number, params: object = {}) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`;
const answer = (id: string | number, result: object = {}) => `${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`;

function linesOf(stream: PassThrough, count: number): Promise<unknown[]> {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      text += piece;
      const lines = text.split('\n').slice(0, -1);
      if (lines.length >= count) resolve(lines.map((line) => JSON.parse(line)));
    });
  });
}

describe('the bridge', () => {
  it('passes large messages on whole, also to whoever reads late', async () => {
    const { stdin, stdout, door } = await open();
    const text = 'ä'.repeat(2_000_000);
    stdin.write(question(1, { text }));
    stdin.write(question('last'));
    expect(await readUntil(door, '"id":"last"')).toBe(question(1, { text }) + question('last'));
    door.write(answer(1, { text }));
    door.write(answer('last'));
    // Only now somebody reads: what the stream does not take yet waits in the door.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await linesOf(stdout, 2)).toMatchObject([{ id: 1, result: { text } }, { id: 'last' }]);
  });

  it('passes on what is no message, too', async () => {
    const { stdin, door } = await open();
    stdin.write(`not json\n[1,2]\nnull\n"text"\n${question(3)}`);
    expect(await readUntil(door, '"id":3')).toBe(`not json\n[1,2]\nnull\n"text"\n${question(3)}`);
  });

  it('answers every open question when the door is lost, and no other', async () => {
    const { bridge, stdin, stdout, door, lost } = await open();
    const said = linesOf(stdout, 4);
    for (const line of [question(1), question('two'), question(3)]) stdin.write(line);
    stdin.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}\n');
    await readUntil(door, 'cancelled');
    door.write(answer(1));
    // A question of the host has an id of its own, and is no answer to one of the client.
    door.end('{"jsonrpc":"2.0","id":3,"method":"ping"}\n');
    await lost;
    bridge.lose('The host is gone.');
    expect(await said).toEqual([
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 3, method: 'ping' },
      { jsonrpc: '2.0', id: 'two', error: { code: -32_000, message: 'The host is gone.' } },
      { jsonrpc: '2.0', id: 3, error: { code: -32_000, message: 'The host is gone.' } },
    ]);
  });

  it('repeats the handshake at another door, and only then passes questions on', async () => {
    const { bridge, stdin, stdout, door, lost, another } = await open();
    const said = linesOf(stdout, 5);
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { clientInfo: { name: 'editor' } } };
    const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };
    stdin.write(`${JSON.stringify(hello)}\n`);
    await readUntil(door, 'initialize');
    door.write(answer(1, { first: true }));
    stdin.write(`${JSON.stringify(ready)}\n`);
    await readUntil(door, 'initialized');
    door.end();
    await lost;
    bridge.lose('The host is gone.');
    const next = await another();
    const repeated = JSON.parse(await readUntil(next, 'editor'));
    expect(repeated).toEqual({ ...hello, id: expect.stringMatching(/^signalbox-/) });
    stdin.write(question(2));
    await new Promise((resolve) => setImmediate(resolve));
    next.write(answer(repeated.id, { second: true }));
    expect(JSON.parse(await readUntil(next, 'initialized'))).toEqual(ready);
    stdin.write(question(3));
    expect(await readUntil(next, '"id":3')).toBe(question(3));
    next.write(answer(3));
    expect(await said).toEqual([
      { jsonrpc: '2.0', id: 1, result: { first: true } },
      { jsonrpc: '2.0', id: 2, error: { code: -32_000, message: 'The host is gone.' } },
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
      { jsonrpc: '2.0', method: 'notifications/resources/list_changed' },
      { jsonrpc: '2.0', id: 3, result: {} },
    ]);
  });

  it('hangs up at a door that refuses the handshake', async () => {
    const { bridge, stdin, stdout, door, lost, another } = await open();
    stdout.resume();
    stdin.write('{"jsonrpc":"2.0","id":1,"method":"initialize"}\n');
    await readUntil(door, 'initialize');
    door.end(answer(1));
    await lost;
    bridge.lose('The host is gone.');
    const next = await another();
    const { id } = JSON.parse(await readUntil(next, 'initialize'));
    const closed = new Promise((resolve) => next.once('close', resolve));
    next.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: 1, message: 'no' } })}\n`);
    await closed;
  });

  it('ends with the client', async () => {
    const { bridge, stdin, stdout } = await open();
    stdout.resume();
    stdin.end();
    await bridge.ended;
  });

  it('lets go of a host that sends a line past the bound', async () => {
    const { stdout, door, lost } = await open();
    stdout.resume();
    door.on('error', () => undefined);
    const piece = Buffer.alloc(4 * 1024 * 1024, 'x');
    for (let sent = 0; sent <= limits.agentMessageBytesMax; sent += piece.length) door.write(piece);
    await lost;
  });
});
