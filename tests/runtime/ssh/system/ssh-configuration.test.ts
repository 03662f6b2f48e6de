/** The configuration for the system's ssh: read by the real one, it says what was meant, and nothing of it runs anything. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../../../src/core/ports.ts';
import { plainSshOptions } from '../../../../src/core/ssh-options.ts';
import { sshDestination, toSshConfiguration } from '../../../../src/runtime/ssh/system/ssh-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings: ConnectionSettings = {
  ...{ host: 'web.example.org', port: 2222, username: 'a user', jump: null, hostKeyAlias: null },
  auth: [
    { kind: 'privateKey', privateKeyPath: '/keys/100% mine #1', passphrase: null },
    { kind: 'agent', socket: '/run/agent' },
    { kind: 'password', secret: null },
  ],
};

function toText(changes: Partial<ConnectionSettings> = {}, login: 'log-in' | 'key-only' = 'log-in'): string {
  const files = { knownHostsFile: '/tmp/x/known hosts', controlPath: '/tmp/x/mux', knownTypes: ['ssh-rsa'] };
  return toSshConfiguration({ server: 'web-1', settings: { ...settings, ...changes }, login, ...files });
}

/** What the real ssh makes of it, by lower-case keyword. */
function readBySsh(text: string): ReadonlyMap<string, string> {
  const file = join(folder, 'config');
  writeFileSync(file, text);
  const lines = execFileSync('ssh', ['-G', '-F', file, sshDestination], { encoding: 'utf8' }).split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

describe.runIf(spawnSync('ssh', ['-V']).status === 0)('the configuration', () => {
  it('says where, who and with what', () => {
    const algorithms = {
      ...plainSshOptions.algorithms,
      ciphers: ['aes256-ctr'],
      hostKeys: ['ssh-ed25519', 'rsa-sha2-256'],
    };
    const said = readBySsh(toText({ ssh: { ...plainSshOptions, algorithms } }));
    expect(Object.fromEntries(said)).toMatchObject({
      ...{ hostname: 'web.example.org', port: '2222', user: 'a user', ciphers: 'aes256-ctr' },
      // Its key is known to be of RSA, and it is to show that one.
      hostkeyalgorithms: 'rsa-sha2-256,ssh-ed25519',
      ...{ identityfile: '/keys/100%% mine #1', identityagent: '/run/agent', identitiesonly: 'yes' },
      preferredauthentications: 'publickey,keyboard-interactive,password',
      userknownhostsfile: '/tmp/x/known hosts',
    });
  });

  it('runs nothing, forwards nothing and trusts nobody else', () => {
    expect(Object.fromEntries(readBySsh(toText()))).toMatchObject({
      ...{ proxycommand: '-', permitlocalcommand: 'no', forwardagent: 'no', forwardx11: 'no', tunnel: 'false' },
      ...{
        clearallforwardings: 'yes',
        controlpersist: 'no',
        canonicalizehostname: 'false',
        hostbasedauthentication: 'no',
      },
      ...{
        stricthostkeychecking: 'true',
        globalknownhostsfile: '/dev/null',
        updatehostkeys: 'false',
        checkhostip: 'no',
      },
      ...{ verifyhostkeydns: 'false', gssapiauthentication: 'no', gssapidelegatecredentials: 'no' },
    });
  });

  it('that only proves a key can log in with nothing', () => {
    expect(Object.fromEntries(readBySsh(toText({}, 'key-only')))).toMatchObject({
      ...{ preferredauthentications: 'none', identityagent: 'none', identityfile: 'none', gssapiauthentication: 'no' },
    });
  });

  it.each(['a"b', 'a\nProxyCommand touch /tmp/x', 'a\\b', '${HOME}'])(
    'refuses %j, which would mean something else there',
    (odd) => {
      for (const changes of [{ host: odd }, { username: odd }, { hostKeyAlias: odd }])
        expect(() => toText(changes)).toThrow(/cannot be given to the system's ssh, which web-1 needs/);
    },
  );
});
