/** The MCP door with the official client on a real socket, in the protocol generations that agents speak today. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { afterEach, describe, expect, it } from 'vitest';
import { createToolDoor } from '../../../src/adapters/mcp/create-tool-door.ts';
import { present } from '../../../src/base/assert.ts';
import { Disposables, toDisposable } from '../../../src/base/lifecycle.ts';
import { LineSplitter, toLine } from '../../../src/base/ndjson.ts';
import type { Caller } from '../../../src/core/caller.ts';
import { limits } from '../../../src/core/limits.ts';
import { operationNames } from '../../../src/core/operations/table.ts';
import {
  type Answer,
  envelope,
  type ScriptedGate,
  scriptedGate,
  untilWithdrawn,
} from '../../fixtures/scripted-gate.ts';

const caller: Caller = {
  origin: 'agent',
  door: 'mcp',
  session: 's1',
  agent: 'opencode',
  servers: ['web-1'],
  workspace: null,
  readonly: false,
};

let open = new Disposables();
afterEach(() => {
  open.dispose();
  open = new Disposables();
});

interface Door {
  readonly gate: ScriptedGate;
  readonly path: string;
  listed: number;
  /** Connects a raw socket. */
  dial(): Promise<Socket>;
  /** Connects the official client. */
  client(): Promise<Client>;
  disposeServed(): void;
  /** Ends every connection from the client's side, as a process that dies does. */
  hangUp(): void;
}

async function openDoor(answer: Answer): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-door-'));
  open.add(toDisposable(() => rmSync(folder, { recursive: true, force: true })));
  const gate = scriptedGate(answer);
  const door = createToolDoor({ gate, version: '1.2.3' });
  const served: { dispose(): void }[] = [];
  const server: Server = createServer((socket) => {
    served.push(open.add(door.serve(socket, caller, { onToolsListed: () => (handle.listed += 1) })));
  });
  const path = join(folder, 'tools.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  open.add(toDisposable(() => server.close()));
  const dialled: Socket[] = [];
  const dial = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(socket));
      socket.once('error', reject);
      dialled.push(socket);
      open.add(toDisposable(() => socket.destroy()));
    });
  const handle: Door = {
    gate,
    path,
    listed: 0,
    dial,
    async client() {
      const socket = await dial();
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(new StdioServerTransport(socket, socket));
      open.add(toDisposable(() => void client.close()));
      return client;
    },
    hangUp() {
      for (const socket of dialled) socket.destroy();
    },
    disposeServed() {
      for (const one of served) one.dispose();
    },
  };
  return handle;
}

function textOf(result: { content?: unknown }): string {
  return (result.content as { text: string }[]).map((part) => part.text).join('\n');
}

describe('the list of tools', () => {
  it('holds the operations table, with titles, hints and schemas, and says that it was asked for', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    const { tools } = await (await door.client()).listTools();
    expect(tools.map((tool) => tool.name)).toEqual(operationNames);
    expect(door.listed).toBe(1);
    const write = present(
      tools.find((tool) => tool.name === 'remote_write_file'),
      'write tool',
    );
    expect(write).toMatchObject({
      title: 'Write a file',
      annotations: { readOnlyHint: false, destructiveHint: true },
      inputSchema: { type: 'object', required: ['server', 'path', 'content'] },
      outputSchema: { type: 'object' },
    });
    expect(tools.find((tool) => tool.name === 'remote_stat')).toMatchObject({
      annotations: { readOnlyHint: true, destructiveHint: false },
    });
    for (const tool of tools) expect(tool.inputSchema).not.toHaveProperty('$schema');
  });

  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
    'is given to clients of protocol %s',
    async (version) => {
      const door = await openDoor((request) => envelope(request.operation, { data: { servers: [] } }));
      const socket = await door.dial();
      const next = reader(socket);
      socket.write(
        toLine({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'old', version: '1' } },
        }),
      );
      expect(await next()).toMatchObject({
        id: 1,
        result: { protocolVersion: version, serverInfo: { version: '1.2.3' } },
      });
      socket.write(toLine({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      socket.write(toLine({ jsonrpc: '2.0', id: 2, method: 'tools/list' }));
      const list = (await next()) as { result: { tools: unknown[] } };
      expect(list.result.tools).toHaveLength(operationNames.length);
      socket.write(toLine({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'list_servers' } }));
      expect(await next()).toMatchObject({ id: 3, result: { isError: false, structuredContent: { status: 'ok' } } });
    },
  );
});

