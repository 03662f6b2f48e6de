/** What was done on the screen is taken back, the newest first: views, searches, prompts that were deleted, titles, files, panes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../src/protocol/view.ts';
import { UndoStack } from '../../../src/tui/undo-stack.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world?.dispose());

async function open(columns = 80, rows = 24, fields: Partial<SessionView> = {}): Promise<void> {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') } },
      { type: 'session.added', session: makeSession('S1', { servers: ['web-1', 'db-1'], ...fields }) },
    ),
  );
  await world.press('\x1b');
  world.clock.advance(100);
  await world.screen();
}

describe.each([
  [80, 24],
  [200, 50],
])('on %i×%i', (columns, rows) => {
  it('a closed view and a cleared search come back, one after the other', async () => {
    await open(columns, rows);
    await world.press('4');
    await world.press('/db\r');
    expect(await world.screen()).toContain('Servers 1');
    await world.press('/');
    await world.press('\x1b');
    world.clock.advance(100);
    expect(await world.screen()).toContain('Servers 2');
    await world.press('q');
    expect(await world.screen()).not.toContain('Servers 2');
    await world.press('U');
    expect(await world.screen()).toContain('Servers 2');
    expect(await world.hint()).toContain('Undone: the servers view is open again.');
    await world.press('U');
    expect(await world.screen()).toMatch(/Servers 1[\s\S]*only with "db"/);
    await world.press('U');
    expect(await world.hint()).toContain('undo: nothing was done on this screen that can be undone');
  });
});

describe('undo', () => {
  it('lets a deleted prompt wait again', async () => {
    await open(80, 24, { state: 'working', queuedPrompts: ['look at the logs'] });
    world.host.handlers['session.unqueue'] = () => ({ attachments: [] });
    await world.press('u');
    await world.press('d');
    await world.press('\x1b');
    world.clock.advance(100);
    await world.press('U');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S1', text: 'look at the logs' }]);
  });

  it('gives a session its title back, behind the prefix as well', async () => {
    await open();
    await world.press(':rename Other\r');
    await world.press('\x02U');
    expect(world.host.callsOf('session.rename').map(({ title }) => title)).toEqual(['Other', 'Check the disks']);
  });

  it('does not offer what was refused', async () => {
    await open();
    world.host.handlers['session.rename'] = () => Promise.reject(new Error('The title is too long.'));
    await world.press(':rename Other\r');
    await world.press('U');
    expect(await world.hint()).toContain('nothing was done');
  });

  it('attaches a file again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-undo-'));
    try {
      writeFileSync(join(folder, 'notes.txt'), 'text');
      await open();
      await world.press(`:attach ${folder}/notes.txt\r`);
      await world.terminal.until('Attached notes.txt');
      await world.press('i');
      await world.press('\x18');
      expect(await world.screen()).not.toContain('takes it out');
      await world.press('\x02U');
      expect(await world.screen()).toMatch(/notes\.txt .*takes it out/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('puts panes back where they were', async () => {
    await open(200, 50);
    await world.terminal.until('db-1 development');
    await world.press('\x02n');
    const before = await world.screen();
    await world.press('\x02:');
    await world.press('hide\r');
    expect(await world.screen()).not.toBe(before);
    await world.press('U');
    world.clock.advance(7_000);
    expect(await world.screen()).toBe(before);
  });

  it('remembers a bounded number of steps, the newest', () => {
    const stack = new UndoStack();
    const done: number[] = [];
    for (let at = 0; at < 30; at += 1) stack.push(`step ${at}`, () => void done.push(at));
    while (stack.undo() !== null);
    expect(done).toEqual(Array.from({ length: 20 }, (_, at) => 29 - at));
    expect(stack.next).toBeNull();
  });
});
