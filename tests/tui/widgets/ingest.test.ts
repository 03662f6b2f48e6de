/** The ingest: order, turns, pressure and bounds; time is moved by hand. */

import { describe, expect, it } from 'vitest';
import { highWaterCharacters, Ingest, lowWaterCharacters } from '../../../src/tui/widgets/ingest.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import fc from '../../fixtures/properties.ts';

/** Slices cost a millisecond each; turns are run one by one. */
function world(sliceMs = 1) {
  const clock = new HandClock();
  const turns: (() => void)[] = [];
  const ingest = new Ingest({ clock, later: (call) => turns.push(call) });
  const slices: [name: string, length: number][] = [];
  const open = (name: string) => {
    let text = '';
    const pressure: boolean[] = [];
    const channel = ingest.open({
      write(slice) {
        slices.push([name, slice.length]);
        text += slice;
        clock.advance(sliceMs);
      },
      onPressure: (isPaused) => pressure.push(isPaused),
    });
    return { channel, pressure, text: () => text };
  };
  const turn = (): boolean => {
    const next = turns.shift();
    next?.();
    return next !== undefined;
  };
  return {
    open,
    slices,
    turn,
    finish: () => {
      while (turn());
    },
  };
}

describe('turns', () => {
  it('nothing is parsed in the turn that brings the data', () => {
    const { open, slices, turn } = world();
    open('a').channel.push('x');
    expect(slices).toEqual([]);
    turn();
    expect(slices).toEqual([['a', 1]]);
    expect(turn()).toBe(false);
  });

  it('a turn ends after four milliseconds, and slices are at most 6 kB', () => {
    const { open, slices, turn } = world();
    open('a').channel.push('x'.repeat(1_000_000));
    turn();
    expect(slices).toHaveLength(4);
    expect(slices.every(([, length]) => length === 6_144)).toBe(true);
  });

  it('everyone has a turn', () => {
    const { open, slices, turn } = world();
    for (const name of ['a', 'b', 'c', 'd']) open(name).channel.push('x'.repeat(100_000));
    turn();
    expect(slices.map(([name]) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('the focused one has every second slice', () => {
    const { open, slices, turn } = world();
    const all = ['a', 'b', 'c', 'd'].map((name) => open(name));
    for (const one of all) one.channel.push('x'.repeat(200_000));
    all[2]?.channel.focus();
    turn();
    expect(slices.filter(([name]) => name === 'c')).toHaveLength(2);
    expect(slices[0]?.[0]).toBe('c');
  });

  it('a slow slice does not let a second follow', () => {
    const { open, slices, turn } = world(50);
    open('a').channel.push('x'.repeat(100_000));
    open('b').channel.push('x'.repeat(100_000));
    turn();
    expect(slices).toHaveLength(1);
  });

  it('a channel that ends in the middle leaves the others alone', () => {
    const { open, turn, finish } = world();
    const a = open('a');
    const b = open('b');
    a.channel.push('x'.repeat(500_000));
    b.channel.push('y'.repeat(500_000));
    turn();
    a.channel.dispose();
    a.channel.push('more');
    finish();
    expect(b.text()).toBe('y'.repeat(500_000));
    expect(a.text().length).toBeLessThan(500_000);
    expect(a.channel.waiting).toBe(0);
  });
});

describe('pressure', () => {
  it('asks once to pause and once to go on', () => {
    const { open, turn, finish } = world();
    const one = open('a');
    for (let chunk = 0; chunk < 20; chunk += 1) one.channel.push('x'.repeat(highWaterCharacters / 10));
    expect(one.pressure).toEqual([true]);
    while (one.channel.waiting >= lowWaterCharacters) {
      expect(one.pressure).toEqual([true]);
      turn();
    }
    finish();
    expect(one.pressure).toEqual([true, false]);
  });

  it('a source that does not pause is cut to its tail, with a mark, from the beginning of a line', () => {
    const { open, finish } = world();
    const one = open('a');
    for (let line = 0; line < 1_000_000; line += 1) one.channel.push(`line ${line}\n`);
    expect(one.channel.waiting).toBeLessThan(3 * 1024 * 1024);
    finish();
    const text = one.text();
    expect(text).toMatch(/\x18\x1b\[0m\r\n\[skipped \d+\.\d MB of output\]\r\nline \d+\n/);
    expect(text.endsWith('line 999999\n')).toBe(true);
  });
});

describe('laws', () => {
  it('text arrives whole and in order, and no character is cut in two', () => {
    const piece = fc.oneof(
      fc.constantFrom('', 'a', '👍'.repeat(9_000), 'x'.repeat(20_000), `y${'👍'.repeat(8_192)}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), piece, fc.boolean()), { maxLength: 20 }), (steps) => {
        const { open, turn, finish, slices } = world();
        const all = ['a', 'b', 'c'].map((name) => open(name));
        const sent = ['', '', ''];
        for (const [index, text, runs] of steps) {
          all[index]?.channel.push(text);
          sent[index] += text;
          if (runs) turn();
        }
        finish();
        expect(all.map((one) => one.text())).toEqual(sent);
        expect(slices.every(([, length]) => length > 0 && length <= 16_384)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
