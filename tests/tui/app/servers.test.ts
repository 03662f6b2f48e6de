/** The Servers view: forms that write through the program's own commands, facts, and how the latency went. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerFactsView } from '../../../src/protocol/server-facts-view.ts';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { asciiGlyphs } from '../../../src/tui/present/page.ts';
import { makeServer } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let ran: (readonly string[])[];
let inputs: (string | undefined)[];
afterEach(() => world.dispose());

type Answer = { readonly status: number; readonly words?: string; readonly output?: string };
const sizes = [
  [80, 24],
  [200, 50],
] as const;

async function open(
  answer: (argv: readonly string[]) => Answer = () => ({ status: 0, words: 'Done so.' }),
  [columns, rows]: readonly [number, number] = [100, 40],
  more: object = {},
): Promise<void> {
  ran = [];
  inputs = [];
  const programs: LocalPrograms = {
    self: ['node', 'main.js'],
    runOnTerminal: () => Promise.reject(new Error('Nothing here needs the terminal.')),
    runQuietly: async (argv, input) => {
      ran.push(argv.slice(2));
      inputs.push(input);
      return { words: '', ...answer(argv.slice(3)) };
    },
  };
  world = openScreenWorld(
    columns,
    rows,
    (host) => host.emit({ type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } }),
    { programs, ...more },
  );
  await world.press('\x1b');
  await world.press('4');
}

const facts: ServerFactsView = {
  ...{ server: 'web-1', gatheredAt: new Date(940_000).toISOString(), os: 'Debian 12', kernel: '6.1.0' },
  ...{ architecture: 'x86_64', packageManager: 'apt', init: 'systemd', processors: 4 },
  services: { running: ['nginx', 'ssh'], more: 3 },
  memory: { totalBytes: 4 * 1_073_741_824, availableBytes: 1_073_741_824 },
  disks: [
    { mount: '/', sizeBytes: 1_073_741_824, availableBytes: 536_870_912 },
    { mount: '/srv/photos', sizeBytes: 2_147_483_648, availableBytes: 1_073_741_824 },
  ],
  ...{ uptimeSeconds: 7_200, clockSkewSeconds: -30, unknown: [{ probe: 'pressure', reason: 'not permitted' }] },
  ...{ loginShell: '/bin/bash', tools: ['timeout', 'env'], line: null },
};

describe('the form of a server', () => {
  it('shows all choices of the list that has the focus', async () => {
    await open(undefined, [80, 24]);
    await world.press('a');
    expect(await world.screen()).not.toContain('○ development');
    await world.press('\x1b[Z\x1b[Z');
    expect(await world.screen()).toContain('○ development');
    expect(await world.hint()).not.toContain('all or none');
  });

  it('takes no key while it is at work, and says so', async () => {
    let fail = (): void => undefined;
    const answer = new Promise<{ status: number; words: string }>((resolve) => {
      fail = () => resolve({ status: 1, words: 'Its file is locked.' });
    });
    const programs = { self: ['node', 'main.js'], runOnTerminal: () => answer, runQuietly: () => answer };
    await open(undefined, [80, 24], { programs });
    await world.press('a');
    await world.press('db-1\t10.0.0.7\r');
    await world.press('t');
    expect(await world.screen()).toContain('at work; keys count again when it is done');
    fail();
    await answer;
    expect(await world.screen()).toMatch(/Address +❯ 10\.0\.0\.7 [^]*Its file is locked/);
  });
});

describe.each(sizes)('the Servers view on %i×%i', (columns, rows) => {
  it('registers a server by a form, and shows the new one', async () => {
    await open(undefined, [columns, rows]);
    world.host.handlers['servers.reload'] = () => {
      const servers = { 'db-1': makeServer('db-1'), 'web-1': makeServer('web-1') };
      world.host.emit({ type: 'servers.replaced', servers });
      return {};
    };
    await world.press('a');
    await world.press('db-1\t10.0.0.7\t2222\tops\t\t~/.ssh/k');
    expect(await world.screen()).toMatch(/Address +❯ 10\.0\.0\.7/);
    await world.press('\r');
    expect(ran).toEqual([['server', 'add', 'db-1', '--host=10.0.0.7', '--port=2222', '--user=ops', '--key=~/.ssh/k']]);
    expect(await world.screen()).toContain('deploy@db-1.example:22');
    await world.press('e');
    expect(ran[1]).toEqual(['server', 'show', 'db-1', '--json']);
  });

  it('says that a host key is of the jump host on the way, where it is', async () => {
    await open(undefined, [columns, rows]);
    const fingerprint = `SHA256:${'a'.repeat(43)}`;
    const problem = `The host key of the jump host bastion (10.0.0.9:22), ssh-ed25519 ${fingerprint}, is not known yet.`;
    world.host.emit({ type: 'server.changed', server: makeServer('web-1', { problem }) });
    await world.press('T');
    expect(await world.screen()).toContain('behind the jump host bastion (10.0.0.9:22)');
  });

  it('says what is wrong while one types', async () => {
    await open(undefined, [columns, rows]);
    await world.press('a');
    await world.press('web-1');
    expect(await world.screen()).toContain('is registered already');
    await world.press('\tme@host');
    expect(await world.screen()).toContain('Only the address here; the user');
    await world.press('\r');
    expect(ran).toEqual([]);
  });

  it('changes only what was changed', async () => {
    const record = { id: 'web-1', host: 'h', port: 22, username: 'u', labels: ['a'], auth: { kind: 'agent' } };
    const output = JSON.stringify({ scope: 'global', record });
    await open(
      ([word]) => (word === 'show' ? { status: 0, output } : { status: 0, words: 'Changed web-1.' }),
      [columns, rows],
    );
    await world.press('e');
    expect(await world.screen()).toContain('Change web-1');
    await world.press('\x1510.0.0.9\t\x152200\r');
    expect(ran[1]).toEqual(['server', 'edit', 'web-1', '--scope', 'global', '--host=10.0.0.9', '--port=2200']);
    expect(await world.hint()).toContain('Changed web-1.');
    expect(world.host.callsOf('servers.reload')).toHaveLength(1);
  });

  it('asks a server what it is', async () => {
    await open(undefined, [columns, rows]);
    expect(await world.screen()).toContain('asks what it is');
    world.host.handlers['server.facts'] = () => ({ facts });
    await world.press('f');
    await world.press('\x04');
    const screen = await world.screen();
    if (rows > 30) {
      for (const part of ['1 min ago', 'Debian 12', '6.1.0, x86_64', 'apt']) expect(screen).toContain(part);
      expect(screen).toMatch(/disk \/ +512\.0 MiB free/);
      expect(screen).toMatch(/disk +\/srv\/photos, 1\.0 GiB free/);
    }
    for (const part of ['30 s behind ours', 'nginx, ssh, and 3 more', 'not permitted']) {
      if (rows < 30) await world.press('\x04');
      expect((await world.screen()) + screen).toContain(part);
    }
    await world.press('f');
    expect(world.host.callsOf('server.facts').map(({ refresh }) => refresh)).toEqual([false, true]);
  });
});

describe('a server', () => {
  it('has its latency as figures and as bars, in ASCII where it must be', async () => {
    await open(undefined, [100, 40], { glyphs: asciiGlyphs });
    for (const latencyMs of [5, 20, 40, null, 10])
      world.host.emit({ type: 'server.changed', server: makeServer('web-1', { latencyMs }) });
    expect(await world.screen()).toContain('now 10 ms, 5 to 40 ms');
    expect(await world.screen()).toMatch(/5 to 40 ms +[_.:=#-]+ /);
  });

  it('is taken out after a question, from the file that has it', async () => {
    await open();
    await world.press('D');
    expect(await world.screen()).toContain('Take a server out');
    expect(ran).toEqual([]);
    await world.press('\r');
    expect(ran).toEqual([['server', 'remove', 'web-1', '--scope', 'global']]);
  });

  it('whose password is typed shows dots, and hands it to the command on its standard input', async () => {
    await open();
    await world.press('a');
    await world.press('nas\t10.0.0.9\t\tme\t\t\tGeheim 1!');
    expect(await world.screen()).toMatch(/Password +❯ •{9}/);
    expect(await world.screen()).not.toContain('Geheim');
    await world.press('\r');
    expect(ran.flat().slice(-2)).toEqual(['--secret-stdin', '--secret-in=vault']);
    expect(inputs).toEqual(['Geheim 1!']);
    expect(await world.hint()).toContain('t tests its connection');
  });

  it('keeps its frame on a narrow screen', async () => {
    await open(undefined, [40, 12]);
    await world.press('a');
    expect(await world.screen()).toMatch(/╰ lines 1-\d+ of \d+, PgUp PgDn ─*╯/);
  });

  it('with a wrong field leads there, and goes on from it', async () => {
    await open();
    await world.press('a');
    await world.press('my nas\t10.0.0.9\t22\tme\r');
    expect(await world.screen()).toContain('An id has only');
    await world.press('\x7f\x7f\x7f\x7f-nas\r');
    expect(ran[0]?.slice(0, 3)).toEqual(['server', 'add', 'my-nas']);
  });

  it('that the command refuses stays a form, with the sentence', async () => {
    await open(() => ({ status: 2, words: 'The file can be written by others.' }));
    await world.press('a');
    await world.press('db-1\th\r');
    expect(await world.screen()).toContain('The file can be written by others.');
    expect(await world.screen()).toContain('Register a server');
  });

  it('whose facts cannot be had says why', async () => {
    await open();
    world.host.handlers['server.facts'] = () => Promise.reject(new Error('web-1 cannot be reached.'));
    await world.press('f');
    expect(await world.screen()).toContain('web-1 cannot be reached.');
  });

  it.each(['e', 'D', 'f'])('%s says what comes first when none is registered', async (key) => {
    await open();
    world.host.emit({ type: 'servers.replaced', servers: {} });
    // Without a server and a session there is the first page; the list is a key away.
    await world.press('4');
    await world.press(key);
    expect(await world.hint()).toContain('register a server first');
  });
});

describe('hosts of ~/.ssh/config', () => {
  const hosts = [
    { alias: 'web-1', id: 'web-1', isRegistered: true },
    { alias: 'Db', id: 'db', isRegistered: false, address: 'me@10.0.0.9:22 through bastion', otherNames: ['store'] },
  ];
  const list = (found: readonly object[]) => (argv: readonly string[]) =>
    argv.includes('--list') ? { status: 0, output: JSON.stringify({ hosts: found }) } : { status: 0, words: 'Added.' };

  it('are chosen and registered with an environment', async () => {
    await open(list(hosts));
    await world.press('I');
    expect(await world.screen()).toContain('registered as web-1');
    await world.press('\r');
    expect(await world.screen()).toContain('Choose an environment');
    await world.press('j \r');
    expect(ran.at(-1)?.join(' ')).toBe('server import --environment=staging -- Db');
  });

  it('show where they lead; one key chooses all of them, and none', async () => {
    await open(list([...hosts, { alias: 'b', id: 'b', isRegistered: false, address: 'me@10.0.0.8:22' }]));
    await world.press('I');
    expect(await world.screen()).toMatch(/Db {5}me@10\.0\.0\.9:22 through bastion, also store/);
    await world.press(' \t\x1ba\x1ba\r');
    expect(await world.screen()).toContain('Choose at least one host');
    await world.press('\x1ba\r');
    expect(ran.at(-1)).toEqual(['server', 'import', '--environment=production', '--', 'Db', 'b']);
  });

  it.each([
    [[], 'names no host'],
    [hosts.slice(0, 1), 'Every host of ~/.ssh/config is registered'],
  ])('%j: says so', async (found, sentence) => {
    await open(list(found));
    await world.press('I');
    expect(await world.hint()).toContain(sentence);
  });

  it('that cannot be read say why', async () => {
    await open(() => ({ status: 2, words: 'It includes itself.' }));
    await world.press('I');
    expect(await world.hint()).toContain('It includes itself.');
  });
});

describe('a search of the servers', () => {
  it('says that none has what was searched for, and Esc shows all again', async () => {
    await open(undefined, [80, 24]);
    await world.press('/nothing like it\r');
    expect(await world.screen()).toContain('None of the 1 has "nothing like it"; Esc shows all.');
    await world.press('\x1b');
    expect(await world.screen()).toContain('deploy@web-1.example:22');
    await world.press('U');
    expect(await world.screen()).toContain('only with "nothing like it", Esc shows all');
  });
});

describe('what was asked of a server on 80×24', () => {
  it('is scrolled to when it comes', async () => {
    await open(undefined, [80, 24]);
    const step = (name: string) => ({ name, ok: true, detail: name, ms: 12.3 });
    const steps = ['Network', 'Host key', 'Login', 'Commands', 'Files'].map(step);
    world.host.handlers['server.test'] = () => ({ steps });
    world.host.handlers['server.facts'] = () => ({ facts });
    await world.press('t');
    expect(await world.screen()).toMatch(/Test[\s\S]*✓ Files +Files, 12 ms/);
    await world.press('f');
    expect(await world.screen()).toMatch(/Facts[\s\S]*Debian 12/);
    await world.press('\x1b[5~\x1b[5~\x1b[5~');
    expect(await world.screen()).toContain('lines 1-');
  });
});
