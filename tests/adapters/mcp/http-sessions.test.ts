/** What is left of a request that begins no session: an answer, and no server that goes on listening. */
import { Server } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { HttpSessions } from '../../../src/adapters/mcp/http-sessions.ts';
import { initialize, json } from '../../fixtures/open-http-door.ts';

const url = 'http://127.0.0.1/mcp';

function open() {
  const counts = { made: 0, closed: 0 };
  const sessions = new HttpSessions(() => {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });
    counts.made += 1;
    server.onclose = () => (counts.closed += 1);
    return server;
  });
  const answer = (method: string, body?: unknown): Promise<Response> =>
    sessions.answer(new Request(url, { method, headers: json }), body);
  return { counts, sessions, answer };
}

describe('a request without a session', () => {
  it.each<[string, string, unknown]>([
    ['a call', 'POST', { jsonrpc: '2.0', id: 1, method: 'tools/list' }],
    ['a notification', 'POST', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['a message of no protocol', 'POST', { hello: 'there' }],
    ['two beginnings at once', 'POST', [JSON.parse(initialize), JSON.parse(initialize)]],
    ['a stream of events', 'GET', undefined],
    ['an end', 'DELETE', undefined],
  ])('leaves nothing behind that listens: %s', async (_title, method, body) => {
    const { counts, answer, sessions } = open();
    for (let at = 0; at < 3; at += 1) expect((await answer(method, body)).status).toBeGreaterThanOrEqual(400);
    expect(counts.closed).toBe(counts.made);
    sessions.dispose();
  });

  it('that initializes begins one, which ends with the door', async () => {
    const { counts, answer, sessions } = open();
    const response = await answer('POST', JSON.parse(initialize));
    expect(response.status).toBe(200);
    await response.text();
    expect(response.headers.get('mcp-session-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(counts).toEqual({ made: 1, closed: 0 });
    sessions.dispose();
    await expect.poll(() => counts.closed).toBe(1);
  });
});
