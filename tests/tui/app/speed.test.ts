/** A long conversation and a flood stay usable: what is repainted is what changed, and laid-out lines are kept. */
import { afterEach, expect, it } from 'vitest';
import { makeBlock, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

it('a conversation of 20,000 lines scrolls and grows without laying everything out again', async () => {
  const count = 2_000;
  let reads = 0;
  // Whoever lays an item out, or measures it, reads its text.
  const items = Array.from({ length: count }, (_, index) => {
    const item = makeText(index, index % 7 === 0 ? 'user' : 'agent', '');
    const text = Array.from({ length: 9 }, (_, line) => `item ${index} line ${line} with **some** words`).join('\n');
    return Object.defineProperty({ ...item }, 'text', {
      enumerable: true,
      get() {
        reads += 1;
        return text;
      },
    });
  });
  world = openScreenWorld(200, 50, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { items }) },
    );
  });
  // The layout of Markdown is there, too.
  await world.terminal.until((screen) => screen.includes('item 1999 line 8 with some words'));
  await world.press('\x1b');
  expect(reads).toBeGreaterThanOrEqual(count);
  reads = 0;
  for (let key = 0; key < 40; key += 1) await world.press('k');
  await world.terminal.until('scrolled back');
  // Some items came into sight.
  expect(reads).toBeLessThanOrEqual(20);
  reads = 0;
  for (let index = 0; index < 200; index += 1)
    world.host.emit({ type: 'item.appended', session: 'S1', item: 1_999, text: ' more' });
  await world.press('G');
  expect(await world.screen()).toContain('more more');
  // The one that grows was read when it first grew; from then on it is an item of its own.
  expect(reads).toBeLessThanOrEqual(4);
});

it('only the pane that has output is painted', async () => {
  world = openScreenWorld(200, 50, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } },
      {
        type: 'session.added',
        session: makeSession('S1', { servers: ['web-1', 'web-2'], items: [makeText(1, 'agent', 'steady words')] }),
      },
      {
        type: 'block.added',
        server: 'web-1',
        block: makeBlock('b1', { state: 'running', status: null, exitCode: null }),
      },
    );
  });
  await world.terminal.until('running');
  await world.screen();
  world.terminal.written = '';
  world.host.emit({ type: 'block.output', server: 'web-1', block: 'b1', text: 'fresh output', skippedBytes: 0 });
  await world.terminal.until('fresh output');
  await world.screen();
  expect(world.terminal.written).not.toContain('steady');
  expect(world.terminal.written.length).toBeLessThan(2_000);
});
