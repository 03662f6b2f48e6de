/** Scrolled text: wrapping, following the end, staying in place, and search. */
import { describe, expect, it } from 'vitest';
import { keyFromId } from '../../../src/tui/input/key.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import { TextView, type TextViewOptions } from '../../../src/tui/widgets/text-view.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

const numbered = (count: number, from = 0): StyledLine[] =>
  Array.from({ length: count }, (_, index) => [{ text: `line ${from + index}` }]);

function picture(view: TextView, width = 12, height = 3): string[] {
  const memory = memorySurface(width, height);
  view.draw(memory.surface);
  return memory.lines().map((line) => line.replace(/\s*[│┃]$/u, ''));
}

function viewOf(lines: readonly StyledLine[], options: TextViewOptions = {}): TextView {
  const view = new TextView(options);
  view.setLines(lines);
  picture(view);
  return view;
}

describe('scrolling', () => {
  const walks: readonly [readonly string[], readonly string[]][] = [
    [[], ['line 0', 'line 1', 'line 2']],
    [['down'], ['line 1', 'line 2', 'line 3']],
    [['up'], ['line 0', 'line 1', 'line 2']],
    [['pagedown'], ['line 2', 'line 3', 'line 4']],
    [['end'], ['line 7', 'line 8', 'line 9']],
    [
      ['end', 'pagedown', 'down'],
      ['line 7', 'line 8', 'line 9'],
    ],
    [
      ['end', 'pageup'],
      ['line 5', 'line 6', 'line 7'],
    ],
    [
      ['end', 'home'],
      ['line 0', 'line 1', 'line 2'],
    ],
  ];
  it.each(walks)('%j', (ids, lines) => {
    const view = viewOf(numbered(10));
    for (const id of ids) expect(view.handleKey(keyFromId(id))).toBe(true);
    expect(picture(view)).toEqual(lines);
  });

  it('knows whether the end was seen', () => {
    const view = viewOf(numbered(10));
    expect(view.isAtEnd).toBe(false);
    view.scrollToEnd();
    expect(view.isAtEnd).toBe(true);
    expect(viewOf(numbered(3)).isAtEnd).toBe(true);
    expect(viewOf(numbered(4)).isAtEnd).toBe(false);
    expect(viewOf([]).isAtEnd).toBe(true);
  });

  it('wraps, and cuts when it is told to', () => {
    const long: StyledLine[] = [[{ text: 'one two ' }, { text: 'three four', bold: true }]];
    expect(picture(viewOf(long))).toEqual(['one two', 'three four', '']);
    expect(picture(viewOf(long, { wrapping: 'cut' }))).toEqual(
      ['one two thre', '', ''].map((line) => line.slice(0, 12)),
    );
  });
});

describe('following', () => {
  it('stays at the end while it is there', () => {
    const view = viewOf(numbered(5), { start: 'tail' });
    expect(picture(view)).toEqual(['line 2', 'line 3', 'line 4']);
    view.setLines(numbered(7));
    expect(picture(view)).toEqual(['line 4', 'line 5', 'line 6']);
  });

  it('stops following when one looks back, and follows again from the end', () => {
    const view = viewOf(numbered(10), { start: 'tail' });
    view.scrollBy(-2);
    expect(view.isFollowing).toBe(false);
    view.setLines(numbered(20));
    expect(picture(view)).toEqual(['line 5', 'line 6', 'line 7']);
    view.scrollBy(100);
    expect(view.isFollowing).toBe(true);
    view.setLines(numbered(30));
    expect(picture(view)[2]).toBe('line 29');
  });

  it('keeps its place when the width changes', () => {
    const lines: StyledLine[] = numbered(50).map((line) => [...line, { text: ' with some more words after it' }]);
    const view = viewOf(lines);
    view.scrollToLine(20);
    expect(picture(view, 60)[0]).toMatch(/^line 20 /);
    expect(picture(view, 9)[0]).toMatch(/^line 20/);
    expect(picture(view, 30)[0]).toMatch(/^line 20/);
  });

  it('does not wrap lines again that are the same', () => {
    let reads = 0;
    const counted = (text: string): StyledLine => [
      {
        get text() {
          reads += 1;
          return text;
        },
      },
    ];
    const lines = Array.from({ length: 1_000 }, (_, index) => counted(`line ${index}`));
    const view = viewOf(lines);
    reads = 0;
    view.setLines([...lines, counted('new')]);
    expect(view.rowCount).toBe(1_001);
    expect(reads).toBeLessThan(20);
  });
});

describe('search', () => {
  it('finds lines in both directions and around the end', () => {
    const view = viewOf(numbered(30));
    expect(view.search('LINE 1')).toBe(11);
    expect(view.search('line 25')).toBe(1);
    expect(view.searchNext('forward')).toBe(true);
    expect(picture(view)[0]).toBe('line 25');
    view.search('line 1');
    view.searchNext('backward');
    expect(picture(view)[0]).toBe('line 19');
    view.search('nowhere');
    expect(view.searchNext('forward')).toBe(false);
    view.search('');
    expect(view.searchNext('forward')).toBe(false);
  });
});

describe('sizes', () => {
  it.each([
    [1, 1],
    [5, 5],
    [0, 0],
    [2, 100],
  ])('draws at %i×%i', (width, height) => {
    const view = new TextView({ start: 'tail' });
    view.setLines([[{ text: '日本語 👍🏽 e\u0301 text' }], [], [{ text: '\x1b[2J\r\n\0' }]]);
    const memory = memorySurface(width, height);
    view.draw(memory.surface);
    expect(memory.lines().join('')).not.toMatch(/\p{Cc}/u);
  });
});
