/** Which refusals of a door are recorded when somebody tries again and again. */
import { describe, expect, it } from 'vitest';
import { RefusalBudget } from '../../../src/host/sessions/refusal-budget.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

describe('the refusals of a door', () => {
  it('are recorded one by one at first, then once a minute with the number of those left out', () => {
    const clock = new HandClock();
    const budget = new RefusalBudget(clock);
    for (let count = 0; count < 64; count += 1) expect(budget.take('door.token')).toBe('');
    for (let count = 0; count < 9; count += 1) expect(budget.take('door.token')).toBeNull();
    clock.advance(60_000);
    expect(budget.take('door.token')).toBe(' 9 more were refused and not recorded before it.');
    expect(budget.take('door.token')).toBeNull();
    clock.advance(60_000);
    expect(budget.take('door.token')).toBe(' 1 more were refused and not recorded before it.');
  });

  it('of one kind do not use up the places of another', () => {
    const budget = new RefusalBudget(new HandClock());
    for (let count = 0; count < 100; count += 1) budget.take('door.token');
    expect(budget.take('door.user')).toBe('');
    expect(budget.take('door.address')).toBe('');
  });
});
