/** Logging an agent in and out, and what it keeps of its sessions: every way it may go, with a real process. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentProfile } from '../../../src/adapters/acp/catalogue/profile.ts';
import { present } from '../../../src/base/assert.ts';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import type { AgentAccounts, AgentForm } from '../../../src/core/agents.ts';
import { limits } from '../../../src/core/limits.ts';
import type { AgentWorld } from '../../fixtures/agent-world.ts';
import { closeWorlds, fixture, open } from '../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

async function openAccounts(
  switches: readonly string[],
  clock?: Clock,
  fields: Partial<AgentProfile> = {},
): Promise<{ readonly world: AgentWorld; readonly accounts: AgentAccounts; readonly loginFile: string }> {
  const { world } = await open(fixture(switches, fields), undefined, clock ? { clock } : {});
  const home = join(world.paths.agentsFolder, 'fixture', 'home');
  return { world, accounts: world.agents as AgentAccounts, loginFile: join(home, '.fixture-login') };
}

describe('a login', () => {
  it('is named by a session that needs one, and by its command', async () => {
    const { world } = await openAccounts(['--login']);
    await expect(world.start({ id: 'fixture' })).rejects.toMatchObject({
      code: 'CREDENTIALS_UNAVAILABLE',
      message: expect.stringContaining('Run `signalbox agent login fixture` to log in.'),
    });
    await expect(world.start({ command: fixture(['--login']).command })).rejects.toMatchObject({
      code: 'CREDENTIALS_UNAVAILABLE',
      message: expect.stringMatching(/Log in with its own program\.$/),
    });
  });

  it('of the agent stays for its next sessions, until it is taken back', async () => {
    const { world, accounts } = await openAccounts(['--login', '--logout']);
    expect(await accounts.logins('fixture')).toMatchObject({ logins: [{ id: 'oauth', kind: 'agent' }], logout: true });
    await accounts.login('fixture', 'oauth');
    const link = await world.start({ id: 'fixture' });
    expect(link.abilities.logout).toBe(true);
    await link.dispose();
    await accounts.logout('fixture');
    await expect(world.start({ id: 'fixture' })).rejects.toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE' });
  });

  it('shows its page and its words, and is over when a person has said yes', async () => {
    const { accounts, loginFile } = await openAccounts(['--login', '--logins']);
    const forms: AgentForm[] = [];
    const words: string[] = [];
    await accounts.login('fixture', 'page', {
      onForm: async (form) => {
        forms.push(form);
        return { action: 'accept', values: {} };
      },
      onWords: (line) => words.push(line),
    });
    expect(forms).toMatchObject([{ url: 'https://login.example', message: 'Open it' }]);
    expect(words).toEqual(['see https://login.example/device']);
    expect(readFileSync(loginFile, 'utf8')).toBe('page');
  });

  const failures: readonly [string, string, object][] = [
    [
      'that the provider refuses',
      'broken',
      { code: 'INTERNAL', message: expect.stringContaining('the provider said no') },
    ],
    ['whose page nobody can be shown', 'page', { code: 'INTERNAL', message: expect.stringContaining('page: cancel') }],
    ['that is on a terminal', 'term', { code: 'UNSUPPORTED', message: expect.stringContaining('--method term') }],
    [
      'that is not offered',
      'magic',
      { code: 'INVALID_ARGUMENT', message: expect.stringContaining('oauth, page, broken, term') },
    ],
  ];
  it.each(failures)('%s fails and leaves nothing', async (_what, method, error) => {
    const { accounts, loginFile } = await openAccounts(['--login', '--logins']);
    await expect(accounts.login('fixture', method)).rejects.toMatchObject(error);
    expect(existsSync(loginFile)).toBe(false);
  });

  it('is given up when nobody waits for it, and when it takes too long', async () => {
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, call) => systemClock.after(delayMs === limits.agentLoginTimeoutMs ? 50 : delayMs, call),
    };
    const { accounts } = await openAccounts(['--login', '--mute'], clock);
    await expect(accounts.login('fixture', 'oauth')).rejects.toMatchObject({ code: 'TIMEOUT' });
    const stop = AbortSignal.abort();
    await expect(accounts.login('fixture', 'oauth', { signal: stop })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('on a terminal runs its own program with the words and variables of the method, in its own HOME', async () => {
    const { accounts, loginFile } = await openAccounts(['--login', '--logins']);
    const status = await accounts.terminalLogin('fixture', 'term', async ({ argv, env, cwd, verdict }) => {
      expect(verdict.state).toBe('NOT CONTAINED');
      expect(existsSync(cwd)).toBe(true);
      const [program = '', ...args] = argv;
      const ran = spawnSync(program, args, { cwd, env: { ...env }, encoding: 'utf8' });
      expect(ran.stdout).toBe('You are logged in.\n');
      return present(ran.status, 'status');
    });
    expect(status).toBe(0);
    expect(readFileSync(loginFile, 'utf8')).toBe('by terminal');
    await expect(accounts.terminalLogin('fixture', 'oauth', async () => 0)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });
});

describe('a login on a terminal', () => {
  it('that would load code outside of its isolation is not begun', async () => {
    const { accounts } = await openAccounts(['--login', '--logins', '--preload']);
    let hasRun = false;
    const login = accounts.terminalLogin('fixture', 'term', async () => {
      hasRun = true;
      return 0;
    });
    await expect(login).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('sets LD_PRELOAD'),
    });
    expect(hasRun).toBe(false);
  });
});

describe('what an agent keeps of its sessions', () => {
  it('is listed over all pages, and deleted', async () => {
    const { accounts } = await openAccounts(['--list', '--delete']);
    const titles = async (): Promise<unknown> =>
      (await accounts.sessions('fixture')).map(({ id, title }) => [id, title]);
    const [first, last] = [
      ['a', 'Title a'],
      ['c', 'Title c'],
    ];
    expect(await titles()).toEqual([first, ['b', null], last]);
    await accounts.deleteSession('fixture', 'b');
    expect(await titles()).toEqual([first, last]);
  });

  it('of an agent whose list has no end is cut', async () => {
    const { accounts } = await openAccounts(['--list', '--endless']);
    expect((await accounts.sessions('fixture')).length).toBe(150);
  });

  it('is closed when its session ends here, if the agent wants to be told; one that does not answer is ended', async () => {
    const { world } = await openAccounts(['--close']);
    const link = await world.start({ id: 'fixture' });
    await link.dispose();
    const stored = join(world.paths.agentsFolder, 'fixture', 'home', '.fixture-sessions');
    expect(JSON.parse(readFileSync(stored, 'utf8'))).toEqual(['closed', 'session-of-the-fixture']);
    const mute = await openAccounts(['--close', '--mute']);
    const silent = await mute.world.start({ id: 'fixture' });
    const exit = new Promise((resolve) => silent.onExit(resolve));
    await silent.dispose();
    expect(await exit).toEqual({ reason: 'ended by signalbox', expected: true });
  });

  it.each([
    ['logging out', (accounts: AgentAccounts) => accounts.logout('fixture')],
    ['listing', (accounts: AgentAccounts) => accounts.sessions('fixture')],
    ['deleting', (accounts: AgentAccounts) => accounts.deleteSession('fixture', 'a')],
  ])('%s is refused where it is not offered', async (_what, ask) => {
    const { accounts } = await openAccounts([]);
    await expect(ask(accounts)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('of an agent that nobody knows is an error that names the known ones', async () => {
    const { accounts } = await openAccounts([]);
    await expect(accounts.sessions('hal')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a setting that never gets an answer', () => {
  it('is given up, and the agent is told so', async () => {
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, call) => systemClock.after(delayMs === limits.agentRequestTimeoutMs ? 50 : delayMs, call),
    };
    const { world } = await openAccounts(['--mute', '--modes'], clock);
    const link = await world.start({ id: 'fixture' });
    await expect(link.setMode('code')).rejects.toMatchObject({ code: 'TIMEOUT' });
    const said: string[] = [];
    link.onUpdate((update) => update.kind === 'message' && said.push(update.text));
    await link.prompt(JSON.stringify([{ notified: null }]));
    expect(said.join('')).toContain('$/cancel_request');
  });
});

it('a HOME with a link out of it is no way to write elsewhere', async () => {
  const { world } = await openAccounts([], undefined, {
    settings: { path: '.fixture/settings.json', variable: null, content: { a: 1 }, keeps: [] },
  });
  const home = join(world.paths.agentsFolder, 'fixture', 'home');
  const outside = join(world.paths.agentsFolder, 'outside');
  mkdirSync(home, { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'settings.json'), 'mine');
  spawnSync('ln', ['-s', outside, join(home, '.fixture')]);
  await expect(world.start({ id: 'fixture' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(readFileSync(join(outside, 'settings.json'), 'utf8')).toBe('mine');
});
