/** Frames that a key asks for: at once, with what cannot wait. */
import { afterEach, expect, it } from 'vitest';
import { Disposables, toDisposable } from '../../../src/base/lifecycle.ts';
import { darkTheme } from '../../../src/tui/theme.ts';
import { openTerminal, type Terminal } from '../../../src/tui/widgets/screen.ts';
import { type FakeTerminal, fakeTerminal } from '../../fixtures/fake-terminal.ts';

let cleanup = new Disposables();
afterEach(() => {
  cleanup.dispose();
  cleanup = new Disposables();
});

function open(columns: number, rows: number): { fake: FakeTerminal; terminal: Terminal } {
  const fake = fakeTerminal(columns, rows);
  cleanup.add(toDisposable(() => fake.dispose()));
  const terminal = cleanup.add(openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' }));
  return { fake, terminal };
}

it('draws a key at once, before the next turn of the frame timer', () => {
  const { fake, terminal } = open(20, 2);
  let typed = '';
  const canvas = terminal.addCanvas({ x: 0, y: 0, width: 20, height: 2 }, (surface) => surface.put(0, 0, typed));
  terminal.onKey((key) => {
    typed += key.text;
    canvas.invalidate();
  });
  fake.written = '';
  fake.type('q');
  expect(fake.written).toContain('q');
});

it('draws with a key what cannot wait; what can comes with the next frame, and nothing of it is forgotten', async () => {
  const { fake, terminal } = open(20, 4);
  let typed = '';
  let printed = '.';
  const prompt = terminal.addCanvas({ x: 0, y: 0, width: 20, height: 1 }, (surface) => surface.put(0, 0, typed));
  const pane = terminal.addCanvas({ x: 0, y: 1, width: 20, height: 1 }, (surface) => surface.put(0, 0, printed));
  const over = terminal.addCanvas({ x: 4, y: 0, width: 1, height: 2 }, (surface) => {
    surface.put(0, 0, '|');
    surface.put(0, 1, '|');
  });
  await fake.idle();
  terminal.onKey((key) => {
    typed += key.text;
    prompt.invalidate();
  });
  printed = 'output';
  pane.invalidate('soon');
  fake.written = '';
  fake.type('q');
  expect(fake.written).toContain('q');
  expect(fake.written).not.toContain('outp');
  await fake.idle();
  expect(fake.screenText()).toBe('q   |\noutp|t\n\n');
  // What waits is painted at once when it is asked for.
  printed = 'more';
  pane.invalidate('soon');
  pane.invalidate();
  fake.type('r');
  await fake.idle();
  expect(fake.screenText()).toBe('qr  |\nmore|\n\n');
  over.remove();
  await fake.idle();
  expect(fake.screenText()).toBe('qr\nmore\n\n');
});
