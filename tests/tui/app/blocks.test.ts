/** The blocks of a server's pane under the keys: chosen, folded, filtered, cut, with their times. */
import { afterEach, describe, expect, it } from 'vitest';
import { openBlocks } from '../../fixtures/block-world.ts';
import { makeBlock } from '../../fixtures/fake-host.ts';
import type { ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

/** The heads that the bar stands beside. */
const chosen = async (): Promise<string> =>
  (await world.screen())
    .split('\n')
    .filter((line) => /^.▎(?:\$|→)/.test(line))
    .map((line) => line.slice(2).trim().split('  ')[0])
    .join();

describe.each([
  [80, 24],
  [200, 50],
])('the blocks of a pane on %i×%i', (columns, height) => {
  it('are gone through one by one, the chosen one with a bar, and say where they end', async () => {
    world = await openBlocks(columns, height);
    expect(await chosen()).toBe('$ df -h /srv/a b');
    await world.press('[');
    expect(await chosen()).toBe('→ read /etc/hosts');
    await world.press('K');
    expect(await chosen()).toBe('$ seq');
    await world.press('[');
    expect(await chosen()).toBe('$ uptime');
    await world.press('[');
    expect(await world.hint()).toContain('This is the first block.');
    await world.press(']JJ');
    expect(await chosen()).toBe('$ df -h /srv/a b');
    await world.press(']');
    expect(await world.hint()).toContain('This is the newest block.');
  });

  it('shorten long output, and show all of it or none with Enter', async () => {
    world = await openBlocks(columns, height);
    await world.press('[[');
    let screen = await world.screen();
    expect(screen).toContain('row 4');
    expect(screen).toContain('… 120 more rows, Enter shows them');
    expect(screen).not.toMatch(/row 5\b/);
    await world.press('\r');
    screen = await world.screen();
    expect(screen).toMatch(/row 5\b/);
    expect(screen).not.toContain('more rows');
    await world.press('\r');
    screen = await world.screen();
    expect(screen).toContain('▸ 145 rows, Enter shows them');
    expect(screen).not.toMatch(/row \d/);
  });

  it('fold all with one key, and unfold all', async () => {
    world = await openBlocks(columns, height);
    await world.press('F');
    expect(await world.hint()).toContain('All output is folded');
    const screen = await world.screen();
    expect(screen).toContain('▸ 145 rows');
    expect(screen).toContain('▸ 2 rows, Enter shows them');
    expect(screen).not.toContain('/dev/sda1');
    await world.press('F');
    expect(await world.screen()).toContain('/dev/sda1');
  });

  it('are filtered as one types, say so, and are whole again with the same key', async () => {
    world = await openBlocks(columns, height);
    await world.press('&row 14[34]');
    let screen = await world.screen();
    expect(screen).toContain('row 143');
    expect(screen).not.toContain('row 142');
    await world.press('\r');
    screen = await world.screen();
    expect(screen).toContain('only lines with row 14[34], & shows all');
    expect(screen).toContain('$ seq');
    expect(screen).not.toContain('$ uptime');
    await world.press('&');
    expect(await world.hint()).toContain('All lines are shown again.');
    expect(await world.screen()).not.toContain('only lines with');
  });

  it('say what is wrong with a filter, and when nothing has it', async () => {
    world = await openBlocks(columns, height);
    await world.press('&(x\r');
    expect(await world.hint()).toContain('That is no pattern');
    await world.press('&nowhere\r');
    expect(await world.screen()).toContain('No row has it; & shows all again.');
    await world.press('&');
    expect(await world.screen()).toContain('/dev/sda1');
  });

  it('cut long lines at the side, and move along them', async () => {
    const text = `begin ${'x'.repeat(columns)} end\n`;
    world = await openBlocks(columns, height, [makeBlock('b1', { summary: 'long', text })]);
    expect(await world.screen()).toContain('end');
    await world.press('l');
    expect(await world.hint()).toContain('Lines are wrapped; w cuts them');
    await world.press('w');
    let screen = await world.screen();
    expect(screen).not.toContain('end');
    expect(screen).toMatch(/x› [│┃]/);
    await world.press('ll\x1b[C');
    screen = await world.screen();
    expect(screen).toContain('end');
    expect(screen).not.toContain('begin');
    expect(screen).toMatch(/‹x/);
    await world.press('w');
    screen = await world.screen();
    expect(screen).toContain('begin');
    expect(screen).toContain('end');
  });

  it('say when output came, as far as it was watched', async () => {
    const running = { state: 'running', status: null, exitCode: null, durationMs: null } as const;
    world = await openBlocks(columns, height, [makeBlock('b1', { ...running, summary: 'tail', text: 'before\n' })]);
    const say = (text: string): void =>
      world.host.emit({ type: 'block.output', server: 'web-1', block: 'b1', text, skippedBytes: 0 });
    say('first\n');
    world.clock.advance(61_000);
    say('second\n');
    await world.terminal.until('second');
    await world.press('t');
    const screen = await world.screen();
    const time = (word: string): number => {
      const [, at] = new RegExp(`(\\d\\d:\\d\\d:\\d\\d) ${word}`).exec(screen) ?? [];
      return at === undefined ? Number.NaN : at.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    };
    expect(time('second') - time('first')).toBe(61);
    expect(screen).toMatch(/ {9}before/);
    expect(screen).toMatch(/1970-01-01 \d\d:\d\d:\d\d/);
  });
});
