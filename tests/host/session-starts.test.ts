/** What a person does while an agent starts or is about to be started again: nothing hangs, nothing is lost unsaid, and no process stays behind. */
import { describe, expect, it } from 'vitest';
import type { AgentStart } from '../../src/core/agents.ts';
import { OperationError } from '../../src/core/codes.ts';
import { openSession } from '../fixtures/open-session.ts';

type Opened = Awaited<ReturnType<typeof openSession>>;

/** A start that lasts until the test lets it go on. */
function holdStarts({ agents }: Opened) {
  const held: {
    readonly options: AgentStart;
    readonly goOn: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  agents.beforeStart = (options) => new Promise((goOn, fail) => void held.push({ options, goOn, fail }));
  return held;
}

/** The agent has died, and its next start hangs. */
async function whileStarting(prompt?: string) {
  const opened = await openSession({}, 'by hand');
  const { agents, clock, connection, id, until } = opened;
  const held = holdStarts(opened);
  agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
  await until((view) => view.sessions[id]?.state === 'restarting');
  if (prompt === undefined) clock.advance(1_000);
  else await connection.call('session.prompt', { session: id, text: prompt });
  await until((view) => view.sessions[id]?.state === 'starting');
  await until(() => held.length === 1);
  return { ...opened, starts: held };
}

function texts({ session }: Pick<Opened, 'session'>): readonly string[] {
  return (session()?.items ?? []).map((item) => (item.kind === 'tool' ? item.title : item.text));
}

describe('while the agent waits to be started again', () => {
  it('a prompt starts it at once and is its next words', async () => {
    const { connection, agents, clock, id, until } = await openSession({}, 'by hand');
    agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    await connection.call('session.prompt', { session: id, text: 'still there?' });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(agents.started[1]?.prompts).toEqual(['still there?']);
    clock.advance(60_000);
    expect(agents.started).toHaveLength(2);
  });

  it('prompts wait when it does not start, and are sent in order once it does', async () => {
    const opened = await openSession({}, 'by hand');
    const { connection, agents, clock, id, until, session } = opened;
    agents.beforeStart = async () => {
      throw new OperationError('CONNECTION_LOST', 'no port free');
    };
    agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    await connection.call('session.prompt', { session: id, text: 'one' });
    await connection.call('session.prompt', { session: id, text: 'two' });
    await until((view) => view.sessions[id]?.state === 'restarting' && view.sessions[id]?.queuedPrompts.length === 2);
    expect(session()?.lastTurn).toBeUndefined();
    agents.beforeStart = async () => undefined;
    clock.advance(30_000);
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agents.started[1]?.prompts).toEqual(['one', 'two']);
    expect(texts(opened).filter((text) => text === 'one')).toHaveLength(1);
  });

  it('cancel takes the prompt back that waits for it', async () => {
    const opened = await openSession({}, 'by hand');
    const { connection, agents, clock, id, until, session } = opened;
    agents.beforeStart = async () => {
      throw new OperationError('CONNECTION_LOST', 'no port free');
    };
    agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
    await connection.call('session.prompt', { session: id, text: 'one' });
    await until((view) => view.sessions[id]?.queuedPrompts.length === 1);
    await connection.call('session.cancel', { session: id });
    expect(session()).toMatchObject({ queuedPrompts: [], lastTurn: { stop: 'cancelled' } });
    expect(texts(opened).at(-1)).toContain('was not sent');
    agents.beforeStart = async () => undefined;
    clock.advance(60_000);
    await until((view) => view.sessions[id]?.state === 'idle');
    expect(agents.started[1]?.prompts).toEqual([]);
  });

  it.each(['kill', 'host stop'])('%s ends the wait', async (how) => {
    const { connection, agents, clock, id, until, host } = await openSession({}, 'by hand');
    agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    if (how === 'kill') await connection.call('session.kill', { session: id });
    else await host.stop('test');
    clock.advance(60_000);
    expect(agents.started).toHaveLength(1);
  });
});

