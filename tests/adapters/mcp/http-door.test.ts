/** The MCP door on loopback http: what the official client gets there, and what everybody else is refused. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { operationNames } from '../../../src/core/operations/table.ts';
import {
  ask,
  bearer,
  closeHttpDoors,
  connectHttp,
  initialize,
  json,
  openHttpDoor,
} from '../../fixtures/open-http-door.ts';
import { envelope, untilWithdrawn } from '../../fixtures/scripted-gate.ts';

afterEach(closeHttpDoors);

const token = { authorization: `Bearer ${bearer}` };

describe('a client with the token', () => {
  it.each([
    ['with sessions', {}],
    ['without sessions', { versionNegotiation: { mode: 'auto' } }],
  ] as const)('lists and calls the tools, in the generation %s', async (_name, options) => {
    const opened = await openHttpDoor((request) => envelope(request.operation, { data: { servers: [] } }));
    const client = await connectHttp(opened.door.url, bearer, options);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(operationNames);
    expect(opened.listed).toBe(1);
    const result = await client.callTool({ name: 'list_servers', arguments: {} });
    expect(result.structuredContent).toMatchObject({ status: 'ok', data: { servers: [] } });
    expect(new Set(opened.presented)).toEqual(new Set([bearer]));
  });

  it('hears of progress while its call waits', async () => {
    let release: () => void = () => undefined;
    const { client } = await openHttpDoor(async (request) => {
      request.onProgress?.({ state: 'waiting', approvalId: '1', elapsedMs: 0, message: 'waits for the operator' });
      await new Promise<void>((resolve) => (release = resolve));
      return envelope(request.operation, { data: { servers: [] } });
    });
    const heard: unknown[] = [];
    await (await client()).callTool(
      { name: 'list_servers', arguments: {} },
      {
        onprogress: ({ message }) => {
          heard.push(message);
          release();
        },
      },
    );
    expect(heard).toEqual(['waits for the operator']);
  });

  it('has a session of its own, which ends when it says so', async () => {
    const { door } = await openHttpDoor((request) => envelope(request.operation));
    const begun = await ask(door.url, { headers: { ...json, ...token }, body: initialize });
    const id = String(begun.headers['mcp-session-id']);
    const inSession = { ...json, ...token, 'mcp-session-id': id };
    expect((await ask(door.url, { method: 'DELETE', headers: inSession })).status).toBe(200);
    expect((await ask(door.url, { headers: inSession, body: initialize })).status).toBe(404);
    const foreign = { ...json, ...token, 'mcp-session-id': '00000000-0000-4000-8000-000000000000' };
    expect((await ask(door.url, { headers: foreign, body: initialize })).status).toBe(404);
  });

  it('loses the session unused longest when it opens them without end', async () => {
    const { door } = await openHttpDoor((request) => envelope(request.operation));
    const list = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    const ids: string[] = [];
    for (let count = 0; count < 17; count += 1) {
      const begun = await ask(door.url, { headers: { ...json, ...token }, body: initialize });
      ids.push(String(begun.headers['mcp-session-id']));
    }
    const statusOf = async (id: string | undefined) =>
      (await ask(door.url, { headers: { ...json, ...token, 'mcp-session-id': id ?? '' }, body: list })).status;
    expect(await statusOf(ids[0])).toBe(404);
    expect(await statusOf(ids[1])).toBe(200);
    expect(await statusOf(ids[16])).toBe(200);
  });
});

describe('a waiting call is withdrawn', () => {
  it('when the client cancels it', async () => {
    const { client, gate } = await openHttpDoor(untilWithdrawn);
    const abort = new AbortController();
    const call = (await client()).callTool({ name: 'remote_exec', arguments: {} }, { signal: abort.signal });
    const { signal } = await gate.request(0);
    const withdrawn = aborted(signal);
    abort.abort();
    await Promise.all([withdrawn, expect(call).rejects.toThrow()]);
  });

  it.each(['2025-06-18', '2026-07-28'])('when its connection ends, in protocol %s', async (version) => {
    const { door, gate } = await openHttpDoor(untilWithdrawn);
    const begun = await ask(door.url, { headers: { ...json, ...token }, body: initialize });
    const session = version === '2025-06-18' ? `mcp-session-id: ${String(begun.headers['mcp-session-id'])}\r\n` : '';
    const body = callOf(version);
    const socket = connect(door.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${door.port}\r\nauthorization: Bearer ${bearer}\r\n${session}` +
        `content-type: application/json\r\naccept: application/json, text/event-stream\r\n` +
        `mcp-protocol-version: ${version}\r\nmcp-method: tools/call\r\nmcp-name: remote_exec\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    const { signal } = await gate.request(0);
    const withdrawn = aborted(signal);
    socket.destroy();
    await withdrawn;
  });

  it('when the door is closed, and then nobody listens any more', async () => {
    const { client, door, gate } = await openHttpDoor(untilWithdrawn);
    const call = (await client()).callTool({ name: 'remote_exec', arguments: {} });
    const { signal } = await gate.request(0);
    const withdrawn = aborted(signal);
    door.dispose();
    await withdrawn;
    expect((await call).structuredContent).toMatchObject({ code: 'CANCELLED' });
    await expect(ask(door.url)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('the address', () => {
  it('is of 127.0.0.1 alone, and another one for each door', async () => {
    const first = await openHttpDoor((request) => envelope(request.operation));
    const second = await openHttpDoor((request) => envelope(request.operation));
    expect(first.door.port).not.toBe(second.door.port);
    const others = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address);
    for (const host of ['127.0.0.2', ...others]) expect(await dial(host, first.door.port)).toBe('ECONNREFUSED');
  });
});

describe('what is refused, before anything of it is read', () => {
  const own = (port: number) => `127.0.0.1:${port}`;
  const cases: readonly [string, (port: number) => Record<string, string>, number, string][] = [
    ['no token', () => ({}), 401, 'The token is unknown.'],
    ['an empty token', () => ({ authorization: 'Bearer ' }), 401, 'unknown'],
    ['another token', () => ({ authorization: `Bearer ${'b'.repeat(64)}` }), 401, 'unknown'],
    ['the token cut short', () => ({ authorization: `Bearer ${bearer.slice(1)}` }), 401, 'unknown'],
    ['the token and more', () => ({ authorization: `Bearer ${bearer}a` }), 401, 'unknown'],
    ['the token in another scheme', () => ({ authorization: `Basic ${bearer}` }), 401, 'unknown'],
    ['the token alone', () => ({ authorization: bearer }), 401, 'unknown'],
    ['two tokens', () => ({ authorization: `Bearer ${bearer} ${bearer}` }), 401, 'unknown'],
    ['the token as a cookie', () => ({ cookie: `token=${bearer}` }), 401, 'unknown'],
    ['a name that was made to lead here', (port) => ({ ...token, host: `evil.example:${port}` }), 403, 'Host'],
    ['the address without its port', () => ({ ...token, host: '127.0.0.1' }), 403, 'Host'],
    ['another port', (port) => ({ ...token, host: own(port - 1) }), 403, 'Host'],
    ['all addresses', (port) => ({ ...token, host: `0.0.0.0:${port}` }), 403, 'Host'],
    ['a page of elsewhere', () => ({ ...token, origin: 'https://evil.example' }), 403, 'Origin'],
    ['a page of nowhere', () => ({ ...token, origin: 'null' }), 403, 'Origin'],
    ['a page of another port', (port) => ({ ...token, origin: `http://${own(port + 1)}` }), 403, 'Origin'],
    ['a page of another scheme', (port) => ({ ...token, origin: `https://${own(port)}` }), 403, 'Origin'],
  ];

  it.each(cases)('%s', async (_name, toHeaders, status, words) => {
    const opened = await openHttpDoor((request) => envelope(request.operation));
    const { door, gate } = opened;
    const answer = await ask(door.url, { headers: { ...json, ...toHeaders(door.port) }, body: initialize });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
    expect(answer.text).not.toContain('serverInfo');
    expect(answer.headers.connection).toBe('close');
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    else expect(opened.refused).toHaveLength(1);
    expect(gate.requests).toHaveLength(0);
  });

  it.each([
    ['a page of its own', (port: number) => ({ ...token, origin: `http://127.0.0.1:${port}` })],
    ['the name localhost', (port: number) => ({ ...token, host: `localhost:${port}` })],
  ])('but not %s', async (_name, toHeaders) => {
    const { door } = await openHttpDoor((request) => envelope(request.operation));
    expect((await ask(door.url, { headers: { ...json, ...toHeaders(door.port) }, body: initialize })).status).toBe(200);
  });

  it.each([
    ['another path', { path: '/' }, 404],
    ['a path below', { path: '/mcp/x' }, 404],
    ['a body that is not JSON', { body: '{"half":' }, 400],
    ['a body of another kind', { headers: { ...json, ...token, 'content-type': 'text/plain' }, body: initialize }, 415],
    ['no body', { body: '' }, 400],
    ['a call before the handshake', { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' }, 400],
    ['a method that there is not', { method: 'PUT', body: initialize }, 405],
    ['a stream of events without a session', { method: 'GET' }, 400],
    [
      'a body that says it is too long',
      { headers: { ...json, ...token, 'content-length': String(limits.agentMessageBytesMax + 1) } },
      413,
    ],
  ] as const)('%s', async (_name, request, status) => {
    const { door, gate } = await openHttpDoor((asked) => envelope(asked.operation));
    const answer = await ask(door.url, { headers: { ...json, ...token }, ...request });
    expect(answer.status).toBe(status);
    expect(gate.requests).toHaveLength(0);
  });
});

function callOf(version: string): string {
  const name = 'io.modelcontextprotocol/';
  const meta =
    version === '2025-06-18'
      ? {}
      : {
          _meta: {
            [`${name}protocolVersion`]: version,
            [`${name}clientInfo`]: { name: 'test', version: '1' },
            [`${name}clientCapabilities`]: {},
          },
        };
  return JSON.stringify({
    ...{ jsonrpc: '2.0', id: 2, method: 'tools/call' },
    params: { name: 'remote_exec', arguments: {}, ...meta },
  });
}

function dial(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 60_000 });
    const finish = (words: string): void => {
      socket.destroy();
      resolve(words);
    };
    socket.once('connect', () => finish('connected'));
    socket.once('timeout', () => finish('timeout'));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
