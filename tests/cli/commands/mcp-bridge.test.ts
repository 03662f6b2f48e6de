/** The bridge between an agent's stdio and the tool socket: the token first, then bytes both ways, and an end with either side. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBridge } from '../../../src/cli/commands/mcp-bridge.ts';

let folder = '';
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-bridge-'));
  server = createServer();
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function streams() {
  return { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
}

async function open() {
  const path = join(folder, 's1.sock');
  const connection = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const stdio = streams();
  const status = runBridge({ SIGNALBOX_TOOL_SOCKET: path, SIGNALBOX_TOOL_TOKEN: 'secret' }, stdio);
  return { stdio, status, socket: await connection };
}

describe('the bridge', () => {
  it('says the token first and then passes bytes both ways, unread', async () => {
    const { stdio, status, socket } = await open();
    const received = text(socket);
    stdio.stdin.end('not even\njson\u00e4');
    expect(await received).toBe('{"token":"secret"}\nnot even\njson\u00e4');
    socket.end();
    expect(await status).toBe(0);
  });

  it('passes the last answer on before it ends with the host', async () => {
    const { stdio, status, socket } = await open();
    socket.end('last words');
    expect(await status).toBe(0);
    stdio.stdout.end();
    expect(await text(stdio.stdout)).toBe('last words');
    expect(stdio.stdin.destroyed).toBe(true);
  });

  it('ends when the agent went away and does not read', async () => {
    const { stdio, status, socket } = await open();
    stdio.stdout.destroy(new Error('EPIPE'));
    socket.on('error', () => undefined);
    socket.write('nobody reads this');
    expect(await status).toBe(0);
  });

  const refused = [
    ['without a token', { SIGNALBOX_TOOL_SOCKET: '/x' }, /needs SIGNALBOX_TOOL_SOCKET and SIGNALBOX_TOOL_TOKEN/],
    ['without a socket', { SIGNALBOX_TOOL_TOKEN: 'secret' }, /needs SIGNALBOX_TOOL_SOCKET/],
    [
      'with a socket that is not there',
      { SIGNALBOX_TOOL_SOCKET: '/nonexistent/s.sock', SIGNALBOX_TOOL_TOKEN: 'secret' },
      /cannot reach the host/,
    ],
  ] as const;

  it.each(refused)('%s ends with status 1 and one line that does not hold the token', async (_what, env, words) => {
    const stdio = streams();
    expect(await runBridge(env, stdio)).toBe(1);
    stdio.stderr.end();
    const said = await text(stdio.stderr);
    expect(said).toMatch(words);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).not.toContain('secret');
  });
});
