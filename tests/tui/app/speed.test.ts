/** A long conversation and a flood stay usable: what is repainted is what changed, and laid-out lines are kept. */
import { afterEach, expect, it } from 'vitest';
import { makeBlock, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

/** Generous, since the machine may be busy; laying out everything anew with each key would take many times as long. */
const keyMsMax = 60;

it('a conversation of 20,000 lines scrolls and grows without laying everything out again', async () => {
  const items = Array.from({ length: 2_000 }, (_, index) =>
    makeText(
      index,
      index % 7 === 0 ? 'user' : 'agent',
      Array.from({ length: 9 }, (_, line) => `item ${index} line ${line} with **some** words`).join('\n'),
    ),
  );
  world = openScreenWorld(200, 50, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { items }) },
    );
  });
  await world.terminal.until('item 1999 line 8');
  await world.press('\x1b');
  await world.screen();
  const startedMs = performance.now();
  const keys = 40;
  for (let key = 0; key < keys; key += 1) world.terminal.type('k');
  const each = (performance.now() - startedMs) / keys;
  await world.terminal.until('scrolled back');
  expect(each).toBeLessThan(keyMsMax);
  const growMs = performance.now();
  for (let index = 0; index < 200; index += 1)
    world.host.emit({ type: 'item.appended', session: 'S1', item: 1_999, text: ' more' });
  expect((performance.now() - growMs) / 200).toBeLessThan(keyMsMax / 10);
  await world.press('G');
  expect(await world.screen()).toContain('more more');
}, 60_000);

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
