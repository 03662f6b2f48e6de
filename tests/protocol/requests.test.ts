/** What a client may send: everything that does not fit is one sentence, with the number of the request where it can be read. */
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/protocol/schema/requests.ts';
import { protocolVersion } from '../../src/protocol/version.ts';

describe('parseRequest', () => {
  it.each<[string, unknown]>([
    ['hello', { protocol: protocolVersion, version: '0.1.0', client: 'screen', cwd: '/' }],
    ['view.attach', {}],
    ['session.new', { agent: { id: 'opencode' }, servers: ['web-1'], prompt: 'look' }],
    ['session.new', { agent: { command: ['my-agent', '--acp'] }, servers: ['web-1'], readonly: true }],
    ['operation.perform', { operation: 'remote_exec', input: { server: 'web-1', command: 'uptime' } }],
    ['approval.answer', { id: 'k3', via: 'cli', interactive: true, answer: { kind: 'deny', reason: null } }],
  ])('takes %s', (method, params) => {
    expect(parseRequest(JSON.stringify({ id: 7, method, params }))).toEqual({
      ok: true,
      request: { id: 7, method, params },
    });
  });

  it.each<[string, string, number | null, string]>([
    ['text', 'hello', null, 'not JSON'],
    ['half a frame', '{"id":1,"method":"view.att', null, 'not JSON'],
    ['a number', '7', null, 'not a frame'],
    ['null', 'null', null, 'not a frame'],
    ['a list', '[1]', null, 'not a frame'],
    ['no id', '{"method":"view.attach","params":{}}', null, 'id'],
    ['a fraction as id', '{"id":1.5,"method":"view.attach","params":{}}', null, 'id'],
    ['a negative id', '{"id":-1,"method":"view.attach","params":{}}', -1, 'id'],
    ['an unknown key', '{"id":1,"method":"view.attach","params":{},"extra":1}', 1, 'extra'],
    ['an unknown method', '{"id":1,"method":"root.shell","params":{}}', 1, 'root.shell'],
    ['a method named like a property', '{"id":1,"method":"constructor","params":{}}', 1, 'constructor'],
    ['no parameters', '{"id":1,"method":"view.attach"}', 1, 'params'],
    ['an unknown parameter', '{"id":1,"method":"view.attach","params":{"all":true}}', 1, 'all'],
    [
      'a relative cwd',
      '{"id":1,"method":"hello","params":{"protocol":1,"version":"1","client":"cli","cwd":"x"}}',
      1,
      'cwd',
    ],
    [
      'an unknown client',
      '{"id":1,"method":"hello","params":{"protocol":1,"version":"1","client":"agent","cwd":"/"}}',
      1,
      'client',
    ],
    [
      'a session without servers',
      '{"id":1,"method":"session.new","params":{"agent":{"id":"a"},"servers":[]}}',
      1,
      'servers',
    ],
    [
      'an empty command',
      '{"id":1,"method":"session.new","params":{"agent":{"command":[]},"servers":["w"]}}',
      1,
      'agent',
    ],
    ['an empty prompt', '{"id":1,"method":"session.prompt","params":{"session":"a","text":""}}', 1, 'text'],
    [
      'an answer of another kind',
      '{"id":1,"method":"approval.answer","params":{"id":"a","via":"cli","answer":{"kind":"yes"}}}',
      1,
      'answer',
    ],
    ['a page beyond the bound', '{"id":1,"method":"audit.page","params":{"offset":0,"limit":100000}}', 1, 'limit'],
  ])('refuses %s', (_title, line, id, words) => {
    const parsed = parseRequest(line);
    expect(parsed).toMatchObject({ ok: false, id });
    expect(parsed.ok ? '' : parsed.message).toContain(words);
  });
});
