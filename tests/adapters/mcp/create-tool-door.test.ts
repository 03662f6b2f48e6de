/** The MCP door with the official client, in the protocol generations that agents speak today. */
import { afterEach, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { toLine } from '../../../src/base/ndjson.ts';
import { operationNames } from '../../../src/core/operations/table.ts';
import { caller, closeDoors, openDoor, reader } from '../../fixtures/open-door.ts';
import { envelope, untilWithdrawn } from '../../fixtures/scripted-gate.ts';

afterEach(closeDoors);

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
    expect(write.inputSchema).toHaveProperty('additionalProperties', false);
  });

  it('describes answers and demands nothing of them, so that no client refuses one and calls again', async () => {
    const door = await openDoor((request) => envelope(request.operation, { data: { unforeseen: true } }));
    const client = await door.client();
    const { tools } = await client.listTools();
    for (const { outputSchema } of tools) {
      expect(JSON.stringify(outputSchema)).not.toMatch(/"(required|additionalProperties|pattern|minimum|maximum)":/);
    }
    // The official client checks answers against the schema it was given.
    for (const name of operationNames) expect((await client.callTool({ name, arguments: {} })).isError).toBe(false);
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
    [
      'an edit of a file',
      envelope('remote_patch_file', { editedByOperator: true, ran: 'patch /a', data: { operatorDiff: '-x\n+y\n' } }),
      false,
      '--- operatorDiff\n-x\n+y\n---',
    ],
    [
      'an edit that was refused after all',
      {
        ...refusal('POLICY_REJECTED', 'Policy rejects this.'),
        ...{ editedByOperator: true, execution: { attempted: false, completed: false, durationMs: 0 } },
      },
      true,
      'edited by the operator; nothing of it ran',
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
    expect(seen.map((progress) => progress.message)).toEqual(['waits for the operator', 'still waits (5 s)']);
    expect(seen.map((progress) => progress.progress)).toEqual([1, 2]);
  });

  it('without a token asks the gate for no progress', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    await (await door.client()).callTool({ name: 'remote_stat', arguments: {} });
    expect(door.gate.requests[0]?.onProgress).toBeUndefined();
  });
});

function refusal(
  code: 'APPROVAL_DENIED' | 'POLICY_REJECTED' | 'APPROVAL_EXPIRED' | 'INVALID_ARGUMENT',
  message: string,
) {
  return envelope('remote_exec', { status: 'error', code, message });
}

describe('a call whose turn was cancelled', () => {
  it('is not answered when its client withdraws it: to clients that would be an error of the connection', async () => {
    const door = await openDoor(untilWithdrawn);
    const client = await door.client();
    const errors: Error[] = [];
    client.onerror = (error) => errors.push(error);
    const abort = new AbortController();
    const call = client.callTool({ name: 'remote_exec', arguments: {} }, { signal: abort.signal });
    const request = await door.gate.request(0);
    door.cancelCalls();
    expect(request.signal.aborted).toBe(true);
    abort.abort();
    await expect(call).rejects.toThrow();
    // A later answer on the same connection has passed whatever was sent before.
    await client.listTools();
    expect(errors).toEqual([]);
  });

  it('is answered after a moment when its client has forgotten it', async () => {
    const door = await openDoor(untilWithdrawn);
    const client = await door.client();
    const call = client.callTool({ name: 'remote_exec', arguments: {} });
    await door.gate.request(0);
    door.cancelCalls();
    expect(textOf(await call)).toContain('CANCELLED');
  });

  it('does not hold back answers of calls that were not cancelled, nor of later ones', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    const client = await door.client();
    door.cancelCalls();
    expect(textOf(await client.callTool({ name: 'list_servers', arguments: {} }))).toContain('status: ok');
  });
});
