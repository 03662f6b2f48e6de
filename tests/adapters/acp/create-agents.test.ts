/** Starting and probing agents: what cannot start says why, and nothing is left behind. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { closeWorlds, fixture, open } from '../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

describe('an agent that cannot start', () => {
  const cases = [
    ['speaks another version', ['--version-9'], 'UNSUPPORTED', /version 9 of the Agent Client Protocol/],
    ['answers initialize with nothing', ['--empty'], 'UNSUPPORTED', /version none/],
    ['dies at once', ['--die'], 'CONNECTION_LOST', /status 3: the license has expired/],
    ['wants a login first', ['--login'], 'CREDENTIALS_UNAVAILABLE', /needs a login/],
    ['gives no session id', ['--no-session'], 'UNSUPPORTED', /without a session id/],
  ] as const;

  it.each(cases)('because it %s says so and leaves nothing running', async (_what, switches, code, words) => {
    const { start } = await open(fixture(switches));
    await expect(start()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  });

  it('because it stays silent is given up on, with a word about what it should be', async () => {
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, call) => systemClock.after(delayMs === limits.agentStartTimeoutMs ? 200 : delayMs, call),
    };
    const { start } = await open(fixture(['--silent']), undefined, { clock });
    await expect(start()).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('is it an ACP agent?'),
    });
  });

  it('because it is not installed says how to install it', async () => {
    const { start } = await open(fixture([], { command: ['no-such-agent', 'acp'], installHint: 'npm install it' }));
    await expect(start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('npm install it'),
    });
  });

  it('because it is disabled, unusable or unknown says which', async () => {
    const { world, start } = await open(fixture([], { enabled: false }));
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('disabled in agents.json') });
    await expect(world.start({ id: 'nobody' })).rejects.toMatchObject({
      message: expect.stringContaining('known are fixture'),
    });
    const unusable = await open(fixture([], { unusable: 'It needs http.' }));
    await expect(unusable.start()).rejects.toMatchObject({ message: 'It needs http.' });
  });

  it('because isolation is demanded and not to be had', async () => {
    const { world } = await open();
    await expect(world.start({ id: 'fixture' }, { requireIsolation: true })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('must be isolated'),
    });
  });
});

describe('a probe', () => {
  const cases = [
    ['a good agent', [], 'ready', '4.5.6', /fixture answers/],
    ['one that offers logins', ['--login'], 'ready', '4.5.6', /Log in with a browser/],
    ['one that dies', ['--die'], 'error', null, /the license has expired/],
    ['one of another version', ['--version-9'], 'error', null, /version 9/],
  ] as const;

  it.each(cases)(
    'of %s tells what it found, and the list remembers it',
    async (_what, switches, availability, version, words) => {
      const { world } = await open(fixture(switches));
      const found = await world.agents.probe('fixture');
      expect(found).toMatchObject({ availability, version, diagnostic: expect.stringMatching(words) });
      expect(await world.agents.list()).toEqual([found]);
    },
  );

  it('of an agent that is not there starts nothing', async () => {
    const { world } = await open(fixture([], { command: ['no-such-agent'] }));
    expect(await world.agents.probe('fixture')).toMatchObject({ availability: 'not installed' });
  });
});
