/** When each line came, counted and not parsed. */
import { describe, expect, it } from 'vitest';
import { OutputTimes } from '../../../src/tui/stream/output-times.ts';

const timesOf = (times: OutputTimes, lines: number): (number | null)[] =>
  Array.from({ length: lines }, (_, index) => times.timeOf(lines - 1 - index)).map((ms) =>
    ms === null ? null : ms / 1_000,
  );

describe('the times of output', () => {
  it.each<[name: string, before: string, pieces: readonly [text: string, second: number][], lines: (number | null)[]]>([
    [
      'whole lines',
      '',
      [
        ['a\nb\n', 1],
        ['c\n', 2],
      ],
      [1, 1, 2],
    ],
    [
      'a line that came in pieces: when it began',
      '',
      [
        ['a', 1],
        ['b', 2],
        ['\n', 3],
        ['c\n', 4],
      ],
      [1, 4],
    ],
    [
      'an empty line',
      '',
      [
        ['a\n\n', 1],
        ['b\n', 2],
      ],
      [1, 1, 2],
    ],
    ['what was there before', 'x\ny\n', [['a\n', 5]], [null, null, 5]],
    ['a line that began before', 'x\nhalf', [[' of it\na\n', 5]], [null, null, 5]],
  ])('are known of %s', (_name, before, pieces, lines) => {
    const times = new OutputTimes(before);
    for (const [text, second] of pieces) times.note(text, second * 1_000 + 400);
    expect(timesOf(times, lines.length)).toEqual(lines);
  });

  it('are of nothing beyond the end', () => {
    const times = new OutputTimes('');
    expect(times.timeOf(0)).toBeNull();
    times.note('a\n', 1_000);
    expect(times.timeOf(7)).toBeNull();
  });

  it('are kept in a bounded number, the newest', () => {
    const times = new OutputTimes('');
    for (let second = 0; second < 10_000; second += 1) times.note('a\n', second * 1_000);
    expect(times.timeOf(0)).toBe(9_999_000);
    expect(times.timeOf(9_000)).toBeNull();
  });
});
