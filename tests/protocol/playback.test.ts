/** Playing a recording: what is written when, whatever way one goes through it. */

import { describe, expect, it } from 'vitest';
import { Playback, toSpeed } from '../../src/protocol/playback.ts';
import fc from '../fixtures/properties.ts';

const events = [
  { atSeconds: 0, text: 'a' },
  { atSeconds: 1, text: 'b' },
  { atSeconds: 100, text: 'c' },
  { atSeconds: 100.5, text: 'd' },
];

describe('a playback', () => {
  it('gives out what has come by then, and cuts long pauses', () => {
    const playback = new Playback(events, { pauseSecondsMax: 2 });
    expect(playback.durationSeconds).toBe(3.5);
    expect(playback.goTo(0)).toEqual({ from: 'here', text: 'a' });
    expect(playback.untilNextSeconds).toBe(1);
    expect(playback.advance(1)).toEqual({ from: 'here', text: 'b' });
    expect(playback.advance(1.9).text).toBe('');
    expect(playback.advance(0.1).text).toBe('c');
    expect([playback.advance(60).text, playback.isAtEnd, playback.untilNextSeconds]).toEqual(['d', true, null]);
    expect(playback.positionSeconds).toBe(3.5);
  });

  it('begins anew when it goes back', () => {
    const playback = new Playback(events, { pauseSecondsMax: 2 });
    playback.goTo(99);
    expect(playback.goTo(1)).toEqual({ from: 'beginning', text: 'ab' });
    expect(playback.goTo(-5)).toEqual({ from: 'beginning', text: 'a' });
  });

  it('has nothing to play in an empty recording', () => {
    const playback = new Playback([], { pauseSecondsMax: 2 });
    expect([playback.isAtEnd, playback.durationSeconds, playback.goTo(9).text]).toEqual([true, 0, '']);
  });

  it('shows the same at a time however one got there', () => {
    const recording = fc.array(
      fc.record({ atSeconds: fc.double({ min: 0, max: 50, noNaN: true }), text: fc.string() }),
    );
    const way = fc.array(fc.double({ min: -10, max: 80, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(recording, way, (all, times) => {
        const playback = new Playback(all, { pauseSecondsMax: 3 });
        let shown = '';
        for (const time of times) {
          const { from, text } = playback.goTo(time);
          shown = from === 'beginning' ? text : shown + text;
        }
        const last = times.at(-1) ?? 0;
        expect(shown).toBe(new Playback(all, { pauseSecondsMax: 3 }).goTo(last).text);
      }),
    );
  });

  it('ends with everything, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ atSeconds: fc.double({ min: 0, max: 50, noNaN: true }), text: fc.string() })),
        (all) => {
          const playback = new Playback(all, { pauseSecondsMax: 1 });
          expect(playback.goTo(playback.durationSeconds).text).toBe(all.map(({ text }) => text).join(''));
        },
      ),
    );
  });

  it.each([
    [1, 1, 2],
    [16, 1, 16],
    [0.25, -1, 0.25],
    [3, 1, 4],
    [3, -1, 2],
  ] as const)('goes from speed %d by %d to %d', (speed, step, next) => expect(toSpeed(speed, step)).toBe(next));
});
