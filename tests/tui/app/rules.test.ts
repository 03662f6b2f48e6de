/** A rule made of a card with keys: what is offered, what is shown before it is saved, and what is sent. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RuleStepView } from '../../../src/protocol/methods.ts';
import type { CardView } from '../../../src/protocol/view.ts';
import { makeCard, makeServer, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const replay = { actions: 20, matched: 14, denied: 0, unknown: 2, actionsMax: 5_000 };
const steps: readonly RuleStepView[] = [
  {
    ...{ digest: 'd1', words: 'Allow exactly this command on web-1', decision: 'auto-allow', replay },
    text: '"id": "allow-systemctl-restart"\n"exact": ["systemctl","restart","nginx"]',
  },
  {
    ...{ digest: 'd2', words: 'Reject every systemctl on web-1', decision: 'reject' },
    ...{ text: '"id": "no-systemctl"', replay: { ...replay, matched: 1, denied: 1, unknown: 0 } },
  },
];

async function open(card: CardView, offered = steps, refusal: string | null = null): Promise<void> {
  world = openScreenWorld(80, 24, (host) => {
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      { type: 'session.added', session: makeSession('S1', { state: 'working' }) },
    );
  });
  world.host.handlers['policy.propose'] = () => ({ steps: offered, refusal });
  world.host.handlers['policy.add'] = () => ({ message: 'Saved as rule allow-systemctl-restart.' });
  world.host.emit({ type: 'approval.added', card });
  await world.press('\x02a');
  world.clock.advance(301);
  await world.screen();
}

describe('a rule from a card', () => {
  it('is chosen, shown whole with what it would have done, and saved with a reason', async () => {
    await open(makeCard('c1'));
    await world.press('+');
    expect(world.host.callsOf('policy.propose')).toEqual([{ approval: 'c1' }]);
    const first = await world.screen();
    expect(first).toContain('Allow exactly this command on web-1  matches 14 past');
    expect(first).toContain('Reject every systemctl on web-1  matches 1 past, 1 denied');
    await world.press('\r');
    const second = (await world.screen()).replace(/[\s│]+/g, ' ');
    expect(second).toContain('"exact": ["systemctl","restart","nginx"]');
    expect(second).toContain('it would have matched 14 past actions, of which 0 were denied. 2 more are redacted');
    expect(world.host.callsOf('policy.add')).toEqual([]);
    await world.press('\r');
    expect(await world.screen()).toContain('Write why');
    await world.press('harmless a d');
    await world.press('\r');
    expect(world.host.callsOf('policy.add')).toEqual([{ digest: 'd1', because: 'harmless a d' }]);
    expect(await world.hint()).toContain('Saved as rule allow-systemctl-restart.');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('is offered once when the key is pressed twice', async () => {
    await open(makeCard('c1'));
    await world.press('++');
    expect(await world.screen()).toContain('Make a rule');
    expect(world.host.callsOf('policy.propose')).toHaveLength(1);
    await world.press('\x1b');
    world.clock.advance(1_000);
    expect(await world.screen()).not.toContain('Make a rule');
  });

  it('is the one that was chosen', async () => {
    await open(makeCard('c1'));
    await world.press('+');
    await world.press('j');
    await world.press('\r');
    expect((await world.screen()).replaceAll(/[│\s]+/g, ' ')).toContain('1 was denied.');
    await world.press('never here');
    await world.press('\r');
    expect(world.host.callsOf('policy.add')).toEqual([{ digest: 'd2', because: 'never here' }]);
  });

  it('is left with Esc, in both dialogs', async () => {
    await open(makeCard('c1'));
    await world.press('+');
    await world.press('\r');
    await world.press('\x1b');
    world.clock.advance(1_000);
    await world.screen();
    expect(world.host.callsOf('policy.add')).toEqual([]);
    expect(await world.screen()).not.toContain('Save a rule');
  });

  it('is not offered where the host says why', async () => {
    await open(makeCard('c1'), [], 'This command changes files, and nothing lifts that.');
    await world.press('+');
    expect(await world.hint()).toContain('This command changes files');
  });

  it('stays open and says why the host did not save it', async () => {
    await open(makeCard('c1'));
    world.host.handlers['policy.add'] = () => Promise.reject(new Error('policy.json, line 4: it is bad.'));
    await world.press('+');
    await world.press('\r');
    await world.press('x');
    await world.press('\r');
    expect(await world.screen()).toContain('policy.json, line 4: it is bad.');
  });

  it('is not asked for at all for a write', async () => {
    await open(makeWriteCard('c1', '--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n'));
    await world.press('+');
    expect(world.host.callsOf('policy.propose')).toEqual([]);
    expect(await world.hint()).toContain('only commands get a rule');
  });
});

describe('a policy that is bad', () => {
  const notice = (id: number, level: 'error' | 'info', text: string) =>
    ({ type: 'notice.added', notice: { id, level, text, atMs: 0 } }) as const;

  it('is told to a screen that comes later, and told mended to one that is there', async () => {
    world = openScreenWorld(80, 24, (host) => host.emit(notice(1, 'error', 'The policy is not usable: line 4.')));
    expect(await world.hint()).toContain('The policy is not usable: line 4.');
    world.host.emit(notice(2, 'info', 'policy reloaded: 7 rules'));
    expect(await world.hint()).toContain('policy reloaded: 7 rules');
  });

  it('is not told any more once it is mended', async () => {
    world = openScreenWorld(80, 24, (host) =>
      host.emit(notice(1, 'error', 'The policy is not usable.'), notice(2, 'info', 'policy reloaded: 7 rules')),
    );
    expect(await world.hint()).not.toContain('not usable');
  });
});
