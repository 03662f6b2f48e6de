/** What an OpenSSH configuration says beside where a server is, kept to on the wire: one real sshd for all of it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import type { AuthChoice } from '../../../src/core/login/auth-choice.ts';
import { Permit } from '../../../src/core/permit.ts';
import type { ConnectionSettings } from '../../../src/core/ports.ts';
import { plainSshOptions, type SshOptions } from '../../../src/core/ssh-options.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, never, settingsFor, textOf, withLab } from './lab.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

describe.runIf(sshdRuns())('a connection keeps to', () => {
  let sshd: Sshd;
  let hostKey: string;
  beforeAll(async () => {
    sshd = await startSshd({
      config: [
        'Ciphers aes128-gcm@openssh.com,aes256-ctr',
        'AcceptEnv LC_WORD WORD PYTHONPATH DB_PASSWORD',
        'Compression delayed',
        'ListenAddress ::1',
      ],
    });
    hostKey = sshd.knownHostsLine.trim().split(' ').slice(1).join(' ');
  });
  afterAll(() => sshd?.stop());

  const printenv = (ssh: Partial<SshOptions>, more: Partial<ConnectionSettings> = {}): Promise<string> => {
    const of = targetOf(sshd);
    const knownHosts = `${sshd.knownHostsLine}[::1]:${sshd.port},[localhost]:${sshd.port} ${hostKey}\n`;
    const settings = settingsFor(of, { ssh: { ...plainSshOptions, ...ssh }, ...more });
    return withLab(sshd, { ...settings, knownHosts }, async (lab) =>
      textOf((await lab.exec(of, ['printenv', 'SSH_CONNECTION'])).stdout),
    );
  };
  const only = (limits: Partial<SshOptions['algorithms']>): Partial<SshOptions> => ({
    algorithms: { ...plainSshOptions.algorithms, ...limits },
  });

  it('where it leaves from, and which version of IP', async () => {
    expect(await printenv({ bindAddress: '127.0.0.2' })).toMatch(/^127\.0\.0\.2 /);
    expect(await printenv({ bindInterface: 'lo', addressFamily: 4 })).toMatch(/^127\.0\.0\.1 /);
    if (hasIPv6) expect(await printenv({}, { host: '::1' })).toMatch(/^::1 /);
    expect(await printenv({ addressFamily: 4 }, { host: 'localhost' })).toMatch(/^127\.0\.0\.1 /);
  });

  it.each<[string, Partial<SshOptions>, string]>([
    ['an address that is not ours', { bindAddress: '192.0.2.1' }, 'BindAddress'],
    ['an interface that is not there', { bindInterface: 'nothing9' }, 'BindInterface names "nothing9"'],
    [
      'a cipher that only ssh has, not the server',
      only({ ciphers: ['chacha20-poly1305@openssh.com'] }),
      'no cipher in',
    ],
    ['a cipher that the server does not have', only({ ciphers: ['aes256-gcm@openssh.com'] }), 'no cipher in common'],
    ['a kind of host key that it does not have', only({ hostKeys: ['rsa-sha2-512'] }), 'no host key type in common'],
  ])('%s', async (_name, ssh, words) => {
    await expect(printenv(ssh)).rejects.toThrowError(words);
  });

  it('narrower lists of algorithms, and compression', async () => {
    await printenv(only({ ciphers: ['aes256-ctr'], macs: ['hmac-sha2-512-etm@openssh.com'] }));
    await printenv(only({ ciphers: ['aes128-gcm@openssh.com'], macs: ['umac-64@openssh.com'] }));
    await printenv(only({ hostKeys: ['ssh-ed25519-cert-v01@openssh.com'], kex: ['curve25519-sha256'] }));
    expect(await printenv({ compresses: true })).toContain('127.0.0.1');
    // What the SSH of this program has not is for the system's ssh.
    await printenv(only({ kex: ['sntrup761x25519-sha512@openssh.com'] }));
    await printenv(only({ ciphers: ['aes256-ctr'], macs: ['umac-64@openssh.com'] }));
  });

  it('compression while the line is lost under a command', async () => {
    const of = targetOf(sshd);
    const uncaught: Error[] = [];
    const note = (error: Error): void => void uncaught.push(error);
    process.prependListener('uncaughtException', note);
    try {
      await withLab(sshd, settingsFor(of, { ssh: { ...plainSshOptions, compresses: true } }), async (lab) => {
        const begun = promiseWithResolvers<void>();
        const sink = { onOutput: () => begun.resolve() };
        const lost = failure(lab.exec(of, 'echo begun; exec sleep 600', { sink }), 'CONNECTION_LOST');
        await begun.promise;
        for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
        process.kill(-Number((await lost).data?.['processGroup']), 'SIGKILL');
        expect(textOf((await lab.exec(of, ['echo', 'again'])).stdout)).toBe('again\n');
      });
    } finally {
      process.off('uncaughtException', note);
    }
    expect(uncaught).toEqual([]);
  });

  it('its own files of host keys, and the keys that are revoked', async () => {
    const file = join(sshd.folder, 'known');
    const of = targetOf(sshd);
    writeFileSync(file, `# theirs\n[127.0.0.1]:${sshd.port} ${hostKey}\n`);
    const ssh = { ...plainSshOptions, knownHostsFiles: [file] };
    await withLab(sshd, { ...settingsFor(of, { ssh }), knownHosts: '' }, async (lab) => {
      const error = await failure(lab.exec(of, ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.message).toContain(`but your ssh knows it (${file} line 2)`);
      expect(error.data).toMatchObject({ knownTo: `${file} line 2`, fingerprint: sshd.hostKeyFingerprint });
      expect(await lab.servers.trustHostKey(of, sshd.hostKeyFingerprint, never())).toMatchObject({ wasKnown: false });
      expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
    });
    const revoked = join(sshd.folder, 'revoked');
    writeFileSync(revoked, `# old ones\n${hostKey}\n`);
    await expect(printenv({ revokedKeysFile: revoked })).rejects.toThrowError(`@revoked in ${revoked}:2`);
    await expect(printenv({ revokedKeysFile: '/no/such' })).rejects.toThrowError('RevokedHostKeys');
    // The binary form of such a list.
    const publicKey = join(sshd.folder, 'host.pub');
    writeFileSync(publicKey, `${hostKey}\n`);
    execFileSync('ssh-keygen', ['-k', '-q', '-f', revoked]);
    expect(await printenv({ revokedKeysFile: revoked })).toContain('127.0.0.1');
    execFileSync('ssh-keygen', ['-k', '-q', '-f', revoked, publicKey]);
    await expect(printenv({ revokedKeysFile: revoked })).rejects.toThrowError(`is revoked by ${revoked}`);
    await expect(printenv({ revokedKeysFile: revoked }, { transport: 'system' })).rejects.toThrowError('is revoked by');
    writeFileSync(revoked, 'SSHKRL\nand nothing else');
    await expect(printenv({ revokedKeysFile: revoked })).rejects.toThrowError('ssh-keygen could not read');
  });

  it('what shells and commands are sent', async () => {
    const of = targetOf(sshd);
    const environment = {
      LC_WORD: 'sent-along',
      WORD: 'for shells',
      LC_OTHER: 'not accepted',
      PYTHONPATH: '/tmp',
      DB_PASSWORD: 'x',
    };
    const ssh = { ...plainSshOptions, environment };
    await withLab(sshd, settingsFor(of, { ssh }), async (lab) => {
      const line = 'echo "<$LC_WORD|$WORD|$LC_OTHER|$PYTHONPATH|$DB_PASSWORD>"';
      for (const transport of ['built-in', 'system'] as const) {
        const own = { ...of, recordHash: transport };
        const settings = settingsFor(own, { ssh, transport });
        await withLab(sshd, settings, async ({ exec }) => {
          expect(textOf((await exec(own, line)).stdout)).toBe('<sent-along||||>\n');
        });
      }
      let printed = '';
      const size = { columns: 80, rows: 24 };
      const permit = new Permit('p', of, { kind: 'shell', term: 'dumb', size, env: {} }, null);
      await lab.servers.perform(
        permit,
        {
          onOutput: (_stream, chunk) => void (printed += textOf(chunk)),
          onTerminal: (terminal) => terminal.write(Buffer.from('echo "<$LC_WORD|$WORD$LC_OTHER>"; exit\n')),
        },
        never(),
      );
      expect(printed).toContain('<sent-along|for shells>');
    });
  });

  it('which keys of the agent may be offered, and asks for no passphrase of one that the agent holds', async () => {
    const socket = join(sshd.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data');
      const env = { SSH_AUTH_SOCK: socket };
      const others = ['one', 'two'].map((name) => join(sshd.folder, name));
      for (const path of others) {
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
        execFileSync('ssh-add', ['-q', path], { env, stdio: 'ignore' });
      }
      execFileSync('ssh-add', ['-q', sshd.privateKeyPath], { env, stdio: 'ignore' });
      const ask = (identities: readonly string[], isExclusive: boolean, ...rest: AuthChoice[]): Promise<string> =>
        printenv({}, { auth: [{ kind: 'agent', socket, identities, isExclusive }, ...rest] });
      const refusals = async (login: Promise<string>): Promise<number> => {
        const before = sshd.log().length;
        await login;
        return (
          sshd
            .log()
            .slice(before)
            .match(/Failed publickey/g)?.length ?? 0
        );
      };
      expect(await refusals(ask([], false))).toBe(2);
      expect(await refusals(ask([sshd.privateKeyPath], false))).toBe(0);
      expect(await refusals(ask([`${sshd.privateKeyPath}.pub`, '/absent'], true))).toBe(0);
      await failure(ask(others, true), 'AUTH_FAILED');
      const file = (privateKeyPath: string): AuthChoice => ({ kind: 'privateKey', privateKeyPath, passphrase: null });
      // Asked for its passphrase, it would say that nobody is there.
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', present(others[0], 'There are two.')]);
      const error = await failure(ask(others, true, file(present(others[0], 'There are two.'))), 'AUTH_FAILED');
      expect(error.message).not.toContain('passphrase');
      const limits = only({ publicKeys: ['rsa-sha2-512'] });
      await failure(printenv(limits, { auth: [file(sshd.privateKeyPath)] }), 'AUTH_FAILED');
    } finally {
      agent.kill();
      await once(agent, 'exit');
    }
  });
});
