/** Where panes are, as a person arranges them with keys and the mouse: on small and on large screens, over sessions and restarts. */
import { afterEach, describe, expect, it } from 'vitest';
import type { KeptPlacements } from '../../../src/tui/placement-text.ts';
import type { PlacementStore } from '../../../src/tui/placements.ts';
import type { SeenPanes } from '../../../src/tui/seen-panes.ts';
import { makeBlock, makeCard, makeSession } from '../../fixtures/fake-host.ts';
import type { ScreenWorld } from '../../fixtures/screen-world.ts';
import { disposeWorlds, open, openWorld } from '../../fixtures/server-screens.ts';

afterEach(disposeWorlds);

const prefix = '\x02';
const escape = '\x1b';

/** Column and row of the text on the screen. */
function find(world: ScreenWorld, text: string): { readonly x: number; readonly y: number } {
  const lines = world.terminal.screenText().split('\n');
  const y = lines.findIndex((line) => line.includes(text));
  return { x: (lines[y] ?? '').indexOf(text), y };
}

const at = (x: number, y: number): string => `${x + 1};${y + 1}`;
const click = (x: number, y: number): string => `\x1b[<0;${at(x, y)}M\x1b[<0;${at(x, y)}m`;
const drag = (from: [number, number], to: [number, number]): string =>
  `\x1b[<0;${at(...from)}M\x1b[<32;${at(...to)}M\x1b[<0;${at(...to)}m`;

describe('the layouts', () => {
  it('follow each other with one key, which names each, and a border moved by hand is one of them', async () => {
    const world = await open(200, 50, 3);
    await world.press(`${prefix}n`);
    for (const word of ['stack, one pane open', 'one large pane', 'manual, as you divide it', 'grid']) {
      await world.press(`${prefix} `);
      expect(await world.hint()).toContain(`Layout: ${word}`);
    }
    const before = find(world, 'srv-2 ');
    await world.press(`${prefix}\x1b[1;3B`);
    expect(find(world, 'srv-2 ')).toEqual({ x: before.x, y: before.y + 5 });
    await world.press('\x1b[1;5B\x1b[1;5B');
    expect(find(world, 'srv-2 ')).toEqual({ x: before.x, y: before.y + 7 });
    world.clock.advance(1_000);
    await world.press('\x1b[1;5B');
    expect(find(world, 'srv-2 ')).toEqual({ x: before.x, y: before.y + 7 });
    await world.press(`${prefix}=`);
    expect(find(world, 'srv-2 ')).toEqual(before);
  });

  it('have a border to the conversation that keys and the mouse move, as far as both can be used', async () => {
    const world = await open(200, 50, 2);
    const before = find(world, 'srv-1 ').x;
    await world.press(`${prefix}\x1b[1;3C`);
    expect(find(world, 'srv-1 ').x).toBe(before + 5);
    await world.press(drag([before + 3, 20], [120, 20]));
    expect(find(world, 'srv-1 ').x).toBe(122);
    await world.press(drag([120, 20], [199, 20]));
    const farthest = find(world, 'srv-1 ').x;
    expect(farthest).toBe(174);
    await world.press(`${prefix}\x1b[1;3C`);
    expect(find(world, 'srv-1 ').x).toBe(farthest);
    await world.press(`${prefix}\x1b[1;3A`);
    expect(await world.hint()).toContain('No border of this part moves up.');
  });

  it('take a drag on a border between panes, and a click there without one is a click', async () => {
    const world = await open(200, 50, 2);
    const title = find(world, 'srv-2 ');
    await world.press(drag([title.x + 30, title.y], [title.x + 30, title.y + 6]));
    expect(find(world, 'srv-2 ').y).toBe(title.y + 6);
    expect(await world.screen()).not.toContain('■ srv-2');
    await world.press(click(title.x, title.y + 6));
    expect(await world.screen()).toContain('■ srv-2');
  });

  it('swap, hide, show again, pin and divide', async () => {
    const world = await open(200, 50, 3);
    await world.press(`${prefix}n`);
    const first = find(world, '■ srv-1');
    await world.press(`${prefix}}`);
    expect(find(world, ' srv-2 ').y).toBe(first.y);
    expect(find(world, '■ srv-1').y).toBeGreaterThan(first.y);
    await world.press(`${prefix}h`);
    expect(await world.hint()).toContain('srv-1 is hidden; ^B H shows it again.');
    expect(await world.screen()).not.toContain(' srv-1 development');
    await world.press(`${prefix}H`);
    expect(await world.screen()).toContain('Hidden');
    await world.press('srv-1\r');
    expect(await world.screen()).toContain('■ srv-1');
    await world.press(`${prefix}%`);
    const [one, next] = [find(world, '■ srv-1'), find(world, ' srv-3 ')];
    expect(next.y).toBe(one.y);
    expect(next.x).toBeGreaterThan(one.x);
    await world.press(`${prefix}P`);
    expect(await world.hint()).toContain('srv-1 stays in sight.');
    expect(await world.screen()).toContain('· pinned');
  });

  it('show all servers with a key, those of the session first', async () => {
    const world = await open(200, 50, 2);
    expect(await world.screen()).not.toContain('other ');
    await world.press(`${prefix}A`);
    expect(await world.screen()).toContain(' other development');
    expect(find(world, ' other ').y).toBeGreaterThan(find(world, ' srv-2 ').y);
    await world.press(`${prefix}A`);
    expect(await world.hint()).toContain('The servers of this session');
    expect((await world.screen()).split('\n').slice(0, -1).join()).not.toContain('other');
  });

  it('say why a key does nothing', async () => {
    const world = await open(200, 50, 1);
    await world.press(`${prefix}h`);
    expect(await world.hint()).toContain('hide: no server pane has the focus');
    await world.press(`${prefix}n${prefix}%`);
    expect(await world.hint()).toContain('split: there is no other pane');
    await world.press(`${prefix}z${prefix}\x1b[1;5A`);
    expect(await world.hint()).toContain('border up: one part has the whole screen; z gives it back');
  });
});

