/** The prompt: completion of commands, servers and paths. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvelopeView } from '../../../src/protocol/methods.ts';
import type { SessionView } from '../../../src/protocol/view.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let folder: string;
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-prompt-'));
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'notes of today.txt'), 'some text');
  writeFileSync(join(folder, 'shot.png'), png);
  writeFileSync(join(folder, 'program'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
});
afterEach(() => {
  world.dispose();
  rmSync(folder, { recursive: true });
});

const commands = [
  { name: 'review', description: 'Reviews what changed', hint: 'since when' },
  { name: 'reset', description: 'Begins anew' },
];

function open(fields: Partial<SessionView> = {}, columns = 100, rows = 30): void {
  world = openScreenWorld(columns, rows, (host) =>
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1'), 'web-2': makeServer('web-2') } },
      { type: 'session.added', session: makeSession('S1', { servers: ['web-1', 'web-2'], commands, ...fields }) },
    ),
  );
}

function toEnvelope(fields: Partial<EnvelopeView>): EnvelopeView {
  return {
    ...{ status: 'ok', tool: 'remote_list_dir', execution: { durationMs: 1 } },
    ...{ audit: { id: 'A1', logWritten: true, snapshotStatus: 'none' } },
    ...{ policy: { decision: 'auto-allow', rule: 'r' }, ...fields },
  };
}

const prompts = (): readonly unknown[] => world.host.callsOf('session.prompt').map(({ text }) => text);

describe.each([
  [80, 24],
  [200, 50],
])('completion on %i×%i', (columns, rows) => {
  it('shows the commands of the agent as one types, and fills them in', async () => {
    open({}, columns, rows);
    await world.press('/re');
    expect(await world.screen()).toMatch(/review +Reviews what changed \(since when\)[\s\S]*reset +Begins anew/);
    await world.press('v\t now\r');
    expect(prompts()).toEqual(['/review  now']);
  });

  it('shows the servers of the session behind @, and goes on to their paths', async () => {
    open({}, columns, rows);
    world.host.handlers['operation.perform'] = () => ({
      envelope: toEnvelope({
        data: {
          entries: ['nginx', 'network']
            .map((name) => ({ name, type: 'directory' }))
            .concat({ name: 'a b', type: 'file' }),
        },
      }),
    });
    await world.press('look at @we');
    expect(await world.screen()).toMatch(/web-1[\s\S]*web-2/);
    await world.press('\t2\t');
    await world.press('etc/n\t');
    expect(world.host.callsOf('operation.perform')).toEqual([]);
    world.clock.advance(150);
    expect(await world.screen()).toMatch(/nginx\/[\s\S]*network\//);
    expect(world.host.callsOf('operation.perform')).toEqual([
      { operation: 'remote_list_dir', input: { server: 'web-2', path: '/etc/', limit: 1_000 } },
    ]);
    await world.press('g\t\t\r');
    expect(prompts()).toEqual(['look at @web-2:/etc/nginx/']);
  });
});

describe('the list of completions', () => {
  it.each([
    ['/re\x1b[B\x1b[B\r', '❯ /reset'],
    ['/re\x1b[A\r', '❯ /restart-host'],
    ['/re\x1b[B\t', '❯ /review'],
    ['/re\t\t', '❯ /review'],
    ['@we\t\x1b[B\x1b[B\r', '❯ @web-2'],
  ])('is chosen from by arrows: %j', async (keys, line) => {
    open();
    for (const key of keys.match(/\x1b\[.|[^]/g) ?? []) await world.press(key);
    expect(await world.screen()).toContain(line);
    expect(prompts()).toEqual([]);
  });

  it('says beside the chosen row which key takes it', async () => {
    open();
    await world.press('/re');
    expect(await world.screen()).not.toContain('Enter takes it');
    await world.press('\x1b[B');
    expect(await world.screen()).toMatch(/❯ review .*Enter takes it/);
  });

  it.each([
    ['/review', '\x1b[A', '❯ before'],
    ['words', '\x1b[A', '❯ before'],
  ])('leaves the up key to the history where there is nothing to choose: %j', async (text, key, line) => {
    open();
    await world.press('before\r');
    await world.press(text);
    await world.press(key);
    expect(await world.screen()).toContain(line);
  });

  it('forgets the choice on Esc, and stays in the prompt', async () => {
    open();
    await world.press('/re\x1b[B');
    expect(await world.screen()).toMatch(/❯ +review/);
    await world.press('\x1b');
    world.clock.advance(100);
    expect(await world.screen()).not.toMatch(/❯ +review/);
    await world.press('v\r');
    expect(await world.hint()).toContain('offers no /rev. Enter again sends it as words.');
    expect(prompts()).toEqual([]);
    await world.press('\r');
    expect(prompts()).toEqual(['/rev']);
  });
});

describe('completion of remote paths', () => {
  it('asks once for many Tabs, and not again for what it knows', async () => {
    open();
    world.host.handlers['operation.perform'] = () => ({
      envelope: toEnvelope({ data: { entries: [{ name: 'etc', type: 'directory' }] } }),
    });
    await world.press('@web-1:/\t\t\t');
    world.clock.advance(150);
    await world.press('\x15@web-1:/\t');
    world.clock.advance(150);
    expect(world.host.callsOf('operation.perform')).toHaveLength(1);
    await world.press('\r');
    expect(prompts()).toEqual(['@web-1:/etc/']);
  });

  it.each(['@web-1:', '@web-1'])('begins at the root: %j', async (text) => {
    open();
    world.host.handlers['operation.perform'] = () => ({
      envelope: toEnvelope({ data: { entries: [{ name: 'etc', type: 'directory' }] } }),
    });
    await world.press(`${text}\t`);
    if (!text.endsWith(':')) await world.press('\t');
    world.clock.advance(150);
    expect(await world.screen()).toContain('❯ @web-1:/etc/');
  });

  it('says what the gate says', async () => {
    open();
    world.host.handlers['operation.perform'] = () => ({
      envelope: toEnvelope({ status: 'error', message: 'There is no folder /nope on web-1.' }),
    });
    await world.press('@web-1:/nope/\t');
    world.clock.advance(150);
    expect(await world.hint()).toContain('There is no folder /nope on web-1.');
  });

  it.each([
    ['@db-9:/\t', 'The session has no server "db-9"'],
    ['word\t', 'Tab completes /commands, @servers and @server:/paths.'],
    ['/zzz\t', 'Nothing begins like this.'],
    ['mail@we\t', 'Tab completes /commands'],
    ['@web-1:tmp\t', 'A path on a server begins with a slash: write @web-1:/tmp.'],
  ])('of %j asks nobody', async (keys, sentence) => {
    open();
    await world.press(keys);
    world.clock.advance(150);
    expect(await world.hint()).toContain(sentence);
    expect(world.host.callsOf('operation.perform')).toEqual([]);
  });
});

describe('a long prompt', () => {
  it('says where in it one is, when it has more rows than its field', async () => {
    open();
    await world.press('one');
    expect(await world.screen()).not.toContain('line 1 of');
    await world.press('\n'.repeat(40));
    expect(await world.screen()).toContain('To demo line 41 of 41');
    await world.press('\x1b[A');
    expect(await world.screen()).toContain('To demo line 40 of 41');
  });
});

describe('a command that the agent does not offer', () => {
  it.each([
    ['/changes of web-1', 'offers no /changes; ^B : changes does it here. Enter again sends it as words.'],
    ['/compact now', 'offers no /compact. Enter again sends it as words.'],
  ])('is held once, and sent as words on the second Enter: %j', async (text, sentence) => {
    open();
    await world.press(`${text}\r`);
    expect(await world.hint()).toContain(sentence);
    expect(prompts()).toEqual([]);
    await world.press('\r');
    expect(prompts()).toEqual([text]);
  });

  it('is done when it is ours, and no prompt', async () => {
    open();
    await world.press('/rename Disks\r');
    expect(world.host.callsOf('session.rename')).toEqual([{ session: 'S1', title: 'Disks' }]);
    expect(prompts()).toEqual([]);
    expect(await world.screen()).toContain('❯ Write to the agent');
  });

  it('is in the list below the prompt, behind those of the agent', async () => {
    open();
    await world.press('/mo');
    expect(await world.screen()).toMatch(/model +signalbox: Chooses the model[^]*mode +signalbox: Chooses a mode/);
  });

  it.each(['/review now', '/etc/nginx is gone', '/ is full', 'say /model'])('is not %j', async (text) => {
    open();
    await world.press(`${text}\r`);
    expect(prompts()).toEqual([text]);
  });
});
