/** sudo with a password, against a real sudo behind a real sshd: who gets the password, and who never does. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { ExecOutcome } from '../../../src/core/ports.ts';
import { findSudoQuestion } from '../../../src/core/sudo.ts';
import { createSecrets } from '../../../src/runtime/secrets/create-secrets.ts';
import { createVault } from '../../../src/runtime/secrets/create-vault.ts';
import { type Account, addAccount, removeAccount } from '../../fixtures/accounts.ts';
import { openEngineWorld, yes } from '../../fixtures/engine-world.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type ExecOptions, failure, type Lab, makeLab, nobodyToAsk, settingsFor, textOf, until } from './lab.ts';

const password = 'it\'s $HOME \\n "quoted" !x %s';

/** Those that have words of their own for quotes, exclamation marks and variables. */
const shells = ['dash', 'fish', 'tcsh', 'zsh']
  .map((name) => ({
    name,
    path: ['/bin', '/usr/bin'].map((at) => join(at, name)).find((one) => existsSync(one)) ?? '',
  }))
  .filter(({ name, path }) =>
    canRun(`the login shell ${name}`, { ok: path !== '', reason: `${name} is not installed` }),
  );

describe.runIf(sshdRuns() && sudoIsHere())('sudo with a password', () => {
  let sshd: Sshd;
  let lab: Lab;
  let rules: string;

  const german = new Map<string, Account>();

  beforeAll(async () => {
    for (const { name, path } of shells) german.set(name, addAccount({ password, shell: path }));
    const matches = [...german.values()].flatMap(({ name }) => [
      `Match User ${name}`,
      'SetEnv LANG=C.UTF-8 LANGUAGE=de',
    ]);
    sshd = await startSshd({ account: { password }, config: ['SetEnv w=exported'], matches });
    rules = `/etc/sudoers.d/${sshd.username}`;
    lab = await makeLab(sshd, settingsFor(targetOf(sshd), { sudo: password }));
  });

  afterAll(async () => {
    await lab?.dispose();
    rmSync(rules, { force: true });
    await sshd?.stop();
    for (const { name } of german.values()) removeAccount(name);
  });

  function allow(what: string): void {
    writeFileSync(rules, `Defaults:${sshd.username} !syslog\n${sshd.username} ALL=(ALL) ${what}\n`, { mode: 0o440 });
  }

  function sudo(argv: readonly string[], options: ExecOptions = {}): Promise<ExecOutcome> {
    return lab.exec(targetOf(sshd), argv, { sudo: 'password', ...options });
  }

  it('runs the command as root, with its own input, status and output', async () => {
    allow('ALL');
    const script = 'id -un; cat; echo problem >&2; exit 7';
    const outcome = await sudo(['sudo', '/bin/sh', '-c', script], { stdin: Buffer.from('mine\n') });
    expect(textOf(outcome.stdout)).toBe('root\nmine\n');
    expect(textOf(outcome.stderr)).toBe('problem\n');
    expect(outcome.exitCode).toBe(7);
  });

  it('works from a folder, and as another account', async () => {
    allow('ALL');
    const outcome = await sudo(['/usr/bin/sudo', '-u', 'daemon', '/bin/sh', '-c', 'id -un; pwd'], { cwd: '/usr' });
    expect(textOf(outcome.stdout)).toBe('daemon\n/usr\n');
  });

  it.each([
    ['asks for none (NOPASSWD)', 'NOPASSWD: ALL'],
    ['asks for one', 'ALL'],
  ])(
    'never hands the password to the command, to its environment or to an argv, where sudo %s',
    async (_case, what) => {
      allow(what);
      expect(textOf((await sudo(['sudo', 'cat'])).stdout)).toBe('');
      const script = 'cat; cat /proc/$PPID/environ /proc/[0-9]*/cmdline; env; tr "\\0" "\\n" < /proc/$PPID/cmdline';
      const outcome = await sudo(['sudo', '/bin/sh', '-c', script]);
      expect(textOf(outcome.stdout)).toContain('SUDO_USER=');
      expect(textOf(outcome.stdout) + textOf(outcome.stderr)).not.toContain(password);
    },
  );

  it('leaves nothing behind: the next command of the account is asked again', async () => {
    allow('ALL');
    await sudo(['sudo', 'true']);
    const next = await lab.exec(targetOf(sshd), ['sudo', 'id']);
    expect(next.exitCode).toBe(1);
    expect(textOf(next.stderr)).toContain('a password is required');
  });

  it('ends at once where sudo would ask and there is no password', async () => {
    allow('ALL');
    const outcome = await lab.exec(targetOf(sshd), ['sudo', '-u', 'daemon', 'id']);
    expect(textOf(outcome.stderr)).toBe('sudo: a password is required\n');
  });

  it.each(shells)('is the same with the login shell $name, where sudo speaks German', async ({ name }) => {
    const username = german.get(name)?.name ?? '';
    const file = `/etc/sudoers.d/${username}`;
    writeFileSync(file, `Defaults:${username} !syslog\n${username} ALL=(ALL) ALL\n`, { mode: 0o440 });
    const of = targetOf(sshd, { username, recordHash: name });
    const other = await makeLab(sshd, settingsFor(of, { sudo: password }));
    try {
      const refused = await other.exec(of, ['sudo', 'id']);
      // Small systems leave out what sudo is translated to.
      const word = existsSync('/usr/share/locale/de/LC_MESSAGES/sudo.mo') ? 'Passwort' : 'password';
      expect(textOf(refused.stderr)).toMatch(new RegExp(`^sudo: .*${word}.*\\n$`));
      expect(findSudoQuestion(refused.stderr, of, undefined)).toContain('--sudo-vault');
      const argv = ['sudo', '/bin/sh', '-c', 'id -un; cat; exit 7'];
      const outcome = await other.exec(of, argv, { sudo: 'password', stdin: Buffer.from('mine') });
      expect([textOf(outcome.stdout), textOf(outcome.stderr), outcome.exitCode]).toEqual(['root\nmine', '', 7]);
    } finally {
      await other.dispose();
      rmSync(file);
    }
  });

  it('comes from the vault like the password of the login, for one passphrase that is asked for once', async () => {
    allow('ALL');
    const file = join(sshd.folder, 'vault.json');
    const redactor = { hold: () => undefined };
    const desk = nobodyToAsk();
    desk.attend();
    const asked: string[] = [];
    desk.onChange(([question]) => {
      if (!question) return;
      asked.push(`${question.server}: ${question.what}`);
      void desk.answer(
        question.id,
        question.prompts.map(() => 'nine lives of a cat'),
      );
    });
    const vault = createVault({ file, questions: desk, redactor, clock: systemClock, lockAfterMs: 0 });
    for (const name of ['login', 'sudo']) await vault.set(name, password);
    vault.lock();
    const settings = settingsFor(targetOf(sshd), {
      auth: [{ kind: 'password', secret: { vault: 'login' } }],
      sudo: { vault: 'sudo' },
    });
    const sealed = await makeLab(sshd, { ...settings, questions: desk, secrets: createSecrets({ vault, redactor }) });
    try {
      const outcome = await sealed.exec(targetOf(sshd), ['sudo', 'id', '-un'], { sudo: 'password' });
      expect(textOf(outcome.stdout)).toBe('root\n');
      expect(asked).toEqual(['null: a passphrase for a new vault', 'web-1: the passphrase of the vault']);
    } finally {
      vault.dispose();
      await sealed.dispose();
    }
  });

  it('tries a wrong password once, and runs nothing', async () => {
    allow('ALL');
    const log = join(sshd.folder, 'sudo.log');
    writeFileSync(rules, `Defaults:${sshd.username} !syslog, logfile=${log}\n${sshd.username} ALL=(ALL) ALL\n`);
    const wrong = await makeLab(sshd, settingsFor(targetOf(sshd), { sudo: 'wrong' }));
    const ran = join(sshd.folder, 'ran');
    try {
      const error = await failure(
        wrong.exec(targetOf(sshd), ['sudo', 'touch', ran], { sudo: 'password', stdin: Buffer.from('second\nthird\n') }),
        'AUTH_FAILED',
      );
      expect(error.message).toContain('it was tried once, and nothing was run');
      expect(error.outcomeUnknown).toBe(false);
      expect(readFileSync(log, 'utf8')).toContain('1 incorrect password attempt ;');
      expect(existsSync(ran)).toBe(false);
    } finally {
      await wrong.dispose();
    }
  });

  it('says what sudo says to an account that may do nothing', async () => {
    rmSync(rules, { force: true });
    const error = await failure(sudo(['sudo', 'true']), 'PERMISSION_DENIED');
    expect(error.message).toContain('may not run sudo');
  });

  it('gives the password to no program that the account itself put in the way', async () => {
    allow('ALL');
    const fake = join(sshd.folder, 'sudo');
    const seen = join(sshd.folder, 'seen');
    writeFileSync(fake, `#!/bin/sh\ncat > ${seen}\n`, { mode: 0o755 });
    execFileSync('chown', [sshd.username, fake]);
    execFileSync('chmod', ['4755', fake]);
    const error = await failure(sudo([fake, 'true']), 'UNSUPPORTED');
    expect(error.message).toContain('was not given the password');
    expect(existsSync(seen)).toBe(false);
  });

  it.each([['!use_pty'], ['use_pty']])('ends what runs as root when it is cancelled, with %s', async (setting) => {
    allow('ALL');
    writeFileSync(rules, `Defaults:${sshd.username} !syslog, ${setting}\n${sshd.username} ALL=(ALL) ALL\n`);
    const stop = new AbortController();
    const ended = join(sshd.folder, `ended-${setting.replace('!', 'no-')}`);
    const script = `trap "echo done > ${ended}; exit 3" TERM; echo ready; while :; do sleep 0.1; done`;
    const outcome = await sudo(['sudo', '/bin/sh', '-c', script], {
      signal: stop.signal,
      sink: { onOutput: () => stop.abort() },
    });
    expect(outcome.ended).toBe('cancelled');
    await until(() => existsSync(ended));
  });

  it('is asked about on a card that says so, and recorded without the password', async () => {
    allow('ALL');
    const { host, port, username, privateKeyPath } = sshd;
    const auth = { kind: 'privateKey', privateKeyPath };
    const secret = { env: 'SUDO_WORD' };
    const world = await openEngineWorld({
      servers: [{ id: 'web-1', host, port, username, auth, environment: 'development', sudo: { secret } }],
      knownHosts: sshd.knownHostsLine,
      env: { SUDO_WORD: password },
    });
    try {
      world.answer(() => yes);
      const envelope = await world.ask('remote_exec', { server: 'web-1', argv: ['sudo', 'id', '-un'] });
      expect(envelope).toMatchObject({ status: 'ok', data: { stdout: 'root\n', stderr: '' } });
      expect(world.cards[0]?.subject).toMatchObject({ argv: ['sudo', 'id', '-un'], sudo: 'password' });
      const records = await world.engine.audit.records(envelope.audit.id);
      expect(records.filter((record) => record.sudo === 'password').map(({ type }) => type)).toEqual(['permit']);
      expect(JSON.stringify(records)).not.toContain(JSON.stringify(password).slice(1, -1));

      const inside = await world.ask('remote_exec', { server: 'web-1', command: 'sudo id | cat; exit 1' });
      expect(inside.data?.['advice']).toContain('only to a command that begins with sudo itself');
      expect(inside.message).toBe(inside.data?.['advice']);
      const printed = await world.ask('remote_exec', { server: 'web-1', argv: ['printf', '%s', password] });
      expect(JSON.stringify(await world.engine.audit.records(printed.audit.id))).toContain('«redacted:');
    } finally {
      await world.dispose();
    }
  });
});

function sudoIsHere(): boolean {
  const isHere = existsSync('/usr/bin/sudo');
  if (!isHere) process.stderr.write('left out: no sudo here; install it with `apt-get install sudo`\n');
  return isHere;
}
