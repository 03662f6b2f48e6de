/** What the screen does while its window changes: it is told in words when it is too small, and right when it is large enough again. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeBlock } from '../../fixtures/fake-host.ts';
import fc from '../../fixtures/properties.ts';
import { disposeWorlds, open, openWorld } from '../../fixtures/server-screens.ts';

afterEach(disposeWorlds);

const prefix = '\x02';
const escape = '\x1b';

describe('a window that changes', () => {
  it('comes through two hundred sizes under a flood, and then looks as if it had always been so', async () => {
    const world = await open(200, 50, 9);
    const running = { state: 'running', status: null, exitCode: null, durationMs: null } as const;
    world.host.emit({
      type: 'block.added',
      server: 'srv-2',
      block: makeBlock('flood', { ...running, summary: 'yes', text: '' }),
    });
    const sizes = fc.sample(fc.tuple(fc.integer({ min: 1, max: 260 }), fc.integer({ min: 1, max: 80 })), 200);
    for (const [columns, rows] of [...sizes, [5, 5], [120, 40]] as const) {
      world.terminal.resize(columns, rows);
      world.host.emit({
        type: 'block.output',
        server: 'srv-2',
        block: 'flood',
        text: `${'y\n'.repeat(200)}`,
        skippedBytes: 0,
      });
      if (columns % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const end = await world.screen();
    const fresh = openWorld(120, 40, 9);
    const { text } = world.host.view.panes['srv-2']?.blocks.at(-1) ?? { text: '' };
    fresh.host.emit({
      type: 'block.added',
      server: 'srv-2',
      block: makeBlock('flood', { ...running, summary: 'yes', text }),
    });
    await fresh.press(escape);
    await fresh.terminal.until(' srv-1 development');
    // How much of the flood an emulator still has above depends on what it has seen: the thumb may differ, and nothing else.
    const withoutThumb = (screen: string): string => screen.replaceAll('┃', '│');
    expect(withoutThumb(end)).toBe(withoutThumb(await fresh.screen()));
  });

  it.each([
    [5, 5],
    [1, 1],
    [19, 40],
    [200, 4],
  ])('is told in words that %i×%i is too small', async (columns, rows) => {
    const world = await open(80, 24, 3);
    world.terminal.resize(columns, rows);
    const screen = await world.screen();
    expect('Toosmall:atleast20x5,better80x24.').toContain(screen.replace(/\s/g, ''));
    await world.press(`${prefix}n${prefix} ${prefix}h`);
    world.terminal.resize(80, 24);
    expect(await world.screen()).toMatch(/srv-\d/);
  });
});
