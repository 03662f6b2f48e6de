/** Keys that people know from shells and from agents' own programs, in the prompt. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../src/protocol/view.ts';
import { makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

function open(fields: Partial<SessionView> = {}): void {
  world = openScreenWorld(100, 30, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', fields) },
    ),
  );
}

describe('what is written in the prompt', () => {
  it('goes with ^C while no turn runs, and comes back with undo', async () => {
    open();
    await world.press('one\x1b\rtwo');
    await world.press('\x03');
    expect(await world.screen()).toContain('Write to the agent');
    await world.press('\x1a');
    expect(await world.screen()).toMatch(/❯ one *│?[\s\S]*two/);
    expect(world.host.callsOf('session.cancel')).toEqual([]);
  });

  it('stays while ^C ends a turn', async () => {
    open({ state: 'working' });
    await world.press('one');
    await world.press('\x03');
    expect(await world.screen()).toContain('❯ one');
    expect(world.host.callsOf('session.cancel')).toEqual([{ session: 'S1' }]);
  });

  it('does not keep from paging through the conversation', async () => {
    const items = Array.from({ length: 80 }, (_, at) => makeText(at + 1, 'agent', `word ${at}`));
    open({ items });
    await world.press('one');
    expect(await world.screen()).toContain('word 79');
    await world.press('\x1b[5~');
    expect(await world.screen()).not.toContain('word 79');
    await world.press('\x1b[6~ two');
    expect(await world.screen()).toMatch(/word 79[\s\S]*❯ one two/);
  });
});
