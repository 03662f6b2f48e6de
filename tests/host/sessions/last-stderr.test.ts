/** What screens are told of an agent's stderr: at once what it wrote while it started, then once in a while. */
import { describe, expect, it } from 'vitest';
import { openSession } from '../../fixtures/open-session.ts';

const line = (text: string) => ({ text, atMs: 5 });

describe('what an agent writes to stderr', () => {
  it('is in its session, however often it writes as one change a second, and stays when it is gone', async () => {
    const { agents, clock, events, id, session, until } = await openSession({}, 'by hand');
    const [agent] = agents.started;
    const write = (text: string): void => {
      if (!agent) return;
      agent.stderr = [line(text)];
      agent.stderrGrown.fire();
    };
    const shown = () => session()?.agents[0]?.stderr;
    const told = () => events.filter((event) => event.type === 'session.changed' && event.change.agents).length;
    const before = told();
    for (let step = 0; step < 100; step += 1) write(`step ${step}`);
    clock.advance(1_000);
    await until((view) => view.sessions[id]?.agents[0]?.stderr);
    expect(shown()).toEqual([line('step 99')]);
    expect(told() - before).toBe(1);
    agent?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    expect(shown()).toEqual([line('step 99')]);
  });

  it('begins anew with its next process, with what that one wrote while it started', async () => {
    const { agents, connection, id, session, until } = await openSession({}, 'by hand');
    agents.started[0]?.exits.fire({ reason: 'no memory', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    agents.onStart = (agent) => {
      agent.stderr = [line('warming up')];
    };
    await connection.call('session.prompt', { session: id, text: 'still there?' });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(session()?.agents[0]).toEqual({ id: 'scripted', isRunning: true, stderr: [line('warming up')] });
  });
});
