/** Answering cards on the screen, with the keys a person presses. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeHost, makeCard, makeServer, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const longDiff = `--- a/etc/nginx/nginx.conf\n+++ b/etc/nginx/nginx.conf\n@@ -1,60 +1,60 @@\n${Array.from({ length: 60 }, (_, line) => `-old ${line}\n+new ${line}`).join('\n')}\n`;
const production = {
  id: 'db-1',
  address: 'deploy@db-1:22',
  environment: 'production',
  environmentAssumed: false,
} as const;
const toCard = '\x02a';
const escape = '\x1b';

function prepare(host: FakeHost): void {
  host.emit(
    {
      type: 'servers.replaced',
      servers: { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1', { environment: 'production' }) },
    },
    { type: 'session.added', session: makeSession('S1', { state: 'working' }) },
  );
}

/** A card is on the screen, has the focus, and its keys count. */
async function openCard(columns: number, rows: number, ...cards: Parameters<typeof makeCard>[1][]): Promise<void> {
  world = openScreenWorld(columns, rows, prepare);
  for (const [index, fields] of cards.entries())
    world.host.emit({ type: 'approval.added', card: makeCard(`c${index + 1}`, fields) });
  await world.press(toCard);
  world.clock.advance(301);
  await world.screen();
}

describe.each([
  [80, 24],
  [200, 50],
])('a card on %i×%i', (columns, rows) => {
  it('is approved with a', async () => {
    await openCard(columns, rows, {});
    expect(await world.screen()).toContain('systemctl restart nginx');
    await world.press('a');
    expect(world.host.callsOf('approval.answer')).toEqual([
      { id: 'c1', answer: { kind: 'approve', grant: 'once' }, via: 'screen', interactive: true },
    ]);
    expect(await world.hint()).toContain('Approved');
    expect(await world.screen()).not.toContain('Approval 1 of');
  });

  it('is denied with d', async () => {
    await openCard(columns, rows, {});
    await world.press('d');
    expect(world.host.callsOf('approval.answer')[0]?.answer).toEqual({ kind: 'deny', reason: null });
  });

  it('is denied with a reason', async () => {
    await openCard(columns, rows, {});
    await world.press('r');
    await world.press('not before 18:00, ask a d r');
    expect(world.host.calls.filter((call) => call.method === 'approval.answer')).toEqual([]);
    await world.press('\r');
    expect(world.host.callsOf('approval.answer')[0]?.answer).toEqual({
      kind: 'deny',
      reason: 'not before 18:00, ask a d r',
    });
  });

  it('is granted for the session with s', async () => {
    await openCard(columns, rows, {});
    await world.press('s');
    expect(world.host.callsOf('approval.answer')[0]?.answer).toEqual({ kind: 'approve', grant: 'session' });
  });

  it('is edited, and what was written is sent', async () => {
    await openCard(columns, rows, {});
    await world.press('e');
    expect(await world.screen()).toContain('Edit the command on web-1');
    await world.press(' --now');
    await world.press('\r');
    const text = 'systemctl restart nginx --now';
    expect(world.host.callsOf('approval.answer')[0]?.answer).toEqual({ kind: 'edit', text });
    expect(await world.hint()).toContain('judged anew: systemctl restart nginx --now');
  });

  it.each<[string, string, boolean]>([
    ['its own operation asks again', 'A-c1', true],
    ['another operation asks', 'A-other', false],
  ])('gets the focus back only when %s', async (_title, auditId, isBack) => {
    await openCard(columns, rows, {});
    world.host.emit({ type: 'approval.removed', id: 'c1', end: 'changed by operator@screen' });
    await world.screen();
    world.host.emit({ type: 'approval.added', card: makeCard('c2', { auditId }) });
    await world.press('d');
    // The card has just appeared, so its keys rest; without the focus the prompt has them.
    expect(await world.hint()).toContain(isBack ? 'the card has just appeared' : 'a to the card');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    world.clock.advance(301);
    await world.press('d');
    expect(world.host.callsOf('approval.answer')).toHaveLength(isBack ? 1 : 0);
  });

  it('is not sent as edited when nothing was changed', async () => {
    await openCard(columns, rows, {});
    await world.press('e');
    await world.press('\x13');
    expect(await world.hint()).toContain('Nothing was changed');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('asks for the id on production, and takes no other word', async () => {
    await openCard(columns, rows, { server: production });
    expect(await world.screen()).toContain('PRODUCTION');
    await world.press('G');
    await world.press('a');
    expect(await world.screen()).toContain('type the id of the server');
    await world.press('web-1\r');
    expect(await world.screen()).toContain('That is not its id');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    // A busy machine brings many keys in one read: the answer to Enter is there before the next of them.
    await world.press('\x15web-2\r\x15db-1\r');
    expect(world.host.callsOf('approval.answer')[0]?.answer).toEqual({
      kind: 'approve',
      grant: 'once',
      confirmation: 'db-1',
    });
  });

  it('asks for the id when no environment is registered', async () => {
    await openCard(columns, rows, { server: { ...production, environment: 'development', environmentAssumed: true } });
    await world.press('G');
    await world.press('a');
    expect(await world.screen()).toContain('type the id of the server');
    await world.press(escape);
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });
});

describe('the safeguards of a card', () => {
  it('ignores its keys in the first 300 ms', async () => {
    world = openScreenWorld(120, 40, prepare);
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    await world.press(toCard);
    for (const key of ['a', 'd', 's', 'e', 'A']) await world.press(key);
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    expect(await world.hint()).toContain('the card has just appeared');
    world.clock.advance(299);
    await world.press('a');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    world.clock.advance(1);
    await world.press('a');
    expect(world.host.callsOf('approval.answer')).toHaveLength(1);
  });

  it('ignores keys that were meant for the card before', async () => {
    await openCard(120, 40, {}, { server: { ...production, id: 'web-1', environment: 'staging' } });
    await world.press('a');
    await world.press('a');
    expect(world.host.callsOf('approval.answer').map((call) => call.id)).toEqual(['c1']);
  });

  it('approves only after the end was shown, and says so', async () => {
    world = openScreenWorld(80, 24, prepare);
    world.host.emit({ type: 'approval.added', card: makeWriteCard('c1', longDiff) });
    await world.press(toCard);
    world.clock.advance(301);
    expect(await world.hint()).toContain('scroll to the end first');
    await world.press('a');
    expect(await world.hint()).toContain('scroll to the end first');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    await world.press('G');
    expect(await world.hint()).toContain('a approve  d deny');
    await world.press('a');
    expect(world.host.callsOf('approval.answer')).toHaveLength(1);
  });

  it('does not count the diff alone as the whole card', async () => {
    world = openScreenWorld(80, 24, prepare);
    world.host.emit({ type: 'approval.added', card: makeWriteCard('c1', longDiff) });
    await world.press(toCard);
    world.clock.advance(301);
    await world.press('v');
    await world.press('G');
    await world.press('a');
    expect(await world.hint()).toContain('first the whole card, with v');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('must be read again when the host replaces it', async () => {
    await openCard(80, 24, {});
    world.host.emit({ type: 'approval.added', card: makeWriteCard('c1', longDiff) });
    await world.screen();
    world.clock.advance(301);
    await world.press('a');
    expect(await world.hint()).toContain('scroll to the end first');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
  });

  it('shows in one and the same frame that it was read to its end and can be approved', async () => {
    world = openScreenWorld(120, 40, prepare);
    world.host.emit({ type: 'approval.added', card: makeWriteCard('c1', longDiff) });
    await world.press(toCard);
    world.clock.advance(301);
    expect(await world.hint()).toContain('scroll to the end first');
    const before = world.terminal.written.length;
    await world.press('G');
    const since = world.terminal.written.slice(before);
    expect(await world.hint()).toContain('a approve');
    // Nothing that was written since says the old sentence again, and one frame was enough.
    expect(since).not.toContain('scroll to the end');
    expect(since.split('\x1b[?2026h').length - 1).toBeLessThanOrEqual(1);
  });

  it('never takes the focus: what is typed goes on into the prompt', async () => {
    world = openScreenWorld(120, 40, prepare);
    await world.press('please res');
    world.host.emit({ type: 'approval.added', card: makeCard('c1') });
    await world.screen();
    world.clock.advance(1_000);
    await world.press('tart and deny as d a s');
    expect(await world.screen()).toContain('please restart and deny as d a s');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    expect(world.terminal.written).toContain('\x07');
  });

  it('tells when somebody else was faster', async () => {
    await openCard(120, 40, {});
    world.host.handlers['approval.answer'] = () => ({ accepted: false, late: 'denied by operator@cli' });
    await world.press('a');
    expect(await world.hint()).toContain('It had ended before: denied by operator@cli');
  });

  it('says what the host says when an answer fails', async () => {
    await openCard(120, 40, {});
    world.host.handlers['approval.answer'] = () => Promise.reject(new Error('The audit log is full; free some space.'));
    await world.press('a');
    expect(await world.hint()).toContain('The audit log is full');
    await world.press('a');
    expect(world.host.callsOf('approval.answer')).toHaveLength(2);
  });
});

describe('several cards', () => {
  it('are marked and approved together once their count was typed', async () => {
    await openCard(120, 40, {}, {}, {});
    await world.press(' ');
    await world.press('n');
    world.clock.advance(301);
    await world.press(' ');
    await world.press('A');
    expect(await world.screen()).toContain('2 requests');
    await world.press('3\r');
    expect(await world.screen()).toContain('That is not the count');
    expect(world.host.callsOf('approval.answer')).toEqual([]);
    await world.press('\x152\r');
    expect(world.host.callsOf('approval.answer').map((call) => call.id)).toEqual(['c1', 'c2']);
  });

  it('do not let one of production be marked', async () => {
    await openCard(120, 40, { server: production });
    await world.press('G');
    await world.press(' ');
    expect(await world.hint()).toContain('production is approved one by one');
  });

  it('stand in a list above the card in the Approvals view', async () => {
    await openCard(200, 50, {}, { server: production });
    await world.press('2');
    const screen = await world.screen();
    expect(screen).toContain('exec systemctl restart nginx');
    expect(screen).toContain('Approval 1 of 2');
    await world.press('n');
    expect(await world.screen()).toContain('Approval 2 of 2 db-1  PRODUCTION');
  });
});

describe('a question about a local tool', () => {
  it('is shown as LOCAL and is only allowed or denied', async () => {
    world = openScreenWorld(120, 40, prepare);
    const localCards = [{ id: 'l1', title: 'rm -rf ~/notes', detail: 'bash', unexpected: true }];
    world.host.emit({ type: 'session.changed', id: 'S1', change: { localCards } });
    await world.press(toCard);
    world.clock.advance(301);
    const screen = await world.screen();
    expect(screen).toContain('LOCAL This would run on this machine');
    expect(screen).toContain('has no such tool');
    await world.press('e');
    expect(await world.hint()).toContain('can only be allowed or denied');
    await world.press('d');
    expect(world.host.callsOf('session.answerLocal')).toEqual([{ session: 'S1', card: 'l1', allow: false }]);
  });
});
