/** From the dialog of a new session to its conversation, while the agent takes its time, and back when it could not be started. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeAgent, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

describe('a new session', () => {
  it('shows the session while its agent starts, and asks again with what was written when it could not', async () => {
    world = openScreenWorld(120, 40, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } },
        { type: 'agents.replaced', agents: [makeAgent('pi')] },
        { type: 'session.added', session: makeSession('S1') },
      ),
    );
    await world.press('\x1b');
    await world.press('c');
    let fail: (error: Error) => void = () => undefined;
    world.host.handlers['session.new'] = () => new Promise((_resolve, reject) => (fail = reject));
    await world.press(' \t ');
    await world.press('\t\tLook around\r');
    world.host.emit({
      type: 'session.added',
      session: makeSession('S9', { agent: 'pi', servers: ['web-1'], state: 'starting', title: 'Look around' }),
    });
    await world.terminal.until('starting pi');
    expect(await world.screen()).not.toContain('First prompt');
    await world.press('\x1b[A');
    expect(await world.screen()).toContain('❯ Look around');
    fail(new Error('It wants a login.'));
    await world.terminal.until('It wants a login.');
    expect(await world.screen()).toMatch(/■ web-1[\s\S]*First prompt[\s\S]*❯ Look around/);
  });

  it('finds servers of a long list by letters, and keeps those that were chosen', async () => {
    const ids = ['db-1', 'db-2', 'kube-1', 'kube-2', 'mail', 'web-1', 'web-2'];
    world = openScreenWorld(80, 24, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: Object.fromEntries(ids.map((id) => [id, makeServer(id)])) },
        { type: 'agents.replaced', agents: [makeAgent('pi')] },
        { type: 'session.added', session: makeSession('S1') },
      ),
    );
    await world.press('\x1b');
    await world.press('c');
    await world.press(' \t');
    expect(await world.screen()).toContain('Servers  letters search it');
    await world.press('web-');
    expect(await world.screen()).toMatch(
      /Servers {2}only with "web-", 2 of 7 .*\n.*□ web-1 .*\n.*□ web-2 .*\n.*\n.*Title/,
    );
    await world.press(' x');
    expect(await world.screen()).toContain('No row of this list has "web-x".');
    await world.press('\x7f'.repeat(4));
    await world.press('ube-2 \t');
    expect(await world.screen()).not.toContain('only with');
    await world.press('\tlook\r');
    expect(world.host.callsOf('session.new').map(({ servers }) => servers)).toEqual([['web-1', 'kube-2']]);
  });

  it.each([
    [
      '/rev it',
      { commands: [{ name: 'review', description: '' }] },
      'pi offers no /rev. Enter again sends it as words.',
    ],
    ['/rev it', { agent: 'demo' }, 'Whether pi has /rev is known once it runs; Enter again sends it.'],
    ['look at /attach notes.txt', {}, '/attach works in the prompt of the session, once it is open; Enter again'],
  ])('holds a first prompt once that begins with a command nobody offers: %s', async (prompt, other, said) => {
    world = openScreenWorld(120, 40, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'agents.replaced', agents: [makeAgent('pi')] },
        { type: 'session.added', session: makeSession('S1', { agent: 'pi', ...other }) },
      ),
    );
    const asked = (): readonly unknown[] => world.host.callsOf('session.new').map((call) => call.prompt);
    await world.press('\x1b');
    await world.press('c');
    await world.press(` \t\t\t${prompt}\r`);
    expect(await world.screen()).toContain(said);
    expect(asked()).toEqual([]);
    await world.press('\r');
    expect(asked()).toEqual([prompt]);
  });

  it.each(['/review it', '/etc/hosts is odd', 'Look around'])('sends another at once: %s', async (prompt) => {
    const commands = [{ name: 'review', description: '' }];
    world = openScreenWorld(120, 40, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'agents.replaced', agents: [makeAgent('pi')] },
        { type: 'session.added', session: makeSession('S1', { agent: 'pi', commands }) },
      ),
    );
    await world.press('\x1b');
    await world.press('c');
    await world.press(` \t\t\t${prompt}\r`);
    expect(world.host.callsOf('session.new').map((call) => call.prompt)).toEqual([prompt]);
  });

  it.each([
    ['of one line', 'Look around', '❯ Look around', 'Look around'],
    [
      'of several lines',
      '\x1b[200~Look around\nand tell\x1b[201~',
      'the 2 lines that you have',
      'Look around\nand tell',
    ],
  ])('begins with what was written in the prompt before there was a session: %s', async (_what, typed, shown, sent) => {
    world = openScreenWorld(120, 40, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'agents.replaced', agents: [makeAgent('pi')] },
      ),
    );
    world.host.handlers['session.new'] = () => {
      world.host.emit({ type: 'session.added', session: makeSession('S9', { agent: 'pi', state: 'starting' }) });
      return Promise.resolve({ id: 'S9' });
    };
    await world.press('i');
    await world.press(typed);
    await world.press('\r');
    expect(await world.screen()).toMatch(new RegExp(`New session[^]*First prompt[^]*${shown}`));
    await world.press('\x1b');
    expect(await world.screen()).toContain('❯ Look around');
    await world.press('\r');
    await world.press('\r');
    expect(world.host.callsOf('session.new').map((call) => call.prompt)).toEqual([sent]);
    expect(await world.screen()).not.toContain('❯ Look around');
    expect(await world.screen()).toContain('Write to the agent');
  });
});
