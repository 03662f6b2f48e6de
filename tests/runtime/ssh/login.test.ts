/** Logging in to real servers with every kind of credential, and every way it is refused. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthChoice } from '../../../src/core/login/auth-choice.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, nobodyToAsk, settingsFor, textOf, until, withLab } from './lab.ts';

describe.runIf(sshdRuns())('a login', () => {
  let sshd: Sshd;
  let stranger: Sshd;
  beforeAll(async () => {
    sshd = await startSshd({ account: { password: 'right secret' } });
    stranger = await startSshd();
  });
  afterAll(async () => {
    await Promise.all([sshd?.stop(), stranger?.stop()]);
  });
  const login = (auth: readonly AuthChoice[], on: Sshd = sshd, transport?: 'system'): Promise<string> => {
    const of = targetOf(on);
    return withLab(on, settingsFor(of, { auth, ...(transport && { transport }) }), async (lab) =>
      textOf((await lab.exec(of, ['id', '-un'])).stdout).trim(),
    );
  };
  const key = (privateKeyPath: string, passphrase: string | null = null): AuthChoice => ({
    kind: 'privateKey',
    privateKeyPath,
    passphrase,
  });
  const password = (secret: string): AuthChoice => ({ kind: 'password', secret });

  it('works with a key, a protected key, a password, and the second choice when the first is refused', async () => {
    expect(await login([key(sshd.privateKeyPath)])).toBe(sshd.username);
    expect(await login([key(sshd.encryptedKeyPath, sshd.passphrase)])).toBe(sshd.username);
    expect(await login([password('right secret')])).toBe(sshd.username);
    expect(await login([key(stranger.privateKeyPath), password('right secret')])).toBe(sshd.username);
    expect(await login([key('/no/such/key'), key(sshd.privateKeyPath)])).toBe(sshd.username);
  });

  it('works with a password that the server asks for as a question', async () => {
    const asking = await startSshd({
      account: { password: 'asked secret' },
      config: ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no'],
    });
    try {
      expect(await login([password('asked secret')], asking)).toBe(asking.username);
      expect(await login([password('asked secret')], asking, 'system')).toBe(asking.username);
      const of = targetOf(asking);
      const { desk, asked } = answering('asked secret');
      const auth: AuthChoice[] = [{ kind: 'password', secret: null }];
      await withLab(asking, { ...settingsFor(of, { auth }), questions: desk }, async (lab) => {
        expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
      });
      expect(asked).toEqual([`web-1: an answer to what the server asks ${asking.username}; null; Password: `]);
    } finally {
      await asking.stop();
    }
  });

  it('works with an ssh-agent', async () => {
    const socket = join(sshd.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data');
      await failure(login([{ kind: 'agent', socket }]), 'AUTH_FAILED');
      execFileSync('ssh-add', ['-q', sshd.privateKeyPath], { env: { SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
      expect(await login([{ kind: 'agent', socket }])).toBe(sshd.username);
    } finally {
      agent.kill();
      await once(agent, 'exit');
    }
  });

  it('goes on to what else the server wants after a key of an agent', async () => {
    const both = await startSshd({
      account: { password: 'more secret' },
      config: ['AuthenticationMethods publickey,password'],
    });
    const socket = join(both.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data');
      const env = { SSH_AUTH_SOCK: socket };
      execFileSync('ssh-add', ['-q', both.privateKeyPath], { env, stdio: 'ignore' });
      const of = targetOf(both);
      const auth: AuthChoice[] = [{ kind: 'agent', socket }, password('more secret')];
      const steps = await withLab(both, settingsFor(of, { auth }), (lab) =>
        lab.servers.test(of, new AbortController().signal),
      );
      expect(steps[2]?.detail).toContain(`with the keys of the ssh-agent at ${socket} and the password`);
    } finally {
      agent.kill();
      await both.stop();
    }
  });

  it.each([
    ['a key the server does not know', () => [key(stranger.privateKeyPath)], 'AUTH_FAILED', 'Tried: the key'],
    ['a wrong password', () => [password('wrong')], 'AUTH_FAILED', 'Tried: the password'],
    [
      'both',
      () => [key(stranger.privateKeyPath), password('no')],
      'AUTH_FAILED',
      'the server accepts publickey, password',
    ],
    ['an agent that is not there', () => [{ kind: 'agent', socket: '/no/agent' }], 'AUTH_FAILED', '/no/agent'],
    ['a key that is not there', () => [key('/no/such/key')], 'CREDENTIALS_UNAVAILABLE', 'cannot be read'],
    ['no passphrase', () => [key(sshd.encryptedKeyPath)], 'CREDENTIALS_UNAVAILABLE', 'needs the passphrase'],
    ['a wrong passphrase', () => [key(sshd.encryptedKeyPath, 'x')], 'CREDENTIALS_UNAVAILABLE', 'is wrong'],
    ['a public key', () => [key(`${sshd.privateKeyPath}.pub`)], 'CREDENTIALS_UNAVAILABLE', 'not a private key'],
    ['a file that is no key', () => [key('/etc/hostname')], 'CREDENTIALS_UNAVAILABLE', 'not a private key'],
  ] as const)('fails with %s, and says so', async (_name, toAuth, code, words) => {
    const error = await failure(login(toAuth() as readonly AuthChoice[]), code);
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/right secret|wrong$/);
  });

  /** Somebody who types these, one answer a question. */
  const answering = (...typed: readonly string[]) => {
    const desk = nobodyToAsk();
    const asked: string[] = [];
    const said: string[] = [];
    desk.attend();
    desk.onChange((waiting) => {
      const [question] = waiting;
      if (!question || asked.length >= typed.length) return;
      asked.push(
        `${question.server}: ${question.what}; ${question.note}; ${question.prompts.map(({ label }) => label)}`,
      );
      void (async () => {
        for (const answer of typed.slice(asked.length - 1)) {
          try {
            return await desk.answer(question.id, [answer]);
          } catch (error) {
            said.push((error as Error).message);
          }
        }
      })();
    });
    return { desk, asked, said };
  };

  it('asks a person for the passphrase of a key, again when it was wrong, and not again for the next login', async () => {
    const of = targetOf(sshd);
    const { desk, asked, said } = answering('wrong', sshd.passphrase);
    const auth = [key(sshd.encryptedKeyPath)];
    await withLab(sshd, { ...settingsFor(of, { auth }), questions: desk }, async (lab) => {
      expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
      expect((await lab.servers.test(of, new AbortController().signal)).every(({ ok }) => ok)).toBe(true);
    });
    expect(asked).toEqual([`web-1: the passphrase of ${sshd.encryptedKeyPath}; null; Passphrase`]);
    expect(said).toEqual(['That is not its passphrase.']);
  });

  it('gives up after three wrong passphrases', async () => {
    const of = targetOf(sshd);
    const { desk } = answering('a', 'b', 'c');
    await withLab(
      sshd,
      { ...settingsFor(of, { auth: [key(sshd.encryptedKeyPath)] }), questions: desk },
      async (lab) => {
        const error = await failure(lab.exec(of, ['true']), 'CREDENTIALS_UNAVAILABLE');
        expect(error.message).toContain('and 3 answers were wrong');
      },
    );
  });

  it('asks a person for a password that no record knows, and again when the server refused it', async () => {
    const of = targetOf(sshd);
    const { desk, asked } = answering('mistyped', 'right secret');
    const auth: AuthChoice[] = [{ kind: 'password', secret: null }];
    await withLab(sshd, { ...settingsFor(of, { auth }), questions: desk }, async (lab) => {
      expect(textOf((await lab.exec(of, ['id', '-un'])).stdout).trim()).toBe(sshd.username);
      // Once it was taken, the next login needs nobody.
      const steps = await lab.servers.test(of, new AbortController().signal);
      expect(steps.map(({ ok }) => ok)).not.toContain(false);
    });
    const question = `web-1: the password of ${sshd.username}`;
    const again = 'The server refused that password; type it again.';
    expect(asked).toEqual([`${question}; null; Password`, `${question}; ${again}; Password`]);
  });

  it('asks nobody on once nobody waits for it, and asks the next who comes', async () => {
    const of = targetOf(sshd);
    const desk = nobodyToAsk();
    desk.attend();
    const auth: AuthChoice[] = [{ kind: 'password', secret: null }];
    await withLab(sshd, { ...settingsFor(of, { auth }), questions: desk }, async (lab) => {
      const [one, other] = [new AbortController(), new AbortController()];
      const left = [one, other].map(({ signal }) => failure(lab.exec(of, ['true'], { signal }), 'CANCELLED'));
      await until(() => desk.waiting.length === 1);
      one.abort();
      await left[0];
      expect(desk.waiting).toHaveLength(1);
      other.abort();
      await left[1];
      expect(desk.waiting).toEqual([]);
      const next = lab.exec(of, ['true']);
      await until(() => desk.waiting.length === 1);
      await desk.answer(desk.waiting[0]?.id ?? '', ['right secret']);
      expect((await next).exitCode).toBe(0);
      expect(lab.servers.status(of.id)).toMatchObject({ state: 'connected', problem: null });
    });
  });

  it('reads no secret before the host key is known', async () => {
    const of = targetOf(sshd);
    // The secrets of the tests throw for a source like this one.
    const auth: AuthChoice[] = [{ kind: 'password', secret: { env: 'NOT_FOR_TESTS' } }];
    await withLab(sshd, { knownHosts: '', ...settingsFor(of, { auth }) }, async (lab) => {
      await failure(lab.exec(of, ['true']), 'HOST_KEY_UNKNOWN');
    });
  });
});
