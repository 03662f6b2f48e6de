/** Finding a host: one that is silent is named, one of another version says who restarts, and none is started unasked. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from '../../src/client/connect.ts';
import { HostConnection } from '../../src/client/host-connection.ts';
import { attach } from '../../src/client/mirror.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import { protocolVersion } from '../../src/protocol/version.ts';
import { whenDone } from '../fixtures/when-done.ts';

function places() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-client-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  const [controlSocket, hostLock, hostLog] = ['control.sock', 'host.lock', 'host.log'].map((name) =>
    join(folder, name),
  );
  return { controlSocket, hostLock, hostLog } as ConnectOptions['paths'];
}

/** A host that says what the test says. */
async function scriptedHost(answer: (frame: { id: number; method: string }, socket: Socket) => void) {
  const paths = places();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().trimEnd().split('\n')) answer(JSON.parse(line), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(paths.controlSocket, resolve));
  whenDone(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return paths;
}

function send(socket: Socket, frame: object): void {
  socket.write(`${JSON.stringify(frame)}\n`);
}

const client = { cwd: '/', client: 'cli', version: '0', start: 'never' } as const;
const hello = { protocol: protocolVersion, version: '0', pid: 1, workspace: null, demo: false };

describe('connect', () => {
  it('says which folder cannot be written to, and what to do', async () => {
    const paths = places();
    writeFileSync(paths.controlSocket + '.data', '');
    const log = join(`${paths.controlSocket}.data`, 'host.log');
    await expect(connect({ ...client, start: 'if-needed', paths: { ...paths, hostLog: log } })).rejects.toThrow(
      `${dirname(log)} cannot be written to`,
    );
  });

  it('starts nothing when it may not', async () => {
    await expect(connect({ ...client, paths: places() })).rejects.toMatchObject({
      ...{ code: 'UNREACHABLE', message: expect.stringContaining('No host runs') },
    });
  });

  it('does not talk to a socket in a folder that is not its own', async () => {
    const real = await scriptedHost((frame, socket) => send(socket, { id: frame.id, result: hello }));
    const link = `${dirname(real.controlSocket)}-link`;
    symlinkSync(dirname(real.controlSocket), link);
    whenDone(() => rmSync(link));
    const paths = { ...real, controlSocket: join(link, 'control.sock') };
    await expect(connect({ ...client, paths })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('takes a socket without a host for none', async () => {
    const paths = places();
    writeFileSync(paths.controlSocket, '');
    await expect(connect({ ...client, paths })).rejects.toThrow('No host runs');
  });

  it('names the pid of a host that accepts and says nothing, and starts no second one', async () => {
    const paths = await scriptedHost(() => undefined);
    writeFileSync(paths.hostLock, JSON.stringify({ pid: 4242, startTime: '1', bootId: 'b' }));
    const hostCommand = [process.execPath, '-e', 'process.exit(99)'];
    const silent = connect({ ...client, start: 'if-needed', paths, hostCommand, silenceMs: 100 });
    await expect(silent).rejects.toThrow('The host (pid 4242) does not answer');
  });

  it('passes on what a host of another version says', async () => {
    const message = 'The host is older: restart it.';
    const paths = await scriptedHost(({ id }, socket) => send(socket, { id, error: { code: 'UNSUPPORTED', message } }));
    await expect(connect({ ...client, paths })).rejects.toMatchObject({ code: 'UNSUPPORTED', message });
  });

  it.each([
    ['ends before it is ready', 'process.exit(3)', 'ended before it was ready'],
    [
      'says why it cannot start',
      `require('fs').writeSync(3, '{"error":{"code":"CONFIG_INVALID","message":"Mend policy.json."}}\\n')`,
      'Mend policy.json.',
    ],
  ])('says so when a started host %s', async (_title, script, words) => {
    const hostCommand = [process.execPath, '-e', script];
    await expect(connect({ ...client, start: 'if-needed', paths: places(), hostCommand })).rejects.toThrow(words);
  });

  it('says so when the host cannot be started at all', async () => {
    const starting = connect({ ...client, start: 'if-needed', paths: places(), hostCommand: ['/nope/signalbox'] });
    await expect(starting).rejects.toThrow('could not be started');
  });
});

describe('a connection', () => {
  it('whose host goes away rejects what waits, once, with the reason', async () => {
    const paths = await scriptedHost(({ id, method }, socket) => {
      if (method === 'hello') send(socket, { id, result: hello });
      else socket.destroy();
    });
    const { connection } = await connect({ ...client, paths });
    const reasons: string[] = [];
    connection.onClose(({ reason }) => reasons.push(reason));
    await expect(connection.call('audit.verify', {})).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(connection.call('audit.verify', {})).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(reasons).toEqual(['the host ended the connection']);
    expect(connection).toBeInstanceOf(HostConnection);
  });

  it.each([
    ['no JSON', 'nonsense\n'],
    ['a line without end', 'x'.repeat(70 * 1024 * 1024)],
  ])('ends when the host sends %s', async (_title, bytes) => {
    const paths = await scriptedHost(({ id, method }, socket) => {
      if (method === 'hello') send(socket, { id, result: hello });
      else socket.write(bytes);
    });
    const { connection } = await connect({ ...client, paths });
    await expect(connection.call('audit.verify', {})).rejects.toThrow('no frame');
  });
});

describe('a mirror', () => {
  const view = toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false });
  const grown = (seq: number) => ({ seq, event: { type: 'audit.grown', rows: seq } });

  async function mirrored(frames: readonly object[]) {
    const paths = await scriptedHost(({ id, method }, socket) => {
      if (method === 'hello') send(socket, { id, result: hello });
      // In one piece: events may arrive together with the snapshot.
      else
        socket.write(
          [{ id, result: { seq: 5, view } }, ...frames].map((frame) => `${JSON.stringify(frame)}\n`).join(''),
        );
    });
    const { connection } = await connect({ ...client, paths });
    return { connection, mirror: await attach(connection) };
  }

  it('takes the events that come in one piece with the snapshot', async () => {
    const { mirror } = await mirrored([grown(6), grown(7)]);
    expect([mirror.seq, mirror.view.auditRows]).toEqual([7, 7]);
  });

  it('drops what the snapshot holds already', async () => {
    const { mirror } = await mirrored([grown(4), grown(5), grown(6)]);
    expect([mirror.seq, mirror.view.auditRows]).toEqual([6, 6]);
  });

  it('does not go on over a gap', async () => {
    await expect(mirrored([grown(6), grown(8)])).rejects.toThrow('left out events');
  });

  it('that meets a gap later ends its connection and says why', async () => {
    const later: Socket[] = [];
    const paths = await scriptedHost(({ id, method }, socket) => {
      later.push(socket);
      send(socket, { id, result: method === 'hello' ? hello : { seq: 5, view } });
    });
    const { connection } = await connect({ ...client, paths });
    const mirror = await attach(connection);
    const closed = new Promise<string>((resolve) => connection.onClose(({ reason }) => resolve(reason)));
    for (const socket of later.slice(0, 1)) send(socket, grown(9));
    expect(await closed).toBe('events 6 to 8 are missing');
    expect(mirror.view.auditRows).toBe(0);
  });
});
