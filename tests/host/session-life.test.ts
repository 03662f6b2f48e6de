/** Sessions outlive agents and hosts: agents are switched and gone back to, and the next host goes on where the last one ended. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { openSession } from '../fixtures/open-session.ts';

describe('another agent in a session', () => {
  it('answers from there on, is told what was said, and the first one goes on where it was', async () => {
    const { agents, connection, id, until, session } = await openSession();
    await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 1);
    const command = ['scripted-two'];
    await connection.call('session.switchAgent', { session: id, agent: { command } });
    expect(session()).toMatchObject({
      agent: 'scripted-two',
      agents: [
        { id: 'scripted', isRunning: true },
        { id: 'scripted-two', isRunning: true },
      ],
    });
    const [first, second] = agents.started;
    for (const agent of agents.started)
      agent.onPrompt = async () => {
        agent.updates.fire({ kind: 'message', text: 'It is fine.' });
        return 'end_turn';
      };
    expect(second?.options.toolSocket).not.toBe(first?.options.toolSocket);
    expect(second?.options.toolToken).not.toBe(first?.options.toolToken);
    await connection.call('session.prompt', { session: id, text: 'And now?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(second?.prompts[0]).toContain('operator: How is web-1?\nagent: You said: How is web-1?');
    expect(second?.prompts[0]).toMatch(/And now\?$/);
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    await connection.call('session.prompt', { session: id, text: 'Thanks.' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 3);
    expect(first?.prompts[1]).toContain('operator: And now?\nagent: It is fine.');
    expect(first?.prompts[1]).not.toContain('How is web-1?');
    expect(agents.started).toHaveLength(2);
  });

  it('waits until the one before has finished its turn', async () => {
    const { agent, connection, id, until } = await openSession();
    agent.onPrompt = () => agent.untilEnded();
    await connection.call('session.prompt', { session: id, text: 'go' });
    await until((view) => view.sessions[id]?.state === 'working');
    const switched = connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    await expect(switched).rejects.toThrow('cancel its turn');
  });

  it('counts for how well the session is contained, also while it rests', async () => {
    const { agents, connection, id, session } = await openSession();
    agents.verdict = { state: 'NOT CONTAINED', reason: 'it runs as you' };
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    agents.verdict = { state: 'isolated', reason: 'bubblewrap' };
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    expect(session()?.isolation.state).toBe('NOT CONTAINED');
  });
});

describe('a prompt that waits', () => {
  it('can be taken back until it is sent, by one screen only', async () => {
    const { agent, connection, id, until, session } = await openSession();
    agent.onPrompt = () => agent.untilEnded();
    for (const text of ['one', 'two', 'three']) await connection.call('session.prompt', { session: id, text });
    await until((view) => view.sessions[id]?.queuedPrompts.length === 2);
    await connection.call('session.unqueue', { session: id, index: 0, text: 'two' });
    expect(session()?.queuedPrompts).toEqual(['three']);
    const again = connection.call('session.unqueue', { session: id, index: 0, text: 'two' });
    await expect(again).rejects.toThrow('sent already');
  });
});

describe('an agent that dies again and again', () => {
  it('is given up after three tries, and a prompt tries once more', async () => {
    const { agents, clock, connection, id, until, session } = await openSession({}, 'by hand');
    for (const delayMs of [1_000, 5_000, 30_000]) {
      agents.started.at(-1)?.exits.fire({ reason: 'no memory', expected: false });
      await until((view) => view.sessions[id]?.state === 'restarting');
      expect(session()?.restartAtMs).toBe(clock.nowMs() + delayMs);
      clock.advance(delayMs);
      await until((view) => view.sessions[id]?.state === 'idle');
      expect(session()?.restartAtMs).toBeNull();
    }
    agents.started.at(-1)?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'failed');
    expect(session()?.items.at(-1)).toMatchObject({
      text: expect.stringMatching(/Write to it, or run `signalbox session start \w+`, and it is started once more/),
    });
    await connection.call('session.prompt', { session: id, text: 'still there?' });
    await until((view) => view.sessions[id]?.state === 'idle');
    expect(agents.started).toHaveLength(5);
  });
});

describe('an agent that is about to be started again', () => {
  it('is started at once when somebody asks, which the conversation offers', async () => {
    const { agents, clock, connection, id, until, session } = await openSession({}, 'by hand');
    for (const delayMs of [1_000, 5_000]) {
      agents.started.at(-1)?.exits.fire({ reason: 'no memory', expected: false });
      await until((view) => view.sessions[id]?.state === 'restarting');
      if (delayMs === 1_000) clock.advance(delayMs);
      else
        expect(session()?.items.at(-1)).toMatchObject({
          text: `The agent is gone: no memory. It is started again in 5 s; \`signalbox session start ${id}\` starts it at once.`,
        });
      if (delayMs === 1_000) await until((view) => view.sessions[id]?.state === 'idle');
    }
    await connection.call('session.start', { session: id });
    expect(session()).toMatchObject({ state: 'idle', restartAtMs: null });
    clock.advance(60_000);
    expect(agents.started).toHaveLength(3);
  });
});

describe('the next host', () => {
  it('brings sessions back with what was said, and their agents go on when they are written to', async () => {
    const { connection, id, until, host, again } = await openSession({ title: 'kept' });
    await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
    await until((view) => view.sessions[id]?.lastTurn);
    await host.stop('test');
    const next = await again();
    expect(next.mirror.view.sessions[id]).toMatchObject({
      ...{ title: 'kept', state: 'resting', agent: 'scripted' },
      items: [{ text: 'How is web-1?' }, { text: 'You said: How is web-1?' }, { kind: 'notice' }],
    });
    expect(next.agents.started).toEqual([]);
    await next.connection.call('session.prompt', { session: id, text: 'And now?' });
    await next.until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(next.agents.started[0]?.options).toMatchObject({ continueFrom: 'scripted-1', servers: ['web-1'] });
  });

  it('does not bring back what was ended, and says what it cannot read', async () => {
    const { connection, id, host, again, parts } = await openSession();
    const folder = parts.paths.sessionsFolder;
    const other = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await connection.call('session.kill', { session: other.id });
    await host.stop('test');
    const files = readdirSync(folder).filter((name) => name.endsWith('.session.json'));
    expect(files).toEqual([`${id}.session.json`]);
    expect(statSync(join(folder, files[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, files[0] ?? ''), 'utf8')).not.toContain('token');
    writeFileSync(join(folder, `${id}.session.json`), '{"v":1');
    mkdirSync(join(folder, 'fold.session.json'));
    const next = await again();
    expect(next.mirror.view.sessions).toEqual({});
    const damaged = expect.stringContaining('is damaged');
    expect(next.mirror.view.notices.map(({ text }) => text)).toEqual([damaged, damaged]);
  });
});

describe('what was read', () => {
  it('is told by any screen, never goes back, and is known to the next host', async () => {
    const { connection, id, until, session, host, again } = await openSession();
    await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
    await until((view) => view.sessions[id]?.lastTurn);
    const last = session()?.items.at(-1)?.id ?? 0;
    expect(session()?.seenItem).toBe(0);
    await connection.call('session.seen', { session: id, item: last - 1 });
    await connection.call('session.seen', { session: id, item: 1 });
    expect(session()?.seenItem).toBe(last - 1);
    await connection.call('session.seen', { session: id, item: last + 1_000 });
    expect(session()?.seenItem).toBe(last);
    await host.stop('test');
    expect((await again()).mirror.view.sessions[id]?.seenItem).toBe(last);
  });

  it('is nothing of a session that is not there', async () => {
    const { connection } = await openSession();
    await expect(connection.call('session.seen', { session: 'nope', item: 1 })).rejects.toThrow('no session nope');
    await expect(connection.call('session.seen', { session: 'nope', item: -1 })).rejects.toThrow('Bad parameters');
  });
});

describe('a session for which there was no room', () => {
  it('is put away when it rests, comes back when it is started, and others that run stay', async () => {
    const { connection, id, until, host, again, parts } = await openSession({ title: 'oldest' });
    await connection.call('session.prompt', { session: id, text: 'remember me' });
    await until((view) => view.sessions[id]?.lastTurn);
    await host.stop('test');
    const kept = readFileSync(join(parts.paths.sessionsFolder, `${id}.session.json`), 'utf8');
    for (let number = 0; number < limits.sessionsMax; number += 1) {
      const other = JSON.stringify({ ...JSON.parse(kept), id: `x${number}`, createdAtMs: Date.now() + number });
      writeFileSync(join(parts.paths.sessionsFolder, `x${number}.session.json`), other);
    }
    const next = await again();
    expect(Object.keys(next.mirror.view.sessions)).toHaveLength(limits.sessionsMax);
    expect(next.mirror.view.sessions[id]).toBeUndefined();
    await next.connection.call('session.start', { session: id });
    expect(next.mirror.view.sessions[id]).toMatchObject({
      title: 'oldest',
      state: 'idle',
      items: [{ text: 'remember me' }, {}, {}, {}],
    });
    expect(Object.keys(next.mirror.view.sessions)).toHaveLength(limits.sessionsMax);
    expect(next.mirror.view.sessions['x0']).toBeUndefined();
    await next.connection.call('session.kill', { session: 'x0' });
    expect(readdirSync(parts.paths.sessionsFolder)).not.toContain('x0.session.json');
    await expect(next.connection.call('session.start', { session: '../x' })).rejects.toThrow('no session');
  });
});
