/** Calls that are cancelled, connections that end, clients that misbehave: a waiting card never outlives its caller. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createLateToolDoor } from '../../../src/adapters/mcp/late-tool-door.ts';
import { toLine } from '../../../src/base/ndjson.ts';
import { limits } from '../../../src/core/limits.ts';
import { caller, closeDoors, openDoor, reader } from '../../fixtures/open-door.ts';
import { envelope, scriptedGate, untilWithdrawn } from '../../fixtures/scripted-gate.ts';
import { plainRedactor } from '../../fixtures/word-policy.ts';

afterEach(closeDoors);

describe('a waiting call is withdrawn', () => {
  it('when the client cancels it', async () => {
    const door = await openDoor(untilWithdrawn);
    const client = await door.client();
    const abort = new AbortController();
    const call = client.callTool({ name: 'remote_exec', arguments: {} }, { signal: abort.signal });
    const request = await door.gate.request(0);
    const withdrawn = aborted(request.signal);
    abort.abort();
    await Promise.all([withdrawn, expect(call).rejects.toThrow()]);
  });

  it('when the connection ends', async () => {
    const door = await openDoor(untilWithdrawn);
    const client = await door.client();
    const call = client.callTool({ name: 'remote_exec', arguments: {} });
    const request = await door.gate.request(0);
    const withdrawn = aborted(request.signal);
    door.hangUp();
    await Promise.all([withdrawn, expect(call).rejects.toThrow()]);
  });

  it('when the door is closed', async () => {
    const door = await openDoor(untilWithdrawn);
    const client = await door.client();
    const call = client.callTool({ name: 'remote_exec', arguments: {} });
    const request = await door.gate.request(0);
    const withdrawn = aborted(request.signal);
    door.disposeServed();
    await Promise.all([withdrawn, expect(call).rejects.toThrow()]);
  });
});

describe('a door that is loaded with its first client', () => {
  it('hangs up on one that came before it was there when it is closed meanwhile', async () => {
    const gate = scriptedGate(untilWithdrawn);
    const door = createLateToolDoor({ gate, version: '1', redactor: plainRedactor });
    const stream = new PassThrough();
    const serving = door.serve(stream, caller);
    stream.emit('error', new Error('it went away'));
    const other = new PassThrough();
    const closed = once(other, 'close');
    door.serve(other, caller).dispose();
    await closed;
    serving.dispose();
    expect([stream.destroyed, other.destroyed, gate.requests]).toEqual([true, true, []]);
  });
});

describe('a client that misbehaves', () => {
  it('is answered again after lines that are not JSON', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    const socket = await door.dial();
    const next = reader(socket);
    socket.write('hello\n{"half":\n[1,2]\n"text"\n');
    socket.write(
      toLine({
        jsonrpc: '2.0',
        id: 7,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
      }),
    );
    expect(await next()).toMatchObject({ id: 7, result: { serverInfo: { name: 'signalbox' } } });
  });

  it('is cut off when one message passes the bound', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    const socket = await door.dial();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.resume();
    const piece = Buffer.alloc(4 * 1024 * 1024, 'x');
    for (let sent = 0; sent <= limits.agentMessageBytesMax; sent += piece.length) socket.write(piece);
    await closed;
    expect(door.gate.requests).toHaveLength(0);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
