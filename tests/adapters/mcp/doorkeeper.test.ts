/** Who may hold a connection to the http door, on real sockets: nobody else's, and not for long without the bearer. */
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Calls } from '../../../src/adapters/mcp/calls.ts';
import { HttpDoor, type HttpDoorOptions } from '../../../src/adapters/mcp/http-door.ts';
import { toToolServer } from '../../../src/adapters/mcp/tool-server.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { caller } from '../../fixtures/open-door.ts';
import { ask, bearer, initialize, json } from '../../fixtures/open-http-door.ts';
import { envelope, scriptedGate } from '../../fixtures/scripted-gate.ts';
import { plainRedactor } from '../../fixtures/word-policy.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function open(options: Partial<HttpDoorOptions> = {}) {
  const presented: (string | null)[] = [];
  const refused: string[] = [];
  const gate = scriptedGate((request) => envelope(request.operation));
  const server = { gate, version: '1', redactor: plainRedactor, clock: systemClock, calls: new Calls() };
  const door = await HttpDoor.open({
    toServer: () => toToolServer(server, caller, {}),
    admit: (token) => {
      presented.push(token);
      return token === bearer ? null : 'The token is unknown.';
    },
    onRefused: (reason, why) => refused.push(`${why}: ${reason}`),
    ...options,
  });
  cleanUps.push(() => door.dispose());
  return { door, presented, refused };
}

function dial(port: number, text = ''): { socket: Socket; closed: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  cleanUps.push(() => socket.destroy());
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString();
  });
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(said))) };
}

const headers = (port: number) => `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
const own = { ...json, authorization: `Bearer ${bearer}` };
const root = canRun('connections of another user', {
  ok: process.getuid?.() === 0,
  reason: 'only root can start them',
});

describe('a connection of another user', () => {
  it.runIf(root)('is dropped unread, and recorded once, however often it comes', async () => {
    const { door, presented, refused } = await open();
    const script = `const net = require('node:net'); let left = 3;
      const dial = () => { if (left-- === 0) return; const s = net.connect(${door.port}, '127.0.0.1');
        s.write('POST /mcp HTTP/1.1\\r\\nhost: 127.0.0.1:${door.port}\\r\\nauthorization: Bearer ${bearer}\\r\\n\\r\\n');
        s.on('data', (d) => process.stdout.write(d)); s.on('error', () => {}); s.on('close', dial); }; dial();`;
    const child = spawn(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, cwd: '/', env: {} });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk.toString();
    });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(said).toBe('');
    expect(presented).toEqual([]);
    expect(refused).toEqual(['user: A connection of another user of this machine (uid 65534) was dropped unread.']);
    expect((await ask(door.url, { headers: own, body: initialize })).status).toBe(200);
  });

  it.each([
    ['another user', 4_242, 1],
    ['nobody any more', 'gone', 0],
  ] as const)('of %s, as the system tells, is dropped', async (_name, user, records) => {
    const { door, presented, refused } = await open({ findPeer: async () => user });
    expect(await dial(door.port, `${headers(door.port)}authorization: Bearer ${bearer}\r\n\r\n`).closed).toBe('');
    expect(presented).toEqual([]);
    expect(refused).toHaveLength(records);
  });

  it('whose lookup fails is dropped', async () => {
    const { door, presented } = await open({ findPeer: () => Promise.reject(new Error('no table')) });
    expect(await dial(door.port, `${headers(door.port)}\r\n`).closed).toBe('');
    expect(presented).toEqual([]);
  });
});

describe.each(['unknown', process.getuid?.() ?? 'unknown'] as const)('a connection of a user that is %s', (user) => {
  const findPeer = async () => user;

  it('is admitted with the bearer', async () => {
    const { door } = await open({ findPeer });
    expect((await ask(door.url, { headers: own, body: initialize })).status).toBe(200);
  });

  it('ends when it does not show the bearer in time', async () => {
    const { door } = await open({ findPeer, proofTimeoutMs: 20 });
    expect(await dial(door.port).closed).toBe('');
    expect(await dial(door.port, headers(door.port)).closed).toBe('');
    expect(await dial(door.port, `${headers(door.port)}authorization: Bearer ${bearer}\r\n`).closed).toBe('');
  });

  it('does not end when it has shown it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    cleanUps.push(() => vi.useRealTimers());
    const proofTimeoutMs = 5_000;
    const { door, presented } = await open({ findPeer, proofTimeoutMs });
    const request = `${headers(door.port)}authorization: Bearer ${bearer}\r\ncontent-length: 2\r\n\r\n`;
    const { socket, closed } = dial(door.port, request);
    while (presented.length === 0) await new Promise((resolve) => setImmediate(resolve));
    let isLate = false;
    void dial(door.port).closed.then(() => {
      isLate = true;
    });
    // One that shows nothing ends, as soon as it was taken and its time has passed.
    while (!isLate) {
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(proofTimeoutMs);
    }
    expect(socket.destroyed).toBe(false);
    socket.end('{}');
    expect(await closed).toContain('HTTP/1.1 4');
  });

  it('without the bearer takes no place of one that has it', async () => {
    const { door } = await open({ findPeer });
    const silent = Array.from({ length: 40 }, () => dial(door.port));
    // The first have made room for the last.
    await Promise.all(silent.slice(0, 20).map(({ closed }) => closed));
    expect((await ask(door.url, { headers: own, body: initialize })).status).toBe(200);
  });
});

it('connections with the bearer are bounded, too', async () => {
  const { door, presented } = await open();
  const half = `${headers(door.port)}authorization: Bearer ${bearer}\r\ncontent-length: 2\r\n\r\n`;
  const held = [];
  for (let count = 1; count <= 33; count += 1) {
    held.push(dial(door.port, half));
    await eventually(() => expect(presented).toHaveLength(count));
  }
  expect(await held[32]?.closed).toContain('503');
  expect(held.slice(0, 32).every(({ socket }) => !socket.destroyed)).toBe(true);
});
