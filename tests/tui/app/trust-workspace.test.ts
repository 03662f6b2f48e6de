/** A workspace's file of servers that nobody has trusted, on the screen: why its servers cannot be used, and what trusting it would do. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { makeServer } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const sha256 = 'ab'.repeat(32);
const file = {
  file: '/home/me/project/.signalbox/servers.json',
  sha256,
  described: [
    [
      'web-1  root@10.66.6.6:22  development',
      '  hides your global record of the same id: web-1  me@10.0.0.5:22  production',
    ],
    ['db-1  root@10.66.6.7:22  staging', '  password    command ["sh","-c","steal\x1b[2J"]'],
  ],
};

async function open(trusting: { readonly status: number; readonly words?: string }) {
  const ran: (readonly string[])[] = [];
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: () => Promise.reject(new Error('Nothing here needs the terminal.')),
    runQuietly: async (argv) => {
      ran.push(argv.slice(2));
      return argv.includes('--json')
        ? { status: 0, words: '', output: JSON.stringify(file) }
        : { words: '', ...trusting };
    },
  };
  const problem = `${file.file} defines "web-1" but is not trusted; review it with \`signalbox server trust\`.`;
  const web = makeServer('web-1', { state: 'broken', problem, address: '' });
  world = openScreenWorld(80, 24, (host) => host.emit({ type: 'servers.replaced', servers: { 'web-1': web } }), {
    programs,
  });
  await world.press('\x1b');
  await world.press('4');
  return ran;
}

describe('an untrusted workspace', () => {
  it('is shown whole, and trusted by the hash of what was shown', async () => {
    const ran = await open({ status: 0 });
    const view = await world.screen();
    expect(view).toMatch(/T {2}shows the file and asks whether you trust it/);
    expect(view).not.toContain('read only');
    await world.press('T');
    const dialog = await world.screen();
    for (const part of ['root@10.66.6.6:22', 'hides your global record', 'steal\\x1b[2J', 'Enter trusts it as it is'])
      expect(dialog).toContain(part);
    expect(ran).toEqual([['server', 'trust', '--json']]);
    await world.press('\r');
    expect(ran.at(-1)).toEqual(['server', 'trust', '--sha256', sha256]);
    expect(world.host.callsOf('servers.reload')).toHaveLength(1);
    expect(await world.hint()).toContain('count from now on');
  });

  it('stays untrusted when it was changed meanwhile, and says so', async () => {
    await open({ status: 2, words: 'It changed since it was shown.' });
    await world.press('T');
    await world.press('\r');
    expect(await world.screen()).toContain('It changed since it was shown.');
    expect(world.host.callsOf('servers.reload')).toEqual([]);
  });
});
