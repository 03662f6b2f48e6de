/** Keys that could do nothing still say something: where the card is, that a request is gone, that there is nothing to close. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeHost, makeCard, makeServer, makeSession, makeText } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const escape = '\x1b';
const toCard = '\x02a';
const production = {
  id: 'db-1',
  address: 'deploy@db-1:22',
  environment: 'production',
  environmentAssumed: false,
} as const;

function prepare(host: FakeHost): void {
  host.emit(
    { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
    { type: 'session.added', session: makeSession('S1', { items: [makeText(1, 'thought', 'Let me see.')] }) },
  );
}

async function openBesideCard(): Promise<void> {
  world = openScreenWorld(120, 40, prepare);
  world.host.emit({ type: 'approval.added', card: makeCard('c1', { server: production }) });
  await world.press(escape);
  world.clock.advance(1_000);
}

describe('a key of the card, pressed beside it', () => {
  it.each([
    ['a', 'a approve is a key of the waiting card; ^B a goes to it.'],
    ['d', 'd deny is a key of the waiting card; ^B a goes to it.'],
    ['r', 'r deny, saying why is a key of the waiting card; ^B a goes to it.'],
    ['e', 'e edit is a key of the waiting card'],
    ['x', 'x explain is a key of the waiting card'],
  ])('%s says where the card is, and answers nothing', async (key, sentence) => {
    await openBesideCard();
    await world.press(key);
    expect(await world.hint()).toContain(sentence);
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('names no Tab in a view without the card', async () => {
    await openBesideCard();
    await world.press('3');
    await world.press('a');
    expect(await world.hint()).toContain('a approve is a key of the waiting card; ^B a goes to it.');
  });

  it('says nothing of a card when none waits, or while text is typed', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press(escape);
    await world.press('a');
    expect(await world.hint()).not.toContain('waiting card');
    await world.press('i');
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    await world.press('a');
    expect(await world.hint()).not.toContain('waiting card');
    expect(await world.screen()).toContain('❯ a');
  });
});

describe('what is open about a request that another screen answers', () => {
  it.each([
    ['the question for the id', 'a', 'type the id of the server'],
    ['the reason', 'r', 'The agent reads the reason'],
    ['the explanation', 'x', 'Why it was stopped'],
    ['the editor', 'e', 'Edit the command'],
  ])('%s closes with a word', async (_title, key, shown) => {
    await openBesideCard();
    await world.press(toCard);
    world.clock.advance(301);
    await world.press('G');
    await world.press(key);
    expect(await world.screen()).toContain(shown);
    world.host.emit({ type: 'approval.removed', id: 'c1', end: 'denied by operator@screen: not now' });
    const screen = await world.screen();
    expect(screen).not.toContain(shown);
    expect(screen).toContain('Waits no longer');
    expect(screen).toContain('denied by operator@screen: not now');
    expect(screen).toContain('nothing was sent from here');
    await world.press('\r');
    expect(await world.screen()).not.toContain('Waits no longer');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('lets nothing of what is typed on reach the next card', async () => {
    await openBesideCard();
    world.host.emit({ type: 'approval.added', card: makeCard('c2') });
    await world.press(toCard);
    world.clock.advance(301);
    await world.press('G');
    await world.press('r');
    await world.press('a dra');
    world.host.emit({ type: 'approval.removed', id: 'c1', end: 'approved by operator@screen' });
    await world.screen();
    world.clock.advance(5_000);
    await world.press('stic add, quit as d a e s');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    expect(await world.screen()).toContain('Waits no longer');
    await world.press('\r');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    expect(await world.screen()).toContain('Approval 1 of 1');
  });

  it('stays open when another request is answered', async () => {
    await openBesideCard();
    world.host.emit({ type: 'approval.added', card: makeCard('c2') });
    await world.press(toCard);
    world.clock.advance(301);
    await world.press('G');
    await world.press('a');
    world.host.emit({ type: 'approval.removed', id: 'c2', end: 'expired without an answer' });
    expect(await world.screen()).toContain('type the id of the server');
  });
});

describe('the keys that are offered', () => {
  it('do not offer to close the last view, and say how to leave when it is tried', async () => {
    world = openScreenWorld(200, 50, prepare);
    await world.press(escape);
    expect(await world.hint()).not.toContain('q close');
    await world.press('q');
    expect(await world.hint()).toContain('^B d leaves the screen');
    await world.press('3');
    expect(await world.hint()).toContain('q close');
    await world.press('q');
    expect(await world.screen()).toContain('Check the disks');
  });

  it('of a dialog with one field leave out what only several need', async () => {
    await openBesideCard();
    await world.press(toCard);
    world.clock.advance(301);
    await world.press('r');
    const hint = await world.hint();
    expect(hint).toContain('Enter confirm');
    for (const text of ['next field', 'Down next', 'choose']) expect(hint).not.toContain(text);
    await world.press('not now');
    expect(await world.screen()).toContain('not now');
  });

  it.each([
    ['in a list', '4x', 'x does nothing here; ? lists the keys that do.'],
    ['after the prefix', '\x02e', '^B e does nothing here;'],
    ['in a pane', '1\tx', 'x does nothing here;'],
    ['but not for Esc', '4\x1b', null],
  ])('say of a key that means nothing that it does not, %s', async (_where, keys, sentence) => {
    world = openScreenWorld(120, 40, prepare);
    await world.press(escape);
    await world.press(keys);
    if (sentence === null) expect(await world.hint()).not.toContain('does nothing');
    else expect(await world.hint()).toContain(sentence);
  });

  it('of a dialog with choices name them all', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press(escape);
    await world.press('c');
    for (const text of ['next field', 'Down next', 'Space choose']) expect(await world.hint()).toContain(text);
  });

  it('say what became of the thoughts', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press(escape);
    await world.press('t');
    expect(await world.hint()).toContain('1 thought is shown in full');
    await world.press('t');
    expect(await world.hint()).toContain('1 thought is folded to one line each');
    world.host.emit({ type: 'session.added', session: makeSession('S2', { createdAtMs: 5 }) });
    await world.press('t');
    expect(await world.hint()).toContain('The agent wrote no thoughts in this session');
  });
});
