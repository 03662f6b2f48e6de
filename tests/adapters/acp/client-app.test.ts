/** What an agent may ask of us through the protocol: files and terminals reach the gate, everything else is refused with a reason. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { type Answer, envelope } from '../../fixtures/scripted-gate.ts';

afterEach(closeWorlds);

describe('the door of the protocol', () => {
  it('reads lines of a file on the server that the path names', async () => {
    const data = { content: 'b\n', encoding: 'utf-8', size: 4, truncated: true };
    const { world, start } = await open(fixture(), (request) => envelope(request.operation, { data }));
    const link = await start(['web-1', 'web-2']);
    const heard = listen(link);
    const path = join(world.paths.workFolder, 's1', 'web-2', 'etc/motd');
    await link.prompt(script({ ask: { method: 'fs/read_text_file', params: { path, line: 2, limit: 1 } } }));
    expect(JSON.parse(heard.text())).toEqual({ result: { content: 'b\n' } });
    expect(world.gate.requests[0]).toMatchObject({
      operation: 'remote_read_file',
      input: { server: 'web-2', path: '/etc/motd', line: 2, limit: 1 },
      caller: { origin: 'agent', door: 'acp', session: 's1', agent: 'fixture', servers: ['web-1', 'web-2'] },
    });
  });

  const refusals: readonly [string, object, Answer | null, object][] = [
    [
      'a denied write, with the reason of the operator',
      { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } },
      () => envelope('remote_write_file', { status: 'error', code: 'APPROVAL_DENIED', message: 'Denied: not today.' }),
      { code: -32000, data: { code: 'APPROVAL_DENIED', reason: 'Denied: not today.' } },
    ],
    [
      'a missing file, so that it can be told from a denied one',
      { method: 'fs/read_text_file', params: { path: '/etc/none' } },
      () => envelope('remote_read_file', { status: 'error', code: 'FILE_NOT_FOUND', message: 'Not there.' }),
      { code: -32002, data: { code: 'FILE_NOT_FOUND' } },
    ],
    [
      'a file that is not text',
      { method: 'fs/read_text_file', params: { path: '/bin/ls' } },
      () => envelope('remote_read_file', { data: { content: 'f0VM', encoding: 'base64' } }),
      { code: -32000, data: { code: 'UNSUPPORTED' } },
    ],
    [
      'a whole file of which only a part came',
      { method: 'fs/read_text_file', params: { path: '/var/log/syslog' } },
      () => envelope('remote_read_file', { data: { content: 'a', encoding: 'utf-8', truncated: true } }),
      { code: -32000, data: { code: 'TOO_LARGE' } },
    ],
    [
      'a write that happened but could not be checked',
      { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } },
      () =>
        envelope('remote_write_file', {
          status: 'partial_failure',
          code: 'SNAPSHOT_FAILED',
          message: 'It WAS changed.',
        }),
      { code: -32000, data: { code: 'SNAPSHOT_FAILED', reason: 'It WAS changed.' } },
    ],
    [
      'a command that was denied',
      { method: 'terminal/create', params: { command: 'reboot' } },
      () => refused('APPROVAL_DENIED', 'Denied: never.'),
      { code: -32000, data: { code: 'APPROVAL_DENIED', reason: 'Denied: never.' } },
    ],
    [
      'a relative path',
      { method: 'fs/read_text_file', params: { path: 'etc/motd' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    [
      'a terminal that does not exist',
      { method: 'terminal/output', params: { terminalId: 'mine' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    [
      'waiting for a terminal that does not exist',
      { method: 'terminal/wait_for_exit', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'killing a terminal that does not exist',
      { method: 'terminal/kill', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'releasing a terminal that does not exist',
      { method: 'terminal/release', params: { terminalId: 'mine' } },
      null,
      { code: -32000 },
    ],
    [
      'another session',
      { method: 'fs/read_text_file', params: { path: '/x', sessionId: 'other' } },
      null,
      { code: -32000, data: { code: 'INVALID_ARGUMENT' } },
    ],
    ['a method that does not exist', { method: 'fs/delete_everything', params: {} }, null, { code: -32601 }],
    ['parameters that do not fit', { method: 'fs/read_text_file', params: { path: 7 } }, null, { code: -32602 }],
    [
      'a permission request without options',
      { method: 'session/request_permission', params: { toolCall: {} } },
      null,
      { code: -32602 },
    ],
  ];

  it.each(refusals)('refuses %s', async (_what, ask, answer, error) => {
    const { world, start } = await open(fixture(), answer ?? undefined);
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ ask }));
    expect(JSON.parse(heard.text())).toMatchObject({ error });
    if (answer === null) expect(world.gate.requests).toEqual([]);
  });

  const methods = [
    'fs/read_text_file',
    'fs/write_text_file',
    'terminal/create',
    'terminal/output',
    'terminal/kill',
    'terminal/release',
    'terminal/wait_for_exit',
  ];
  it.each(methods)('refuses %s to an agent that it was not offered to, and tells the operator', async (method) => {
    const nothing = { readFiles: false, writeFiles: false, terminals: false };
    const { world, start } = await open(fixture([], { offers: nothing }));
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ ask: { method, params: { path: '/x', content: '', command: 'ls', terminalId: 't' } } }));
    expect(JSON.parse(heard.text())).toMatchObject({ error: { code: -32000, data: { code: 'UNSUPPORTED' } } });
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining(method) });
    expect(world.gate.requests).toEqual([]);
  });

  it('gives a custom command line tools, and neither files nor terminals', async () => {
    const { world } = await open();
    const link = await world.start({ command: fixture().command });
    const heard = listen(link);
    expect(link.verdict.state).toBe('NOT CONTAINED');
    await link.prompt(script({ tools: [] }, { ask: { method: 'terminal/create', params: { command: 'ls' } } }));
    expect(heard.text()).toContain('remote_exec');
    expect(heard.text()).toContain('"code":"UNSUPPORTED"');
  });
});

function refused(code: 'APPROVAL_DENIED', message: string) {
  const execution = { attempted: false, completed: false, durationMs: 1 };
  return envelope('remote_exec', { status: 'error', code, message, execution });
}
