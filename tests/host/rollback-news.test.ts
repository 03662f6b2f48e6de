/** A session whose change was rolled back: its operator sees it, and its agent reads it before the next prompt. */
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { AgentStart } from '../../src/core/agents.ts';
import type { AuditEntry } from '../../src/core/audit/record.ts';
import { openSession } from '../fixtures/open-session.ts';
import { readUntil } from '../fixtures/running-host.ts';
import { whenDone } from '../fixtures/when-done.ts';

const sha = (letter: string): string => letter.repeat(64);

function change(id: string, session: string, more: Partial<AuditEntry> = {}): AuditEntry[] {
  const shared = { id, session, agent: 'demo', server: 'web-1', tool: 'remote_write_file', path: '/etc/motd' } as const;
  return [
    { type: 'intent', ...shared },
    { type: 'permit', ...shared, changedPath: '/etc/motd', beforeSha256: sha('a') },
    { type: 'result', ...shared, status: 'ok', changedPath: '/etc/motd', afterSha256: sha('b'), ...more },
  ];
}

function rollback(id: string, rollsBack: readonly string[], more: Partial<AuditEntry> = {}): AuditEntry {
  const shared = { id, session: null, server: 'web-1', tool: 'rollback_file', path: '/etc/motd', rollsBack } as const;
  return { type: 'result', ...shared, status: 'ok', changedPath: '/etc/motd', afterSha256: sha('a'), ...more };
}

describe('a session whose change was rolled back', () => {
  it('says so in its conversation at once, and to its agent before the next prompt, once', async () => {
    const { agent, connection, id, parts, until, session } = await openSession();
    await parts.audit.append([...change('w1', id), ...change('w2', id)]);
    await parts.audit.append([rollback('r1', ['w2', 'w1'])]);
    await until((view) => view.sessions[id]?.items.some((item) => item.kind === 'notice'));
    expect(session()?.items.at(-1)).toMatchObject({
      kind: 'notice',
      text: 'The operator rolled back 2 changes (w2, w1) of /etc/motd on web-1: the file is what it was before. Read it again before you change it.',
    });
    await connection.call('session.prompt', { session: id, text: 'go on' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 1);
    await connection.call('session.prompt', { session: id, text: 'and now?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agent.prompts).toEqual([
      expect.stringMatching(/^\[signalbox\] The operator rolled back 2 changes .*\n\ngo on$/s),
      'and now?',
    ]);
    expect(
      session()
        ?.items.filter((item) => item.kind === 'user')
        .map((item) => 'text' in item && item.text),
    ).toEqual(['go on', 'and now?']);
  });

  it('tells the agent with its next tool result when that comes first, and not again at the prompt', async () => {
    const { agent, connection, id, parts, until } = await openSession();
    const { listServers } = await toolClient(agent.options);
    await parts.audit.append([...change('w1', id), rollback('r1', ['w1'])]);
    await until((view) => view.sessions[id]?.items.some((item) => item.kind === 'notice'));
    expect(await listServers(2)).toMatch(/note: The operator rolled back change w1 .*"notes":\["The operator/);
    expect(await listServers(3)).not.toContain('rolled back');
    await connection.call('session.prompt', { session: id, text: 'go on' });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(agent.prompts).toEqual(['go on']);
  });

  it('tells each of its agents once, and a resting one takes nothing from the one that answers', async () => {
    const { agents, connection, id, parts, until } = await openSession();
    const turn = async (number: number, text: string): Promise<void> => {
      await connection.call('session.prompt', { session: id, text });
      await until((view) => view.sessions[id]?.lastTurn?.number === number);
    };
    await turn(1, 'one');
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    await parts.audit.append([...change('w1', id), rollback('r1', ['w1'])]);
    await until((view) => view.sessions[id]?.items.some((item) => item.kind === 'notice' && /rolled/.test(item.text)));
    const [first, second] = agents.started;
    const resting = await toolClient(first?.options);
    expect(await resting.listServers(2)).toContain('rolled back');
    expect(await resting.listServers(3)).not.toContain('rolled back');
    await turn(2, 'two');
    expect(second?.prompts[0]).toMatch(/^\[signalbox\] The operator rolled back/);
    await connection.call('session.switchAgent', { session: id, agent: { command: ['three'] } });
    await turn(3, 'three');
    expect(agents.started[2]?.prompts[0]).toMatch(/^\[signalbox\] The operator rolled back/);
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    await turn(4, 'four');
    expect(first?.prompts[1]).not.toMatch(/^\[signalbox\] The operator/);
  });

  it('says that a file which did not exist before is gone again', async () => {
    const { id, parts, until } = await openSession();
    await parts.audit.append(change('w1', id));
    await parts.audit.append([rollback('r1', ['w1'], { afterSha256: null })]);
    const text = await until((view) =>
      view.sessions[id]?.items.flatMap((item) => ('text' in item ? [item.text] : [])).at(-1),
    );
    expect(text).toContain('is deleted again');
  });

  it.each<[string, (id: string) => readonly AuditEntry[]]>([
    ['of another session', () => [...change('w1', 'other'), rollback('r1', ['w1'])]],
    [
      'that was denied',
      (id) => [...change('w1', id), { ...rollback('r1', ['w1']), type: 'refused', code: 'APPROVAL_DENIED' }],
    ],
    [
      'that changed nothing',
      (id) => [
        ...change('w1', id),
        { type: 'result', id: 'r1', tool: 'rollback_file', rollsBack: ['w1'], status: 'error' },
      ],
    ],
    ['that only began', (id) => [...change('w1', id), { ...rollback('r1', ['w1']), type: 'permit' }]],
    ['of an unknown operation', () => [rollback('r1', ['nothing'])]],
  ])('hears nothing of a rollback %s', async (_name, toEntries) => {
    const { agent, connection, id, parts, until, session } = await openSession();
    await parts.audit.append(toEntries(id));
    await connection.call('session.prompt', { session: id, text: 'go on' });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(agent.prompts).toEqual(['go on']);
    expect(session()?.items.some((item) => item.kind === 'notice' && item.text.includes('rolled back'))).toBe(false);
  });
});

/** The tool client of an agent, through its socket. */
async function toolClient(options: Pick<AgentStart, 'toolSocket' | 'toolToken'> | undefined) {
  const { toolSocket, toolToken } = present(options, 'The agent was started.');
  const socket = connectSocket(toolSocket);
  whenDone(() => void socket.destroy());
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  send({ token: toolToken });
  const clientInfo = { name: 'test', version: '0' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  await readUntil(socket, '"id":1');
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const listServers = async (number: number): Promise<string> => {
    send({ jsonrpc: '2.0', id: number, method: 'tools/call', params: { name: 'list_servers', arguments: {} } });
    return await readUntil(socket, `"id":${number}`);
  };
  return { listServers };
}
