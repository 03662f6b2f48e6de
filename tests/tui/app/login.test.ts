/** What logins ask: in the queue with its own dialog, opened at once where somebody waits for it, and what is typed is never drawn. */
import { afterEach, describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import type { CallOptions } from '../../../src/client/host-connection.ts';
import type { LoginView } from '../../../src/protocol/view.ts';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import { type FakeHost, makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const passphrase: LoginView = {
  ...{ id: 'q1', server: 'web-1', what: 'the passphrase of /k', note: null, askedAtMs: 0, expiresAtMs: 110_000 },
  prompts: [{ label: 'Passphrase', echo: 'hidden' }],
};
const code: LoginView = {
  ...{ ...passphrase, id: 'q2', what: 'an answer to what the server asks ubuntu', note: 'Two-step\x1b[31m login' },
  prompts: [
    { label: 'Verification code: ', echo: 'shown' },
    { label: 'PIN:', echo: 'hidden' },
  ],
};

function prepare(host: FakeHost): void {
  host.emit(
    { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1', { environment: 'production' }) } },
    { type: 'session.added', session: makeSession('S1') },
  );
  host.handlers['login.answer'] = ({ answers }) => {
    if (answers?.[0] === 'wrong') throw new Error('That is not its passphrase.');
    host.emit({ type: 'logins.replaced', logins: [] });
    return {};
  };
}

async function ask(columns: number, rows: number, ...logins: readonly LoginView[]): Promise<void> {
  world = openScreenWorld(columns, rows, prepare);
  world.host.emit({ type: 'logins.replaced', logins });
  await world.screen();
  world.clock.advance(301);
}

describe.each([
  [80, 24],
  [200, 50],
] as const)('a login that waits, on %i×%i', (columns, rows) => {
  it('waits in the queue beside what is typed, and opens no dialog by itself', async () => {
    await ask(columns, rows, code);
    await world.press('my prompt');
    const screen = await world.screen();
    expect(screen).toContain('Question 1 of 1 login to web-1');
    expect(screen).toContain('PRODUCTION');
    // On a small screen the conversation takes the panes' place.
    expect(screen.includes('waiting for you')).toBe(columns === 200);
    expect(/web-1 PRODUCTION connected . 1 waiting/.test(screen)).toBe(columns === 80);
    expect(screen).toContain('needs an answer to what the server asks ubuntu.');
    expect(screen).toContain('login');
    expect(screen).toContain('my prompt');
    expect(world.host.callsOf('login.answer')).toEqual([]);
  });

  it('has a sentence of ours broken between words, and what a server says marked where it goes on', async () => {
    const note = `${'Secrets are sealed with it, so keep it where you will find it again. '.repeat(4)}End.`;
    const question = { ...passphrase, note };
    for (const isNoteOurs of [true, undefined] as const) {
      await ask(columns, rows, isNoteOurs ? { ...question, isNoteOurs } : question);
      await world.press('\x02aa');
      const dialog = await world.screen();
      expect(dialog).toContain('End.');
      expect(dialog.includes('¬')).toBe(isNoteOurs === undefined);
      if (isNoteOurs) world.dispose();
    }
  });

  it('is filled in, what is hidden never on the screen, and a wrong answer asked again', async () => {
    await ask(columns, rows, passphrase);
    await world.press('\x02aa');
    await world.press('wrong');
    expect(await world.screen()).toContain('•••••');
    await world.press('\r');
    expect(await world.screen()).toContain('That is not its passphrase.');
    await world.press('right\r');
    expect(world.host.callsOf('login.answer')).toEqual([
      { id: 'q1', answers: ['wrong'] },
      { id: 'q1', answers: ['right'] },
    ]);
    expect(await world.screen()).not.toContain('Question');
  });

  it('is told on top, in the list of servers and in the palette, and the way there with it', async () => {
    await ask(columns, rows, code);
    await world.press('\x1b');
    await world.press('4');
    const screen = await world.screen();
    expect(screen.split('\n')[0]).toContain('1 waiting');
    expect(screen).toMatch(/❯web-1 +PRODUCTION +waiting for you/);
    expect(screen.replaceAll(/[\s│]+/g, ' ')).toContain(
      'login it needs an answer to what the server asks ubuntu; 2 goes to the question',
    );
    await world.press(':');
    await world.press('an answer to what');
    expect(await world.screen()).toContain('login  an answer to what the server asks ubuntu');
    await world.press('\r');
    expect(await world.screen()).toContain('Question 1 of 1 login to web-1');
  });

  it('takes one answer a prompt, or none at all', async () => {
    await ask(columns, rows, code);
    await world.press('\x02aa');
    await world.press('123456\t0000\r');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q2', answers: ['123456', '0000'] }]);
    world.host.emit({ type: 'logins.replaced', logins: [passphrase] });
    await world.screen();
    world.clock.advance(301);
    await world.press('\x02ad');
    expect(world.host.callsOf('login.answer').at(-1)).toEqual({ id: 'q1', answers: null });
    expect(await world.screen()).toContain('Declined');
  });
});

describe('a command of this machine that waits for leave', () => {
  const command: LoginView = {
    ...{ ...passphrase, id: 'q3', what: 'your leave to run a command on this machine' },
    prompts: [{ label: 'Type "yes"', echo: 'shown' }],
  };

  it('is shown character for character, and allowed from its own dialog', async () => {
    await ask(80, 24, { ...command, command: 'nc\x1b[2J %h  é\u202e' });
    expect(await world.screen()).toContain('nc\\x1b[2J %h  \\xe9\\u202e');
    await world.press('\x02aa');
    expect(await world.screen()).toContain('Command of this machine');
    expect(await world.screen()).toContain('nc\\x1b[2J %h  \\xe9\\u202e');
    await world.press('yes\r');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q3', answers: ['yes'] }]);
  });

  it('names the jump host whose line it is', async () => {
    await ask(80, 24, { ...command, server: 'ssh:first,second', command: 'nc' });
    expect(await world.screen()).toContain('login to the jump host second');
    await world.press('\x02aa');
    expect(await world.screen()).toContain('The login to the jump host second');
  });

  it('is not allowed before all of it was on the screen', async () => {
    const words = Array.from({ length: 300 }, (_word, at) => `word${at}`).join(' ');
    await ask(80, 24, { ...command, command: words });
    await world.press('\x02aa');
    expect(await world.screen()).not.toContain('word0 ');
    await world.press('yes\r');
    expect(world.host.callsOf('login.answer')).toEqual([]);
    expect(await world.screen()).toContain('Not all of it was on the screen yet');
    // Up to the beginning, and back to the field with the next letter.
    for (let page = 0; page < 4; page += 1) {
      await world.press('\x1b[5~');
      await world.screen();
    }
    expect(await world.screen()).toContain('word0 ');
    await world.press('\r');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q3', answers: ['yes'] }]);
  });
});

describe('a login that somebody here waits for', () => {
  it('is asked at once, unless something else is open', async () => {
    world = openScreenWorld(80, 24, prepare);
    const test = promiseWithResolvers<{ steps: never[] }>();
    world.host.handlers['server.test'] = () => test.promise;
    await world.press('\x1b');
    await world.press('4');
    await world.press('t');
    world.host.emit({ type: 'logins.replaced', logins: [passphrase] });
    await world.screen();
    await world.press('right\r');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q1', answers: ['right'] }]);
    await world.press('?');
    world.host.emit({ type: 'logins.replaced', logins: [code] });
    expect(await world.screen()).not.toContain('Verification code');
    test.resolve({ steps: [] });
  });
});

describe('the passphrase of the vault', () => {
  let ran: (readonly string[])[];
  let opened: ReturnType<typeof promiseWithResolvers<Record<string, never>>>;
  let signal: AbortSignal | undefined;

  async function saveIntoVault(): Promise<void> {
    ran = [];
    const programs: LocalPrograms = {
      self: ['node', 'main.js'],
      runOnTerminal: () => Promise.reject(new Error('Nothing here needs the terminal.')),
      runQuietly: async (argv) => {
        ran.push(argv.slice(2));
        return { status: 0, words: '' };
      },
    };
    world = openScreenWorld(80, 24, prepare, { programs });
    opened = promiseWithResolvers<Record<string, never>>();
    const unlock = (_params: unknown, options?: CallOptions) => {
      signal = options?.signal;
      world.host.emit({ type: 'logins.replaced', logins: [{ ...passphrase, server: null, what: 'the vault opened' }] });
      return opened.promise;
    };
    world.host.handlers['vault.unlock'] = unlock;
    await world.press('\x1b');
    await world.press('4');
    await world.press('a');
    await world.press('nas\t10.0.0.9\t\tme\t\t\tGeheim 1!\r');
    expect(await world.screen()).toContain('This needs the vault opened.');
    expect(ran).toEqual([]);
  }

  it('that is not typed is declined at once: the form below can be used again', async () => {
    await saveIntoVault();
    await world.press('\x1b');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q1', answers: null }]);
    world.host.emit({ type: 'logins.replaced', logins: [] });
    opened.reject(new Error('This needs the vault opened, since the question was declined.'));
    expect(await world.screen()).toContain('since the question was declined');
    expect(await world.screen()).toContain('Register a server');
    expect(ran).toEqual([]);
  });

  it('is not wanted any more where the form is left', async () => {
    await saveIntoVault();
    expect(signal?.aborted).toBe(false);
    await world.press('\x1b');
    await world.press('\x1b');
    expect(signal?.aborted).toBe(true);
    opened.reject(new Error('Nobody waits for it.'));
    expect(await world.screen()).not.toContain('Register a server');
  });

  it('is asked for above the form whose password it keeps, and the form goes on', async () => {
    await saveIntoVault();
    await world.press('right\r');
    expect(world.host.callsOf('login.answer')).toEqual([{ id: 'q1', answers: ['right'] }]);
    opened.resolve({});
    await world.screen();
    expect(ran.at(-1)).toContain('--secret-in=vault');
    expect(await world.screen()).not.toContain('Register a server');
  });
});

describe('something to do elsewhere', () => {
  it('is said, and there is nothing to type', async () => {
    await ask(80, 24, { ...passphrase, what: 'a touch of your key', prompts: [] });
    await world.press('\x02a');
    expect(await world.screen()).toContain('It goes on by itself once that is done.');
    await world.press('a');
    expect(await world.screen()).toContain('there is nothing to type');
    expect(world.host.callsOf('login.answer')).toEqual([]);
  });
});