describe('more servers than fit', () => {
  it('are a strip: with what happened unseen, scrolled by the wheel, and a click or the keys go there', async () => {
    const world = await open(80, 24, 12);
    await world.press(`${prefix}n`);
    expect(await world.screen()).toContain('■ srv-1');
    const strip = (): string => world.terminal.line(22);
    expect(strip()).toContain('conversation idle');
    expect(strip()).toMatch(/ \d+ >$/);
    world.host.emit({
      type: 'block.added',
      server: 'srv-12',
      block: makeBlock('b9', { status: 'error', exitCode: 1 }),
    });
    world.host.emit({
      type: 'block.added',
      server: 'srv-4',
      block: makeBlock('b8', { state: 'running', status: null }),
    });
    await world.screen();
    expect(strip()).toMatch(/✗ \d+ >$/);
    for (let step = 0; step < 20 && !strip().includes('srv-12'); step += 1) await world.press('\x1b[<65;10;23M');
    expect(strip()).toContain('srv-12 development ✗ command failed');
    expect(strip()).toContain('< ');
    await world.press(click(strip().indexOf('srv-12') + 1, 22));
    await world.screen();
    expect(await world.screen()).toContain('■ srv-12');
    expect(strip()).not.toContain('srv-12');
    await world.press(`${prefix}n`);
    expect(await world.screen()).toContain('■ srv-1 ');
    await world.press(`${prefix}p`);
    await world.press(`${prefix}p`);
    expect(await world.screen()).toContain('■ srv-11');
  });

  it('leave the pane in sight that was used last, and what is pinned', async () => {
    const world = await open(200, 50, 16);
    await world.press(`${prefix}n${prefix}P`);
    await world.press(`${prefix}p`);
    expect(await world.screen()).toContain('■ srv-16');
    expect(await world.screen()).toContain(' srv-1 development');
    await world.press('i');
    expect(await world.screen()).toContain(' srv-16 development connected 12 ms');
    world.host.emit({
      type: 'approval.added',
      card: makeCard('c1', { server: { ...makeCard('c1').server, id: 'srv-3' } }),
    });
    expect(await world.screen()).toMatch(/srv-3 development connected ◆ 1 waiting/);
  });
});

