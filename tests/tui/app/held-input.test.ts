/** Keys typed while something is opening: they go into it, in order, and to nothing behind it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeServer } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let answer: (status: number) => void;
let asked: number;
afterEach(() => world.dispose());

const record = { id: 'web-1', host: 'old', port: 22, username: 'u', auth: { kind: 'agent' } };
let output: string;
const shown = JSON.stringify({ scope: 'global', record });

/** The Servers view, where what is known of a server comes when the test says so. */
async function open(): Promise<void> {
  asked = 0;
  output = shown;
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: () => Promise.reject(new Error('Nothing here needs the terminal.')),
    runQuietly: async () => {
      asked += 1;
      const status = await new Promise<number>((resolve) => {
        answer = resolve;
      });
      return { status, words: status === 0 ? '' : 'No such server.', output };
    },
  };
  world = openScreenWorld(
    100,
    40,
    (host) =>
      host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } }),
    { programs },
  );
  await world.press('\x1b');
  await world.press('4');
}

/** Until the answer has been worked on. */
async function come(status: number): Promise<string> {
  answer(status);
  await new Promise((resolve) => setImmediate(resolve));
  return await world.screen();
}

describe('keys typed while a form is opening', () => {
  it('go into it in order, with what is pasted', async () => {
    await open();
    await world.press('e');
    await world.press('\x15qD2');
    expect(await world.hint()).toContain('goes into what is opening; Esc gives it up');
    await world.press('\x1b[200~3x\x1b[201~');
    await world.press('4\t2');
    expect(await world.screen()).toContain('deploy@web-1.example');
    const screen = await come(0);
    expect(screen).toMatch(/Address +❯ qD23x4/);
    expect(screen).toMatch(/Port +❯ 222/);
  });

  it('are for nothing else when it does not open', async () => {
    await open();
    await world.press('e');
    await world.press('a');
    const screen = await come(1);
    expect(screen).toContain('No such server.');
    expect(screen).not.toContain('Address');
    await world.press('a');
    expect(await world.screen()).toContain('Address');
  });

  it('give it up with Esc, and what comes late opens nothing', async () => {
    await open();
    await world.press('e');
    await world.press('ab');
    await world.press('\x1b');
    world.clock.advance(100);
    expect(await world.hint()).toContain('Given up');
    expect(await come(0)).not.toContain('Change web-1');
    await world.press('e');
    expect(asked).toBe(2);
    expect(await come(0)).toMatch(/Address +❯ old/);
  });

  it('stand behind an announcement of what opens, which the form or Esc takes away', async () => {
    await open();
    await world.press('I');
    const [title, reading] = ['■ Hosts of ~/.ssh/config', 'Reading ~/.ssh/config and what is registered.'];
    expect(await world.screen()).toContain(title);
    expect(await world.screen()).toContain(reading);
    expect(await world.hint()).toContain('Esc cancel');
    await world.press('j ');
    output = JSON.stringify({ hosts: [{ alias: 'db', id: 'db', isRegistered: false }] });
    const screen = await come(0);
    expect(screen).not.toContain(reading);
    expect(screen).toContain(title);
    expect(screen).toMatch(/◉ staging/);
    await world.press('\x1b');
    world.clock.advance(100);
    await world.press('I');
    expect(await world.screen()).toContain(reading);
    await world.press('\x03');
    expect(await world.screen()).not.toContain(title);
    expect(await come(0)).not.toContain(title);
  });

  it('leave no announcement behind when nothing opens', async () => {
    await open();
    await world.press('I');
    expect(await come(1)).not.toContain('Hosts of ~/.ssh/config');
    expect(await world.hint()).toContain('No such server.');
  });

  it('are keys of the program again with the prefix', async () => {
    await open();
    await world.press('e');
    await world.press('\x02?');
    expect(await world.screen()).toContain('■ Keys ');
    expect(await come(0)).not.toContain('Change web-1');
  });
});
