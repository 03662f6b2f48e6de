/** Host keys of real servers: known, unknown, changed, revoked, and trusted by the operator. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthChoice } from '../../../src/core/login/auth-choice.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, type LabOptions, never, settingsFor, withLab } from './lab.ts';

describe.runIf(sshdRuns())('a host key', () => {
  let sshd: Sshd;
  let other: Sshd;
  beforeAll(async () => {
    [sshd, other] = await Promise.all([startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] }), startSshd()]);
  });
  afterAll(async () => {
    await Promise.all([sshd?.stop(), other?.stop()]);
  });
  const keyOf = (of: Sshd): string => of.knownHostsLine.split('\n')[0]?.split(' ').slice(1).join(' ') ?? '';

  it('that is unknown is refused, and the error says what to do', async () => {
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.data).toMatchObject({
        fingerprint: sshd.hostKeyFingerprint,
        type: 'ssh-ed25519',
        host: sshd.host,
        port: sshd.port,
      });
      expect(error.message).toContain(`signalbox server trust-key web-1 ${sshd.hostKeyFingerprint}`);
      expect(lab.servers.status('web-1')).toMatchObject({ state: 'failed', problem: error.message });
    });
  });

  it('is known after it was trusted, in our own file only', async () => {
    await withLab(sshd, { knownHosts: '# mine', userKnownHosts: '# theirs\n' }, async (lab) => {
      const trusted = await lab.servers.trustHostKey(targetOf(sshd), sshd.hostKeyFingerprint, never());
      expect(trusted).toMatchObject({ fingerprint: sshd.hostKeyFingerprint, type: 'ssh-ed25519', port: sshd.port });
      expect(await readFile(lab.knownHostsFile, 'utf8')).toBe(`# mine\n[127.0.0.1]:${sshd.port} ${keyOf(sshd)}\n`);
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
      await lab.servers.trustHostKey(targetOf(sshd), sshd.hostKeyFingerprint, never());
      expect((await readFile(lab.knownHostsFile, 'utf8')).split('\n')).toHaveLength(3);
    });
  });

  it('that was refused leaves no word of it once it is trusted', async () => {
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_UNKNOWN');
      await lab.servers.trustHostKey(targetOf(sshd), sshd.hostKeyFingerprint, never());
      expect(lab.servers.status('web-1')).toMatchObject({ state: 'idle', problem: null });
    });
  });

  it('is trusted without any credentials', async () => {
    const of = targetOf(sshd);
    const auth: AuthChoice[] = [{ kind: 'privateKey', privateKeyPath: '/no/such/key', passphrase: null }];
    await withLab(sshd, { knownHosts: '', ...settingsFor(of, { auth }) }, async (lab) => {
      await lab.servers.trustHostKey(of, sshd.hostKeyFingerprint, never());
      await failure(lab.exec(of, ['true']), 'CREDENTIALS_UNAVAILABLE');
    });
  });

  it('is not trusted by the fingerprint of another key', async () => {
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      const trusting = lab.servers.trustHostKey(targetOf(sshd), other.hostKeyFingerprint, never());
      const error = await failure(trusting, 'HOST_KEY_UNKNOWN');
      expect(error.message).toContain(sshd.hostKeyFingerprint);
      expect(await readFile(lab.knownHostsFile, 'utf8')).toBe('');
    });
  });

  it.each([
    ['our own file', (line: string): LabOptions => ({ knownHosts: line })],
    ["the user's file", (line: string): LabOptions => ({ knownHosts: '', userKnownHosts: line })],
  ])('that differs from the one in %s is refused, and cannot be trusted over it', async (_where, toOptions) => {
    const options = toOptions(`[127.0.0.1]:${sshd.port} ${keyOf(other)}\n`);
    await withLab(sshd, options, async (lab) => {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_CHANGED');
      expect(error.message).toContain(other.hostKeyFingerprint);
      expect(error.message).toContain(':1)');
      await failure(lab.servers.trustHostKey(targetOf(sshd), sshd.hostKeyFingerprint, never()), 'HOST_KEY_CHANGED');
      expect(await readFile(lab.knownHostsFile, 'utf8')).toBe(options.knownHosts ?? '');
    });
  });

  it('that is revoked is refused although it is known', async () => {
    const knownHosts = `${sshd.knownHostsLine}@revoked * ${keyOf(sshd)}\n`;
    await withLab(sshd, { knownHosts }, async (lab) => {
      expect((await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_CHANGED')).message).toContain('@revoked');
    });
  });

  it.each([0, 1, 2])('is asked for in the type that is known (key %i of the server)', async (index) => {
    await withLab(sshd, { knownHosts: `${sshd.knownHostsLine.split('\n')[index]}\n` }, async (lab) => {
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
    });
  });

  it('is kept under the alias of the record where there is one', async () => {
    const of = targetOf(sshd);
    const options = { knownHosts: `the-alias ${keyOf(sshd)}\n`, ...settingsFor(of, { hostKeyAlias: 'The-Alias' }) };
    await withLab(sshd, options, async (lab) => {
      expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
    });
  });

  it('is refused when a file of known hosts cannot be read', async () => {
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      execFileSync('rm', [lab.knownHostsFile]);
      execFileSync('mkdir', [lab.knownHostsFile]);
      await failure(lab.exec(targetOf(sshd), ['true']), 'CONFIG_INVALID');
    });
  });
});
