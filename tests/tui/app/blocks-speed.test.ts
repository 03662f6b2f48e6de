/** A pane with as many blocks as it can have, and a flood in one of them: with a frame only what is in sight and what has changed is looked at. */
import { afterEach, expect, it } from 'vitest';
import { bounds } from '../../../src/protocol/bounds.ts';
import type { BlockView } from '../../../src/protocol/view.ts';
import { makeBlock, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

it('looks at no block that is out of sight while output rushes by', async () => {
  const reads = new Map<string, number>();
  // Whoever lays a block out, or measures its output, reads its command or its text.
  const counted = (block: BlockView): BlockView => {
    const { id, summary, text } = block;
    const count = <T>(value: T) => ({
      enumerable: true,
      get: (): T => {
        reads.set(id, (reads.get(id) ?? 0) + 1);
        return value;
      },
    });
    return Object.defineProperties(
      { ...block },
      { summary: count(summary), message: count(text === '' ? null : text) },
    );
  };
  const flood = { state: 'running', status: null, exitCode: null, durationMs: null } as const;
  world = openScreenWorld(200, 50, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1') },
    );
    for (let index = 1; index < bounds.blocksPerPaneMax; index += 1) {
      const block = makeBlock(`b${index}`, { summary: `command ${index}`, text: `line of ${index}\n`.repeat(9) });
      host.emit({ type: 'block.added', server: 'web-1', block: counted(block) });
    }
    host.emit({ type: 'block.added', server: 'web-1', block: makeBlock('flood', { ...flood, summary: 'yes' }) });
  });
  await world.terminal.until('$ yes');
  await world.press('\x02n');
  const before = new Map(reads);
  expect(before.size).toBe(bounds.blocksPerPaneMax - 1);
  for (let turn = 0; turn < 60; turn += 1) {
    const text = Array.from({ length: 500 }, (_, line) => `flood ${turn * 500 + line}\n`).join('');
    world.host.emit({ type: 'block.output', server: 'web-1', block: 'flood', text, skippedBytes: 0 });
    if (turn % 10 === 9) await world.terminal.until(`flood ${turn * 500 + 499}`);
  }
  const screen = await world.screen();
  expect(screen).toContain('flood 29999');
  expect(screen).toMatch(/… \d+ more rows, Enter shows them; \d+ earlier rows only in the recording/);
  const readAgain = [...reads].filter(([id, count]) => count > (before.get(id) ?? 0)).map(([id]) => id);
  expect(readAgain).toEqual([]);
});
