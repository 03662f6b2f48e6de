/** Two jump hosts of an OpenSSH configuration, on the way to a third server: each with its own key, name and login, against one real sshd. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, startSshd } from '../../fixtures/sshd.ts';
import { openWorkbench, type Workbench } from '../registry/workbench.ts';
import { failure, never, textOf, withLab } from './lab.ts';

describe.runIf(sshdRuns())('a chain of two jump hosts', () => {
  let sshd: Sshd;
  let bench: Workbench;
  const at = (name: string): string => join(bench.folder, name);
  beforeAll(async () => {
    bench = openWorkbench();
    const keygen = (...args: readonly string[]): void => void execFileSync('ssh-keygen', ['-q', ...args]);
    for (const name of ['authority', 'signed']) keygen('-t', 'ed25519', '-N', '', '-f', at(name));
    sshd = await startSshd({ config: [`TrustedUserCAKeys ${at('authority')}.pub`] });
    keygen('-s', at('authority'), '-I', 'me', '-n', sshd.username, `${at('signed')}.pub`);
    for (const name of ['one', 'web']) copyFileSync(sshd.privateKeyPath, at(name));
    bench.writeGlobal([{ id: 'web-1', ssh: 'web', environment: 'staging' }]);
    bench.writeSshConfig(`Host *
  HostName 127.0.0.1
  IdentityAgent none
  BatchMode yes
Host one
  Port ${sshd.port}
  User nobody-of-this-name
  IdentityFile ${at('one')}
  HostKeyAlias key-of-one
Host two
  User ${sshd.username}
  IdentityFile ${at('signed')}
  HostKeyAlias key-of-two
Host web
  Port ${sshd.port}
  User ${sshd.username}
  IdentityFile ${at('web')}
  HostKeyAlias key-of-web
  ProxyJump ${sshd.username}@one,two:${sshd.port}
`);
  });
  afterAll(async () => {
    await sshd?.stop();
    bench?.dispose();
  });

  const knownAs = (...names: readonly string[]): string =>
    names.map((name) => `${name} ${sshd.knownHostsLine.trim().split(' ').slice(1).join(' ')}\n`).join('');
  const registry = () => bench.registry({ env: { SSH_AUTH_SOCK: '' } });

  it('leads there: the first by its own user and key, the second by a certificate, each under its own name', async () => {
    const connections = registry();
    const target = await connections.resolve('web-1', null);
    const knownHosts = knownAs('key-of-one', 'key-of-two', 'key-of-web');
    await withLab(sshd, { connections, knownHosts }, async (lab) => {
      const steps = await lab.servers.test(target, never());
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      const [, one, two] = steps;
      expect([one?.name, two?.name]).toEqual(['Jump host', 'Jump host']);
      expect(one?.notes).toContain(`logged in as ${sshd.username}, with the key ${at('one')}`);
      expect(two?.notes).toContain(`logged in as ${sshd.username}, with the certificate ${at('signed-cert.pub')}`);
      expect(one?.notes?.join()).toContain('known_hosts line 1');
      expect(two?.notes?.join()).toContain('known_hosts line 2');
      expect(textOf((await lab.exec(target, ['printenv', 'SSH_CONNECTION'])).stdout)).toContain(` ${sshd.port}`);
      expect(sshd.sessionPids()).toHaveLength(3);
    });
  });

  it.each([
    ['key-of-one', () => `the jump host ${sshd.username}@one`],
    ['key-of-two', () => `the jump host two:${sshd.port}`],
    ['key-of-web', () => 'web-1'],
  ])('ends where %s is not known, and says what trusts it', async (missing, whose) => {
    const connections = registry();
    const target = await connections.resolve('web-1', null);
    const names = ['key-of-one', 'key-of-two', 'key-of-web'].filter((name) => name !== missing);
    await withLab(sshd, { connections, knownHosts: knownAs(...names) }, async (lab) => {
      const error = await failure(lab.exec(target, ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.message).toContain(`The host key of ${whose()} (127.0.0.1:${sshd.port})`);
      expect(error.message).toContain(`signalbox server trust-key web-1 ${sshd.hostKeyFingerprint}`);
    });
  });
});
