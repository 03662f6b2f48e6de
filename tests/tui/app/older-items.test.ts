/** Scrolling back past what the host keeps of a conversation: it is read page by page, in its place, and lost again with another session. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);
const items = (from: number, to: number) => range(from, to).map((id) => makeText(id, 'agent', `words ${id} end`));

async function open(from: number, to: number): Promise<void> {
  world = openScreenWorld(100, 30, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S2', { items: items(1, 3), createdAtMs: 1 }) },
      { type: 'session.added', session: makeSession('S1', { items: items(from, to), createdAtMs: 2 }) },
    ),
  );
  await world.press('\x1b');
}

const asked = (): readonly number[] => world.host.callsOf('session.items').map(({ before }) => before);

describe('a conversation of which the host has the end', () => {
  it('goes on above it, page by page, without moving what one reads', async () => {
    await open(101, 181);
    world.host.handlers['session.items'] = ({ before }) => ({ items: items(before - 50, before) });
    expect(await world.screen()).toContain('words 180 end');
    expect(asked()).toEqual([]);
    await world.press('g');
    expect(await world.screen()).toMatch(/words 101 end/);
    expect(asked()).toEqual([101]);
    await world.press('k');
    expect(await world.screen()).toMatch(/words 100 end/);
    await world.press('g');
    expect(await world.screen()).toMatch(/words 51 end/);
    await world.press('g');
    expect(await world.screen()).toMatch(/words 1 end/);
    expect(await world.screen()).not.toContain('transcript');
    await world.press('G');
    expect(await world.screen()).toContain('words 180 end');
    expect(asked()).toEqual([101, 51]);
  });

  it('shows as code what an older part of the same message began as code', async () => {
    const begin = makeText(1, 'agent', `Look:\n\n\`\`\`\n${'echo 1\n'.repeat(2_000)}`);
    const rest = makeText(2, 'agent', 'echo *last*\n```\n\nThat is all.');
    let come = (): void => undefined;
    world = openScreenWorld(100, 30, (host) => {
      host.handlers['session.items'] = () =>
        new Promise((resolve) => {
          come = () => resolve({ items: [begin] });
        });
      host.emit({ type: 'session.added', session: makeSession('S1', { items: [rest] }) });
    });
    expect(await world.screen()).toMatch(/up to 1 older item[^]*echo last/);
    come();
    await world.terminal.until('echo *last*');
  });

  it('can be searched and chosen from there', async () => {
    await open(101, 181);
    world.host.handlers['session.items'] = () => ({ items: items(1, 101) });
    await world.press('g');
    await world.press('/words 42 end\r');
    expect(await world.screen()).toContain('words 42 end');
    await world.press('\x1b');
    await world.press('J');
    await world.press('y');
    expect(await world.hint()).toMatch(/The item was handed to the clipboard/);
  });

  it('says that it cannot be read, and reads it when it is asked again', async () => {
    await open(11, 91);
    world.host.handlers['session.items'] = () => Promise.reject(new Error('No such thing.'));
    await world.press('g');
    expect(await world.screen()).toContain('10 older items could not be read from the transcript; g tries again.');
    world.host.handlers['session.items'] = () => ({ items: items(1, 11) });
    await world.press('g');
    await world.press('g');
    expect(await world.screen()).toContain('words 1 end');
  });

  it('ends where nothing older was kept', async () => {
    await open(11, 91);
    world.host.handlers['session.items'] = () => ({ items: [] });
    await world.press('g');
    expect(await world.screen()).not.toContain('transcript');
    await world.press('kkg');
    expect(asked()).toEqual([11]);
  });

  it('begins anew after another session was shown', async () => {
    await open(101, 181);
    world.host.handlers['session.items'] = () => ({ items: items(1, 101) });
    await world.press('g');
    await world.press(']');
    await world.press(']');
    expect(await world.screen()).toContain('words 180 end');
    await world.press('g');
    expect(asked()).toEqual([101, 101]);
  });
});
