/** Where the focus is when cards come and go: back where it was, and never away from somebody who writes. */
import { afterEach, expect, it } from 'vitest';
import { type FakeHost, makeCard, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const toCard = '\x02a';

function prepare(host: FakeHost): void {
  host.emit({ type: 'session.added', session: makeSession('S1', { state: 'working' }) });
}

it.each([
  ['the prompt', '', '❯ h'],
  ['the conversation', '\x1b', '╭■ Check the disks'],
])('the last card gives the focus back to %s', async (_place, before, expected) => {
  world = openScreenWorld(120, 40, prepare);
  if (before !== '') await world.press(before);
  for (const id of ['c1', 'c2']) world.host.emit({ type: 'approval.added', card: makeCard(id, {}) });
  await world.press(toCard);
  world.host.emit({ type: 'approval.removed', id: 'c1', end: 'withdrawn' });
  await world.screen();
  world.clock.advance(301);
  await world.press('d');
  expect(world.host.callsOf('approval.answer')).toHaveLength(1);
  world.host.emit({ type: 'approval.removed', id: 'c2', end: 'denied' });
  await world.screen();
  await world.press('h');
  expect(await world.screen()).toContain(expected);
});

it('a card takes no focus from a prompt that is being written, also when its operation asks again', async () => {
  world = openScreenWorld(120, 40, prepare);
  world.host.emit({ type: 'approval.added', card: makeCard('c1', {}) });
  await world.press(toCard);
  world.host.emit({ type: 'approval.removed', id: 'c1', end: 'changed by operator@screen' });
  await world.screen();
  await world.press('plea');
  world.host.emit({ type: 'approval.added', card: makeCard('c2', { auditId: 'A-c1' }) });
  await world.screen();
  world.clock.advance(1_000);
  await world.press('d');
  expect(await world.screen()).toContain('❯ plead');
  expect(world.host.callsOf('approval.answer')).toEqual([]);
});