describe('while the agent starts', () => {
  it('a cancelled prompt is not sent, its start goes on, and the next prompt is', async () => {
    const opened = await whileStarting('one');
    const { connection, agents, id, until, starts, session } = opened;
    await connection.call('session.cancel', { session: id });
    expect(session()?.lastTurn).toMatchObject({ stop: 'cancelled' });
    expect(texts(opened).at(-1)).toContain('was not sent');
    await connection.call('session.prompt', { session: id, text: 'two' });
    starts[0]?.goOn();
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agents.started[1]?.prompts).toEqual(['two']);
  });

  it('cancel with nothing to cancel changes nothing', async () => {
    const { connection, id, until, starts } = await whileStarting();
    await connection.call('session.cancel', { session: id });
    starts[0]?.goOn();
    await until((view) => view.sessions[id]?.state === 'idle');
  });

  it.each([undefined, 'one'])('kill ends the start (prompt: %s)', async (prompt) => {
    const { connection, agents, id, starts, mirror } = await whileStarting(prompt);
    await connection.call('session.kill', { session: id });
    expect(starts[0]?.options.signal?.aborted).toBe(true);
    expect(mirror.view.sessions[id]).toBeUndefined();
    starts[0]?.goOn();
    expect(agents.started).toHaveLength(1);
  });

  it('kill ends a session that never had an agent, and its maker is told', async () => {
    const opened = await openSession();
    const { connection, id: first, until, mirror } = opened;
    const held = holdStarts(opened);
    const making = connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'], prompt: 'go' });
    const failed = expect(making).rejects.toThrow('was ended while it started');
    const { id } = await until(({ sessions }) => Object.values(sessions).find((one) => one.id !== first));
    await until(() => held.length === 1);
    await connection.call('session.kill', { session: id });
    await failed;
    expect(Object.keys(mirror.view.sessions)).toEqual([first]);
  });

  it.each([undefined, 'one'])(
    'the host stops, and the next one says what was not sent (prompt: %s)',
    async (prompt) => {
      const { agents, id, host, starts, again, connection } = await whileStarting(prompt);
      if (prompt) await connection.call('session.prompt', { session: id, text: 'two' });
      expect(await host.stop('test')).toEqual([]);
      expect(starts[0]?.options.signal?.aborted).toBe(true);
      expect(agents.started).toHaveLength(1);
      const second = await again();
      const next = second.mirror.view.sessions[id];
      expect(next?.state).toBe('resting');
      const said = next?.items.map((item) => (item.kind === 'tool' ? '' : item.text)).join('\n');
      // Said once, however many hosts come and go.
      await second.host.stop('test');
      expect((await again()).mirror.view.sessions[id]?.items).toEqual(next?.items);
      if (prompt) expect(said).toMatch(/ended before this turn did[^]*Not sent before the host ended: two/);
      else expect(said).not.toContain('ended before');
    },
  );

  it('another agent takes over only after its prompt was cancelled, and gets what is said next', async () => {
    const { connection, agents, id, until, starts } = await whileStarting('one');
    const command = ['two'];
    await expect(connection.call('session.switchAgent', { session: id, agent: { command } })).rejects.toThrow('cancel');
    await connection.call('session.cancel', { session: id });
    agents.beforeStart = async () => undefined;
    await connection.call('session.switchAgent', { session: id, agent: { command } });
    await connection.call('session.prompt', { session: id, text: 'two' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agents.started[1]?.prompts[0]).toMatch(/two$/);
    starts[0]?.goOn();
    await until((view) => view.sessions[id]?.agents.every(({ isRunning }) => isRunning));
    expect(agents.started[2]?.prompts).toEqual([]);
  });

  it.each([
    ['nobody knows', { id: 'nope' }, 'There is no agent "nope"; the catalogue has scripted;', null],
    [
      'does not start',
      { command: ['/opt/two', 'x'] },
      'no model',
      '/opt/two did not start, and scripted answers as before: no model',
    ],
  ] as const)(
    'another agent that %s leaves the one before in its place, in one line',
    async (_what, agent, why, line) => {
      const opened = await openSession();
      const { connection, id, session, agents, until } = opened;
      agents.started[0]?.updates.fire({ kind: 'modes', modes: [{ id: 'ask', name: 'Ask' }], current: 'ask' });
      await until((view) => view.sessions[id]?.currentMode === 'ask');
      agents.beforeStart = async () => {
        throw new OperationError('CONNECTION_LOST', 'no model');
      };
      const before = texts(opened).length;
      await expect(connection.call('session.switchAgent', { session: id, agent })).rejects.toThrow(why);
      expect(session()).toMatchObject({
        ...{ agent: 'scripted', agents: [{ id: 'scripted', isRunning: true }], state: 'idle', currentMode: 'ask' },
      });
      expect(texts(opened).slice(before)).toEqual(line === null ? [] : [line]);
      await connection.call('session.prompt', { session: id, text: 'go on' });
      await until((view) => view.sessions[id]?.lastTurn);
      expect(agents.started[0]?.prompts).toEqual(['go on']);
    },
  );

  it('another agent is said to answer once it does', async () => {
    const opened = await openSession();
    const { connection, id, until } = opened;
    const held = holdStarts(opened);
    const switching = connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    await until(() => held.length === 1);
    expect(texts(opened).join()).not.toContain('answers from here on');
    held[0]?.goOn();
    await switching;
    expect(texts(opened).at(-1)).toBe('two answers from here on.');
  });
});

