/** Sessions: an agent, its one door and its conversation; whatever happens to one of them, the others do not notice. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../src/base/promise-with-resolvers.ts';
import { OperationError } from '../../src/core/codes.ts';
import { toTitle } from '../../src/host/sessions/queued-prompt.ts';
import type { Methods } from '../../src/protocol/methods.ts';
import { openSession } from '../fixtures/open-session.ts';
import { runHost } from '../fixtures/running-host.ts';

type NewSession = Methods['session.new']['params'];

function texts(session: { readonly items: readonly object[] } | undefined): unknown[] {
  return (session?.items ?? []).map((item) => {
    const { kind, text, title, status } = item as Record<string, unknown>;
    return kind === 'tool' ? [kind, title, status] : [kind, text];
  });
}

describe('a session', () => {
  it('gives its agent a folder, a socket and a token, all private', async () => {
    const { agent, held, parts, id } = await openSession({ servers: ['web-1', 'db-1'] });
    const { workFolder, toolSocket, toolToken } = agent.options;
    expect(readdirSync(workFolder).sort()).toEqual(['AGENTS.md', 'db-1', 'web-1']);
    expect(readFileSync(join(workFolder, 'AGENTS.md'), 'utf8')).toContain(`${workFolder}/db-1/`);
    expect(statSync(workFolder).mode & 0o777).toBe(0o700);
    expect(statSync(toolSocket).mode & 0o777).toBe(0o600);
    expect(toolToken).toMatch(/^[0-9a-f]{64}$/);
    expect(held).toEqual([toolToken]);
    expect(toolSocket).toBe(join(parts.paths.toolSocketsFolder, `${id}.sock`));
  });

  it('says once what its agent does not see of what the person has set up', async () => {
    const { agents, connection, id, until, screen } = await openSession();
    agents.onStart = (agent) => {
      agent.advice = 'It does not see your login.';
    };
    const { id: other } = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await until((view) => view.sessions[other]?.state === 'idle');
    agents.started[1]?.exits.fire({ reason: 'no memory', expected: false });
    await connection.call('session.prompt', { session: other, text: 'go on' });
    await until((view) => view.sessions[other]?.lastTurn);
    const said = (of: string) =>
      screen.mirror.view.sessions[of]?.items
        .filter(({ kind }) => kind === 'notice')
        .flatMap((item) => ('text' in item ? item.text : []));
    expect(said(other)?.filter((text) => text === 'It does not see your login.')).toHaveLength(1);
    expect(said(id)).toEqual([]);
  });

  it('merges what the agent says into items, and updates its tool calls', async () => {
    const { agent, connection, id, until, session } = await openSession();
    agent.onPrompt = async () => {
      agent.updates.fire({ kind: 'thought', text: 'Let me ' });
      agent.updates.fire({ kind: 'thought', text: 'see.' });
      agent.updates.fire({ kind: 'tool-call', id: 't1', title: 'remote_exec', status: 'in_progress' });
      agent.updates.fire({ kind: 'message', text: 'It is ' });
      agent.updates.fire({ kind: 'message', text: 'fine.' });
      agent.updates.fire({ kind: 'tool-call', id: 't1', status: 'completed', detail: 'load 0.1' });
      agent.updates.fire({ kind: 'tool-call', id: 't2', title: 'never ends' });
      agent.updates.fire({ kind: 'plan', entries: [{ text: 'look', status: 'completed' }] });
      agent.updates.fire({ kind: 'modes', modes: [{ id: 'ask', name: 'Ask' }], current: 'ask' });
      agent.updates.fire({ kind: 'usage', used: 10, size: 100, cost: null });
      return 'end_turn';
    };
    await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(texts(session()).slice(0, 5)).toEqual([
      ['user', 'How is web-1?'],
      ['thought', 'Let me see.'],
      ['tool', 'remote_exec', 'completed'],
      ['agent', 'It is fine.'],
      ['tool', 'never ends', 'failed'],
    ]);
    expect(session()).toMatchObject({
      ...{ title: 'How is web-1?', state: 'idle', currentMode: 'ask', usage: { used: 10 } },
      ...{ plan: [{ text: 'look' }], lastTurn: { number: 1, stop: 'end_turn', problem: null } },
    });
  });

  it('sends prompts one after another', async () => {
    const { agent, connection, id, until, session } = await openSession();
    agent.onPrompt = () => agent.untilEnded();
    await connection.call('session.prompt', { session: id, text: 'first' });
    await connection.call('session.prompt', { session: id, text: 'second' });
    await until((view) => view.sessions[id]?.queuedPrompts.length === 1);
    expect(session()).toMatchObject({ state: 'working', queuedPrompts: ['second'] });
    agent.endTurn('end_turn');
    await until((view) => view.sessions[id]?.queuedPrompts.length === 0);
    expect(agent.prompts).toEqual(['first', 'second']);
    agent.updates.fire({ kind: 'tool-call', id: 't1', title: 'failed before', status: 'failed' });
    agent.updates.fire({ kind: 'tool-call', id: 't2', title: 'told to end', status: 'in_progress' });
    agent.updates.fire({ kind: 'tool-call', id: 't3', title: 'says nothing', status: 'pending' });
    await connection.call('session.cancel', { session: id });
    agent.updates.fire({ kind: 'tool-call', id: 't2', status: 'failed', detail: 'aborted' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    const calls = session()?.items.filter(({ kind }) => kind === 'tool');
    expect(calls?.map((call) => 'isCancelled' in call && call.isCancelled)).toEqual([false, true, true]);
    expect(session()?.lastTurn).toMatchObject({ stop: 'cancelled' });
  });

  it('waits for the operator while a card of it waits, and works on after the answer', async () => {
    const { agent, connection, id, until, world } = await openSession();
    const outcome = promiseWithResolvers<string>();
    agent.onPrompt = async () => {
      const { status } = await world.ask(
        'remote_exec',
        { server: 'web-1', command: 'reboot' },
        { caller: { session: id } },
      );
      outcome.resolve(status);
      return 'end_turn';
    };
    await connection.call('session.prompt', { session: id, text: 'reboot it' });
    await until((view) => view.sessions[id]?.state === 'waiting for you');
    const card = await until((view) => view.approvals[0]);
    expect(card).toMatchObject({ session: id, isolation: 'isolated', who: 'demo in reboot it' });
    await connection.call('approval.answer', {
      ...{ id: card.id, via: 'screen' },
      answer: { kind: 'deny', reason: 'not now' },
    });
    expect(await outcome.promise).toBe('error');
    await until((view) => view.sessions[id]?.state === 'idle');
  });

  it('asks the operator about the local tools of its agent', async () => {
    const { agent, connection, id, until, session } = await openSession();
    agent.onPrompt = () => agent.untilEnded();
    await connection.call('session.prompt', { session: id, text: 'go' });
    const question = { id: 'q1', toolCallId: 't1', title: 'bash', detail: 'ls', unexpected: true };
    agent.local.fire(question);
    await until((view) => view.sessions[id]?.state === 'waiting for you');
    expect(session()?.localCards).toMatchObject([{ id: 'q1', title: 'bash', detail: 'ls', unexpected: true }]);
    await connection.call('session.answerLocal', { session: id, card: 'q1', allow: false });
    expect(agent.localAnswers).toEqual([{ id: 'q1', allow: false }]);
    const again = connection.call('session.answerLocal', { session: id, card: 'q1', allow: true });
    await expect(again).rejects.toThrow('answered already');
  });

  it('keeps a redacted transcript that only its user can read', async () => {
    const { agent, connection, id, until, parts } = await openSession({ title: 'kept' });
    agent.onPrompt = async () => {
      agent.updates.fire({ kind: 'message', text: 'the password is hunt' });
      agent.updates.fire({ kind: 'message', text: 'er2' });
      return 'end_turn';
    };
    await connection.call('session.prompt', { session: id, text: 'Tell me.' });
    await until((view) => view.sessions[id]?.lastTurn);
    await connection.call('session.kill', { session: id });
    const path = join(parts.paths.sessionsFolder, `${id}.jsonl`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(['open', 'item', 'item', 'item', 'turn', 'end']);
    expect(lines[2].item.text).toBe('the password is «redacted:0001»');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('that is killed ends its agent and its door, and leaves the view', async () => {
    const { agent, connection, id, until } = await openSession();
    await connection.call('session.kill', { session: id });
    await until((view) => view.sessions[id] === undefined);
    expect(agent.isDisposed).toBe(true);
    expect(existsSync(agent.options.toolSocket)).toBe(false);
    expect(existsSync(agent.options.workFolder)).toBe(true);
  });

  it('whose agent dies says why, starts it again where it was, and harms no other', async () => {
    const { agent, agents, connection, id, until, session } = await openSession();
    const other = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['db-1'] });
    agent.onPrompt = () => agent.untilEnded();
    await connection.call('session.prompt', { session: id, text: 'go' });
    agent.exits.fire({ reason: 'exit status 3: out of memory', expected: false });
    agent.endTurn('cancelled');
    await until((view) => view.sessions[id]?.state === 'restarting');
    expect(session()?.problem).toBe('exit status 3: out of memory');
    expect(session()?.isolation.state).toBe('not running');
    expect(existsSync(agent.options.toolSocket)).toBe(false);
    expect(texts(session())).toContainEqual([
      'notice',
      'The agent is gone: exit status 3: out of memory. It is started again in 1 s.',
    ]);
    await connection.call('session.prompt', { session: other.id, text: 'still there?' });
    await until((view) => view.sessions[other.id]?.lastTurn);
    expect(agents.started[1]?.prompts).toEqual(['still there?']);
    await until((view) => view.sessions[id]?.state === 'idle');
    expect(agents.started[2]?.options).toMatchObject({ session: id, continueFrom: 'scripted-1' });
  });

  it('whose agent rejects a turn says so and takes the next prompt', async () => {
    const { agent, connection, id, until } = await openSession();
    agent.onPrompt = async (text) => {
      if (text === 'bad') throw new Error('The model is overloaded.');
      return 'end_turn';
    };
    await connection.call('session.prompt', { session: id, text: 'bad' });
    await connection.call('session.prompt', { session: id, text: 'good' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agent.prompts).toEqual(['bad', 'good']);
  });

  it('is named by the operator, whatever the agent says later', async () => {
    const { agent, connection, id, until } = await openSession();
    agent.updates.fire({ kind: 'title', title: 'By the agent' });
    await until((view) => view.sessions[id]?.title === 'By the agent');
    await connection.call('session.rename', { session: id, title: 'Mine' });
    agent.updates.fire({ kind: 'title', title: 'By the agent again' });
    agent.updates.fire({ kind: 'usage', used: 1, size: 2, cost: null });
    await until((view) => view.sessions[id]?.usage);
    expect(await until((view) => view.sessions[id]?.title)).toBe('Mine');
  });
});

describe('session.new', () => {
  it.each<[string, NewSession, string]>([
    ['an unknown server', { agent: { id: 'scripted' }, servers: ['nope'] }, 'no server "nope"'],
    ['one unknown server of two', { agent: { id: 'scripted' }, servers: ['web-1', 'nope'] }, 'no server "nope"'],
    ["another workspace's server", { agent: { id: 'scripted' }, servers: ['lab'] }, 'no server "lab"'],
  ])('for %s is refused and leaves nothing', async (_title, params, words) => {
    const running = await runHost();
    const { connection, mirror } = await running.screen();
    await expect(connection.call('session.new', params)).rejects.toThrow(words);
    expect(mirror.view.sessions).toEqual({});
    expect(running.agents.started).toEqual([]);
  });

  it('for an agent that nobody knows tells why, and leaves nothing', async () => {
    const running = await runHost();
    const { connection, until } = await running.screen();
    const created = connection.call('session.new', { agent: { id: 'nope' }, servers: ['web-1'] });
    await expect(created).rejects.toThrow('no agent nope');
    expect(await until((view) => Object.keys(view.sessions).length === 0)).toBe(true);
    expect(readdirSync(running.parts.paths.toolSocketsFolder)).toEqual([]);
  });

  it.each([undefined, 'look around'])(
    'for an agent that ends while it starts tells why, and leaves nothing (prompt: %s)',
    async (prompt) => {
      const running = await runHost();
      const { connection, events, mirror } = await running.screen();
      const first = prompt === undefined ? {} : { prompt };
      const created = connection.call('session.new', { agent: { id: 'dies' }, servers: ['web-1'], ...first });
      await expect(created).rejects.toThrow('ended while it started');
      expect(mirror.view.sessions).toEqual({});
      expect(events).toContainEqual(expect.objectContaining({ change: expect.objectContaining({ state: 'failed' }) }));
      const { sessionsFolder, toolSocketsFolder, workFolder } = running.parts.paths;
      for (const folder of [sessionsFolder, toolSocketsFolder, workFolder]) expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('keeps a session that somebody wrote to while it started', async () => {
    const running = await runHost();
    const { connection, until } = await running.screen();
    const { agents } = running;
    const held = promiseWithResolvers<void>();
    agents.beforeStart = async () => held.promise;
    const created = connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'], prompt: 'one' });
    const { id } = await until(({ sessions }) => Object.values(sessions)[0]);
    await connection.call('session.prompt', { session: id, text: 'two' });
    held.reject(new OperationError('CONNECTION_LOST', 'it ended'));
    await expect(created).rejects.toThrow('it ended');
    const failed = await until((view) => view.sessions[id]?.state === 'failed' && view.sessions[id]);
    expect(failed).toMatchObject({
      ...{ problem: 'it ended', queuedPrompts: ['one', 'two'] },
      isolation: { state: 'not running', reason: 'The agent did not start, or is gone.' },
    });
  });
});

describe('toTitle', () => {
  it.each([
    ['compare nginx on all servers', 'compare nginx on all servers'],
    ['  one\n\ttwo  ', 'one two'],
    ['a b c d e f g h i j', 'a b c d e f g h'],
    ['x'.repeat(60), `${'x'.repeat(45)}...`],
  ])('makes a title of %j', (text, title) => expect(toTitle(text)).toBe(title));
});
