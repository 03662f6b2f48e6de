/** Logins that only OpenSSH has: a Kerberos ticket, the keys of a token. Each is left to the system's ssh, and nobody is asked before it had its turn. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LoginDesk } from '../../../../src/core/login/login-desk.ts';
import type { ConnectionSettings } from '../../../../src/core/ports.ts';
import { plainSshOptions } from '../../../../src/core/ssh-options.ts';
import { canRun } from '../../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../../fixtures/sshd.ts';
import { failure, never, nobodyToAsk, settingsFor, withLab } from '../lab.ts';

const library = '/usr/lib/softhsm/libsofthsm2.so';
const hasToken = (): boolean =>
  canRun('keys of a token', { ok: existsSync(library), reason: 'install softhsm2, a token without hardware' });

describe.runIf(sshdRuns())('a login that only OpenSSH has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-other-logins-'));
  let sshd: Sshd;
  beforeAll(async () => {
    const keys = join(folder, 'keys');
    sshd = await startSshd({
      account: { password: 'right secret' },
      config: ['GSSAPIAuthentication yes', `AuthorizedKeysFile ${keys}`],
    });
    writeFileSync(keys, '');
    // The server reads them as the account.
    chmodSync(folder, 0o755);
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  /** Somebody who types these, one a question; what is asked. */
  const answering = (...typed: readonly string[]): { desk: LoginDesk; asked: string[] } => {
    const desk = nobodyToAsk();
    const asked: string[] = [];
    desk.attend();
    desk.onChange(([question]) => {
      if (!question) return;
      asked.push(question.what);
      void desk.answer(question.id, [typed[asked.length - 1] ?? '']);
    });
    return { desk, asked };
  };
  const testOf = (settings: Partial<ConnectionSettings>, questions: LoginDesk) => {
    const of = targetOf(sshd);
    return withLab(
      sshd,
      { ...settingsFor(of, settings), questions },
      async (lab) => await lab.servers.test(of, never()),
    );
  };

  it.each([
    [
      'there is a ticket',
      'test -z "$SECRET_OF_A_SERVER"',
      /over the system's ssh .*: the server takes your Kerberos ticket/,
    ],
    ['there is none', 'exit 1', /answers as OpenSSH/],
  ])('a ticket is offered before anybody is asked, where %s', async (_name, klist, words) => {
    const programs = mkdtempSync(join(folder, 'klist-'));
    vi.stubEnv('SECRET_OF_A_SERVER', 'a password of a record');
    writeFileSync(join(programs, 'klist'), `#!/bin/sh\n${klist}\n`, { mode: 0o700 });
    vi.stubEnv('PATH', `${programs}${delimiter}${process.env['PATH']}`);
    const { desk, asked } = answering('right secret');
    const ssh = { ...plainSshOptions, gssapi: true };
    const steps = await testOf(
      { ssh, auth: [{ kind: 'password', secret: null }], secretVariables: ['SECRET_OF_A_SERVER'] },
      desk,
    );
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(steps.find(({ name }) => name === 'Network')?.detail).toMatch(words);
    // The ticket is none that the server knows, so a person has to help in the end.
    expect(asked).toEqual([`the password of ${sshd.username}`]);
  });

  it.runIf(hasToken())("a token's key logs in once its PIN was typed and its library was allowed", async () => {
    const configuration = join(folder, 'softhsm2.conf');
    const [tokens, key] = [join(folder, 'tokens'), join(folder, 'key')];
    mkdirSync(tokens);
    writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    vi.stubEnv('SOFTHSM2_CONF', configuration);
    const run = (program: string, ...words: readonly string[]): string =>
      execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    run('softhsm2-util', '--init-token', '--free', '--label', 'card', '--so-pin', '4321', '--pin', '1234');
    run('openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key);
    run('openssl', 'pkcs8', '-topk8', '-nocrypt', '-in', key, '-out', `${key}.pem`);
    run('softhsm2-util', '--import', `${key}.pem`, '--token', 'card', '--label', 'mine', '--id', '01', '--pin', '1234');
    writeFileSync(join(folder, 'keys'), run('ssh-keygen', '-D', library));
    const settings = { ssh: { ...plainSshOptions, pkcs11Provider: library }, auth: [] };
    const { desk, asked } = answering('yes', '1234');
    const steps = await testOf(settings, desk);
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(asked).toEqual([
      'your leave to load a library on this machine, which uses the keys of your token',
      'the PIN of your token card',
    ]);
    await withLab(sshd, settingsFor(targetOf(sshd), settings), async (lab) => {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'CONFIG_INVALID');
      expect(error.message).toContain('needs a library to be loaded on this machine that you have not allowed');
    });
  });
});