describe('two agents that are chosen one after the other', () => {
  it('do not lose each other: the one on its way stays when the other does not start, and ends with the session', async () => {
    const opened = await openSession();
    const { connection, id, session, agents, until } = opened;
    const held: (() => void)[] = [];
    agents.beforeStart = async ({ agent }) => {
      await new Promise<void>((goOn) => void held.push(goOn));
      if ('command' in agent && agent.command[0] === 'two') throw new OperationError('CONNECTION_LOST', 'it ended');
    };
    const first = connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    await until(() => held.length === 1);
    const second = connection.call('session.switchAgent', { session: id, agent: { command: ['three'] } });
    await until(() => held.length === 2);
    held[0]?.();
    await expect(first).rejects.toThrow('it ended');
    expect(session()?.agent).toBe('three');
    held[1]?.();
    await second;
    expect(session()).toMatchObject({ agent: 'three', state: 'idle' });
    expect(session()?.agents).toContainEqual(expect.objectContaining({ id: 'three', isRunning: true }));
    const started = agents.started.at(-1);
    await connection.call('session.kill', { session: id });
    expect(started?.isDisposed).toBe(true);
  });
});

describe('an agent that still starts when another one is gone back to', () => {
  it.each(['starts', 'does not start'] as const)('counts as not contained until it %s', async (end) => {
    const opened = await openSession();
    const { connection, id, session, until } = opened;
    const held = holdStarts(opened);
    const first = connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    const settled = first.catch(() => undefined);
    await until(() => held.length === 1);
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    expect(session()).toMatchObject({ agent: 'scripted', isolation: { state: 'NOT CONTAINED' } });
    if (end === 'starts') held[0]?.goOn();
    else held[0]?.fail(new OperationError('CONNECTION_LOST', 'it ended'));
    await settled;
    await until((view) => view.sessions[id]?.isolation.state === 'isolated');
    expect(session()).toMatchObject({ agent: 'scripted', state: 'idle' });
  });
});

describe('an agent that does not answer at present', () => {
  it('is ended after its time, and goes on where it was when it is gone back to', async () => {
    const opened = await openSession({}, 'by hand');
    const { connection, agents, clock, id, until, session } = opened;
    const [first] = agents.started;
    first?.updates.fire({ kind: 'modes', modes: [{ id: 'ask', name: 'Ask' }], current: 'ask' });
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    expect(session()).toMatchObject({ modes: [], currentMode: null });
    clock.advance(1_799_999);
    expect(first?.isDisposed).toBe(false);
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    // What it offered is not said again by an agent that ran all the time.
    expect(session()).toMatchObject({ modes: [{ id: 'ask' }], currentMode: 'ask' });
    clock.advance(1_799_999);
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    clock.advance(1_800_000);
    await until((view) => view.sessions[id]?.agents[0]?.isRunning === false);
    expect([first?.isDisposed, agents.started[1]?.isDisposed]).toEqual([true, false]);
    await connection.call('session.switchAgent', { session: id, agent: { id: 'scripted' } });
    expect(agents.started[2]?.options.continueFrom).toBe('scripted-1');
    expect(texts(opened).at(-1)).toContain('remembers this conversation');
  });

  it('is left alone where the configuration says so, and the one that answers always is', async () => {
    const settings = {
      allowNonInteractive: false,
      requireIsolation: false,
      closeIdleAgentsAfterMs: 0,
      transcriptsBytesMax: 1e9,
    };
    const { connection, agents, clock, id, host } = await openSession({}, 'by hand', { settings });
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    clock.advance(1_000_000_000);
    expect(agents.started.map(({ isDisposed }) => isDisposed)).toEqual([false, false]);
    await host.stop('test');
    expect(agents.started.map(({ isDisposed }) => isDisposed)).toEqual([true, true]);
  });
});
