/** How fast a channel is read, without a server: it is paused while somebody is behind or a turn is used up, and read to its end when it ends. */
import { describe, expect, it } from 'vitest';
import { TurnShare } from '../../../src/base/turn-share.ts';
import { ChannelPace } from '../../../src/runtime/ssh/channel-pace.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

function open() {
  const clock = new HandClock();
  const turns: (() => void)[] = [];
  const said: string[] = [];
  const stream = (name: string) => ({
    pause: () => void said.push(`pause ${name}`),
    resume: () => void said.push(`resume ${name}`),
  });
  const state = { isBehind: false };
  const pace = new ChannelPace({
    channel: { ...stream('stdout'), stderr: stream('stderr') } as never,
    ...{ clock, isBehind: () => state.isBehind },
    turns: new TurnShare({ clock, turnMs: 6, later: (call) => turns.push(call) }),
  });
  return { ...{ clock, turns, said, state, pace }, last: () => said.splice(0).join(', ') };
}

const paused = 'pause stdout, pause stderr';
const resumed = 'resume stdout, resume stderr';

describe('the pace of a channel', () => {
  it('is its own while nobody is behind and the turn has time left', () => {
    const { pace, last } = open();
    pace.keep();
    pace.keep();
    expect(last()).toBe('');
  });

  it('rests while somebody is behind, who is asked again and again', () => {
    const { pace, state, clock, last } = open();
    state.isBehind = true;
    pace.keep();
    pace.keep();
    expect(last()).toBe(paused);
    clock.advance(1_000);
    expect(last()).toBe('');
    state.isBehind = false;
    clock.advance(5);
    expect(last()).toBe(resumed);
    expect(clock.waiting).toBe(0);
  });

  it('rests until the next turn when this one is used up', () => {
    const { pace, clock, turns, last } = open();
    pace.keep();
    clock.advance(6);
    pace.keep();
    expect(last()).toBe(paused);
    turns.shift()?.();
    expect(last()).toBe(resumed);
  });

  it('goes on resting when somebody is behind by the next turn', () => {
    const { pace, state, clock, turns, last } = open();
    pace.keep();
    clock.advance(6);
    pace.keep();
    state.isBehind = true;
    turns.shift()?.();
    expect(last()).toBe(paused);
    state.isBehind = false;
    clock.advance(5);
    expect(last()).toBe(resumed);
  });

  it('is as it comes once it is to be read to its end, whoever is behind', () => {
    const { pace, state, clock, last } = open();
    state.isBehind = true;
    pace.keep();
    pace.dispose();
    expect(last()).toBe(`${paused}, ${resumed}`);
    pace.keep();
    clock.advance(1_000);
    expect(last()).toBe('');
  });
});