describe('the words of the first and the last line', () => {
  it.each([
    ['2 servers', 'Servers 2'],
    ['demo idle', 'Agents'],
    ['To demo', null],
  ])('%s is clicked', async (words, expected) => {
    const world = await open(200, 50, 1);
    const { x, y } = find(world, words);
    await world.press(click(x + 1, y));
    if (expected !== null) expect(await world.screen()).toContain(expected);
    else expect(await world.screen()).toContain('■ To demo');
  });

  it('do what their key does, or say why not', async () => {
    const world = await open(200, 50, 1);
    const help = find(world, '? help');
    await world.press(click(help.x + 3, help.y));
    expect(await world.screen()).toContain('■ Keys');
    await world.press(escape);
    await world.screen();
    const audit = find(world, '3 audit');
    await world.press(click(audit.x, audit.y));
    expect(await world.screen()).toContain('Audit');
    const name = find(world, ' audit ');
    await world.press(click(name.x + 2, 0));
    expect(await world.screen()).toContain('To demo');
  });
});

describe('the layout of a session', () => {
  /** What a file would keep, in memory. */
  function memory(): PlacementStore & { kept: KeptPlacements } {
    let seen: SeenPanes = new Map();
    const store = {
      kept: new Map() as KeptPlacements,
      readSeen: () => seen,
      writeSeen: (changed: SeenPanes) => {
        seen = new Map([...seen, ...changed]);
      },
      read: () => store.kept,
      write: (changed: KeptPlacements) => {
        store.kept = new Map([...store.kept, ...changed]);
      },
    };
    return store;
  }

  it('is its own, and is there again on the next screen: order, hidden, borders, zoom', async () => {
    const placements = memory();
    const world = await open(200, 50, 3, { placements });
    await world.press(`${prefix}n${prefix}}`);
    await world.press(`${prefix}\x1b[1;3A`);
    await world.press(`${prefix}n${prefix}h`);
    const arranged = find(world, ' srv-1 ');
    world.host.emit({
      type: 'session.added',
      session: makeSession('S2', { servers: ['srv-1', 'srv-3'], createdAtMs: 9 }),
    });
    await world.press(`${prefix}:session S2\r`);
    expect(await world.screen()).toContain(' srv-3 development');
    await world.press(`${prefix}:session S1\r`);
    expect(find(world, ' srv-1 ')).toEqual(arranged);
    expect(await world.screen()).not.toContain(' srv-3 development');
    await world.press(`${prefix}n${prefix}z`);
    world.app.dispose();
    expect([...placements.kept.keys()]).toEqual(['S1']);
    const again = openWorld(200, 50, 3, { placements });
    expect(await again.screen()).toMatch(/■ srv-\d/);
    await again.press(`${prefix}z`);
    expect(await again.screen()).not.toContain(' srv-3 development');
    expect(find(again, 'srv-1 ').y).toBe(arranged.y);
  });

  it('has the marks of what nobody has seen on the screen before', async () => {
    const placements = memory();
    const first = await open(80, 24, 3, { placements });
    expect(await first.screen()).toMatch(/srv-1 development connected • new · srv-2 development connected {2}1 >/);
    await first.press(`${prefix}n${prefix}n${prefix}ni`);
    expect(await first.screen()).not.toContain('• new');
    first.clock.advance(1_000);
    first.app.dispose();

    const second = openWorld(80, 24, 3, { placements }, (host) => {
      const since = { startedAtMs: first.clock.nowMs() + 1, status: 'error' } as const;
      host.emit({ type: 'block.added', server: 'srv-2', block: makeBlock('b2', since) });
    });
    expect(await second.screen()).toMatch(/srv-1 development connected · srv-2 development ✗ command failed/);
    await second.press(`${prefix}n${prefix}n`);
    await second.terminal.until('■ srv-2');
    await second.press('i');
    expect(await second.screen()).not.toContain('failed');
  });

  it('is each screen’s own while both run, also of different sizes', async () => {
    const [large, small] = [await open(400, 100, 16), await open(80, 24, 16)];
    await large.press(`${prefix}n${prefix} `);
    await small.press(`${prefix}n${prefix}n`);
    expect(await small.screen()).toContain('■ srv-2');
    expect(await large.screen()).toContain('■ srv-1');
    expect(await large.hint()).toContain('Layout: stack');
    expect(await small.hint()).not.toContain('Layout');
    await large.press(`${prefix} ${prefix} ${prefix} `);
    const screen = await large.screen();
    for (let index = 1; index <= 16; index += 1) expect(screen).toContain(`srv-${index} development`);
  });
});