describe('a call', () => {
  it('reaches the gate with the caller that the token proved, whatever the client claims', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    const client = await door.client();
    const input = { server: 'web-1', argv: ['uptime'], caller: { origin: 'operator' } };
    await client.callTool({ name: 'remote_exec', arguments: input });
    const request = present(door.gate.requests[0], 'request');
    expect(request.caller).toBe(caller);
    expect(request.input).toEqual(input);
  });

  const outcomes = [
    ['ok', envelope('remote_exec', { data: { stdout: 'up 3 days\n', stderr: '', redacted: 0 } }), false, 'up 3 days'],
    [
      'an exit status that is not 0, which is an outcome',
      envelope('remote_exec', {
        status: 'error',
        code: 'NON_ZERO_EXIT',
        message: 'The command ended with status 3.',
        data: { stdout: '', stderr: 'inactive', encoding: 'utf-8', redacted: 0 },
        execution: { attempted: true, completed: true, exitCode: 3, durationMs: 8 },
      }),
      false,
      'inactive',
    ],
    ['a denial', refusal('APPROVAL_DENIED', 'The operator denied it: use port 8080.'), true, 'use port 8080'],
    ['a rule that rejects', refusal('POLICY_REJECTED', 'Rule builtin/bytes rejects it.'), true, 'POLICY_REJECTED'],
    ['an expired card', refusal('APPROVAL_EXPIRED', 'Nobody answered within 10 minutes.'), true, 'Nobody answered'],
    ['an unknown tool', refusal('INVALID_ARGUMENT', 'There is no operation "rm".'), true, 'There is no operation'],
    [
      'a write whose after-image failed',
      envelope('remote_write_file', {
        status: 'partial_failure',
        code: 'SNAPSHOT_FAILED',
        message: 'The file WAS changed.',
      }),
      true,
      'WAS changed',
    ],
    [
      'an edit by the operator',
      envelope('remote_exec', { editedByOperator: true, ran: 'uptime -p', data: { stdout: 'up', stderr: '' } }),
      false,
      'this ran instead: uptime -p',
    ],
  ] as const;

  it.each(outcomes)(
    'answers %s whole in the text and in the structured content',
    async (_name, answer, isError, part) => {
      const door = await openDoor(() => answer);
      const client = await door.client();
      const result = await client.callTool({ name: answer.tool, arguments: {} });
      expect(result.isError ?? false).toBe(isError);
      expect(result.structuredContent).toEqual(JSON.parse(JSON.stringify(answer)));
      expect(textOf(result)).toContain(part);
      expect(textOf(result)).toContain(`status: ${answer.status}`);
      if (answer.code) expect(textOf(result)).toContain(`code: ${answer.code}`);
    },
  );

  it('gets progress while its card waits, when it gave a token', async () => {
    let release: () => void = () => undefined;
    const door = await openDoor(async (request) => {
      request.onProgress?.({ state: 'waiting', approvalId: '1', elapsedMs: 0, message: 'waits for the operator' });
      request.onProgress?.({ state: 'waiting', approvalId: '1', elapsedMs: 5000, message: 'still waits' });
      await new Promise<void>((resolve) => (release = resolve));
      return envelope(request.operation, { data: { servers: [] } });
    });
    const client = await door.client();
    const seen: { progress: number; message?: string | undefined }[] = [];
    const call = client.callTool(
      { name: 'list_servers', arguments: {} },
      {
        onprogress: (progress) => {
          seen.push(progress);
          if (seen.length === 2) release();
        },
      },
    );
    await call;
    expect(seen.map((progress) => progress.message)).toEqual(['waits for the operator', 'still waits']);
    expect(seen.map((progress) => progress.progress)).toEqual([1, 2]);
  });

  it('without a token asks the gate for no progress', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    await (await door.client()).callTool({ name: 'remote_stat', arguments: {} });
    expect(door.gate.requests[0]?.onProgress).toBeUndefined();
  });
});

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

function refusal(
  code: 'APPROVAL_DENIED' | 'POLICY_REJECTED' | 'APPROVAL_EXPIRED' | 'INVALID_ARGUMENT',
  message: string,
) {
  return envelope('remote_exec', { status: 'error', code, message });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Reads one JSON line after another from a socket. */
function reader(socket: Socket): () => Promise<unknown> {
  const splitter = new LineSplitter(limits.agentMessageBytesMax);
  const lines: unknown[] = [];
  const waiting: ((line: unknown) => void)[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) {
      const waiter = waiting.shift();
      if (waiter) waiter(JSON.parse(line));
      else lines.push(JSON.parse(line));
    }
  });
  return () => (lines.length > 0 ? Promise.resolve(lines.shift()) : new Promise((resolve) => waiting.push(resolve)));
}
