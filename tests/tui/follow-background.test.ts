/** The background of the terminal: asked once, answered in several forms, and nothing else is taken for an answer. */
import { describe, expect, it } from 'vitest';
import { followBackground } from '../../src/tui/follow-background.ts';
import { darkTheme } from '../../src/tui/theme.ts';
import { readBackgroundAnswer } from '../../src/tui/widgets/background-color.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { fakeTerminal } from '../fixtures/fake-terminal.ts';
import { ManualClock } from '../fixtures/screen-world.ts';

describe('an answer', () => {
  it.each([
    ['\x1b]11;rgb:ffff/ffff/ffff\x1b\\', 0xffffff],
    ['\x1b]11;rgb:0000/0000/0000\x07', 0x000000],
    ['\x1b]11;rgb:1e1e/2e2e/3e3e\x1b\\', 0x1e2e3e],
    ['\x1b]11;rgb:f/8/0\x07', 0xff8800],
    ['\x1b]11;rgb:1E/2E/3E\x07', 0x1e2e3e],
    ['\x1b]11;rgba:ffff/0000/0000/8000\x1b\\', 0xff0000],
  ])('%j is %d', (reply, rgb) => {
    expect(readBackgroundAnswer(reply)).toBe(rgb);
  });

  it.each([
    '',
    '\x1b]11;?\x1b\\',
    '\x1b]10;rgb:ffff/ffff/ffff\x1b\\',
    '\x1b]11;rgb:ffff/ffff\x1b\\',
    '\x1b]11;rgb:fffff/0/0\x1b\\',
    '\x1b]11;red\x1b\\',
    '\x1b]11;rgb:gggg/0000/0000\x1b\\',
    'x\x1b]11;rgb:0/0/0\x07',
    '\x1b[?62;4c',
  ])('%j is none', (reply) => {
    expect(readBackgroundAnswer(reply)).toBeNull();
  });
});

describe('the question', () => {
  const open = () => {
    const fake = fakeTerminal(20, 3);
    const clock = new ManualClock();
    const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' });
    const told: string[] = [];
    const keys: string[] = [];
    terminal.onKey((key) => keys.push(key.name));
    followBackground(terminal, clock, (background) => told.push(background));
    return { fake, clock, terminal, told, keys, [Symbol.dispose]: () => [terminal.dispose(), fake.dispose()] };
  };

  it('is asked once and told once, and no byte of the answer is a key', () => {
    using world = open();
    expect(world.fake.written.split('\x1b]11;?\x1b\\')).toHaveLength(2);
    world.fake.type('a\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\b');
    world.fake.type('\x1b]11;rgb:0000/0000/0000\x07');
    expect(world.told).toEqual(['light']);
    expect(world.keys).toEqual(['a', 'b']);
  });

  it('takes an answer in pieces, after others', () => {
    using world = open();
    for (const piece of ['\x1b[?62;4c\x1b]10;rgb:ffff/ffff/ffff\x1b\\', '\x1b]11;rgb:1a', '1a/1b1b/2626\x1b', '\\'])
      world.fake.type(piece);
    expect(world.told).toEqual(['dark']);
    expect(world.keys).toEqual([]);
  });

  it('is forgotten after a second', () => {
    using world = open();
    world.clock.advance(1_000);
    world.fake.type('\x1b]11;rgb:ffff/ffff/ffff\x1b\\');
    expect(world.told).toEqual([]);
    expect(world.keys).toEqual([]);
  });
});
