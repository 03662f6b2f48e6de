/** Turns of the event loop that are shared: who has used up a turn waits for the next, in the order of those who wait. */
import { describe, expect, it } from 'vitest';
import { TurnShare } from '../../src/base/turn-share.ts';
import { HandClock } from '../fixtures/hand-clock.ts';

function open() {
  const clock = new HandClock();
  const turns: (() => void)[] = [];
  const share = new TurnShare({ clock, turnMs: 6, later: (call) => turns.push(call) });
  return { clock, turns, share };
}

describe('the share of a turn', () => {
  it('begins with the first who asks, and is spent when its time is over', () => {
    const { clock, turns, share } = open();
    clock.advance(100);
    expect(share.isSpent).toBe(false);
    clock.advance(5);
    expect(share.isSpent).toBe(false);
    clock.advance(1);
    expect(share.isSpent).toBe(true);
    expect(turns).toHaveLength(1);
    turns.shift()?.();
    expect(share.isSpent).toBe(false);
  });

  it('lets those who wait go on in a later turn, who waits longest first', () => {
    const { turns, share } = open();
    const went: string[] = [];
    for (const name of ['a', 'b', 'c']) share.goOnLater(() => went.push(name));
    expect(went).toEqual([]);
    turns.shift()?.();
    expect(went).toEqual(['a', 'b', 'c']);
  });

  it('leaves to the turn after it who waits again while the others go on', () => {
    const { turns, share } = open();
    let went = 0;
    const again = (): void => {
      went += 1;
      share.goOnLater(again);
    };
    share.goOnLater(again);
    for (const count of [1, 2, 3]) {
      turns.shift()?.();
      expect(went).toBe(count);
    }
  });

  it('asks for no turn while nobody asks', () => {
    const { turns, share } = open();
    expect(share.isSpent).toBe(false);
    turns.shift()?.();
    expect(turns).toEqual([]);
  });
});
