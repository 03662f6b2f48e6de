/** A turn that runs in circles is paused, the operator is told why, and a prompt lets it go on. */
import { describe, expect, it } from 'vitest';
import { RepeatGuard } from '../../src/core/repeat-guard.ts';
import { testParts } from '../fixtures/host-parts.ts';
import { agentCaller } from '../fixtures/memory-world.ts';
import { runHostOn } from '../fixtures/running-host.ts';
import type { ScriptedAgent } from '../fixtures/scripted-agents.ts';

describe('a session whose agent repeats a refused request', () => {
  it('is paused with a notice, and goes on with the next prompt', async () => {
    const parts = testParts();
    const repeats = new RepeatGuard(parts.world.gate);
    const running = await runHostOn({ ...parts, parts: { ...parts.parts, repeats } });
    const { connection, until, mirror } = await running.screen();
    const { id } = await connection.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    const agent = running.agents.started[0] as ScriptedAgent;
    const ask = (command: string) =>
      repeats.perform({
        operation: 'remote_exec',
        input: { server: 'web-1', command },
        caller: { ...agentCaller, session: id },
        signal: new AbortController().signal,
      });
    agent.onPrompt = async (text) => {
      if (text !== 'go') return 'end_turn';
      const ended = agent.untilEnded();
      for (let index = 0; index < 3; index += 1) await ask('never this');
      return await ended;
    };
    await connection.call('session.prompt', { session: id, text: 'go' });
    const turn = await until((view) => view.sessions[id]?.lastTurn);
    expect(turn).toMatchObject({ number: 1, stop: 'cancelled' });
    const notices = mirror.view.sessions[id]?.items.filter((item) => item.kind === 'notice') ?? [];
    expect(notices.map((item) => ('text' in item ? item.text : ''))).toContainEqual(
      expect.stringMatching(
        /^Paused after 3 identical refusals of remote_exec on web-1 \(.*\); prompt it again to go on\.$/,
      ),
    );
    expect(notices).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/^Paused: .*What should it do instead\?/) }),
    );
    await until((view) => view.notices.find(({ text }) => text.includes(`Session ${id} is paused after 3 identical`)));
    expect(mirror.view.sessions[id]?.state).toBe('idle');

    await connection.call('session.prompt', { session: id, text: 'try something else' });
    await until(
      (view) => view.sessions[id]?.lastTurn?.number === 2 && view.sessions[id]?.lastTurn?.stop === 'end_turn',
    );
    expect((await ask('never this')).message).not.toContain('do not repeat');
  });
});
