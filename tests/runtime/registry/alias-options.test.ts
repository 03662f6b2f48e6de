/** What a connection keeps to of an OpenSSH configuration, asked of the real `ssh -G` and of its replacement; and that no option is forgotten. */
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainSshOptions, type SshOptions } from '../../../src/core/ssh-options.ts';
import { toSeconds } from '../../../src/runtime/registry/alias-options.ts';
import { leftOutOf, sshConfigOptions } from '../../../src/runtime/registry/ssh-config-options.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const hasOpenSsh = (() => {
  try {
    execFileSync('ssh', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('ssh is not installed: its options are tried with the replacement only.\n');
    return false;
  }
})();
const programs: readonly (readonly [string, string | null])[] = [
  ['npm ssh-config', null],
  ...(hasOpenSsh ? [['OpenSSH', 'ssh'] as const] : []),
];

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
  bench.writeGlobal([{ id: 'web-1', ssh: 'web', environment: 'staging' }]);
});
afterAll(() => bench.dispose());

describe.each(programs)('options through %s', (_name, sshProgram) => {
  const read = async (config: string, env: NodeJS.ProcessEnv = {}): Promise<SshOptions> => {
    bench.writeSshConfig(config);
    const registry = bench.registry({ sshProgram, env: { SSH_AUTH_SOCK: '/run/agent.sock', ...env } });
    return (await registry.connection(await registry.resolve('web-1', null))).ssh ?? plainSshOptions;
  };

  it('keeps to what is set', async () => {
    const home = userInfo().homedir;
    const config = `Host web
      AddressFamily inet6
      BindAddress 127.0.0.2
      BindInterface lo
      ConnectTimeout 1m30s
      ServerAliveInterval 2
      ServerAliveCountMax 1
      Compression yes
      GSSAPIAuthentication yes
      PKCS11Provider "~/a library.so"
      SetEnv LANG=de_DE.UTF-8 EDITOR="vi -n" "PAGER=less -R"
      SendEnv LC_* LANG NONE
      UserKnownHostsFile /one "~/two files" %d/%n
      GlobalKnownHostsFile /three
      RevokedHostKeys /etc/revoked
      Ciphers aes256-gcm@openssh.com,aes128-ctr
      MACs hmac-sha2-512-etm@openssh.com
      KexAlgorithms curve25519-sha256
      HostKeyAlgorithms ssh-ed25519
      PubkeyAcceptedAlgorithms ssh-ed25519\n`;
    expect(await read(config, { LC_TIME: 'C', LANG: 'C' })).toEqual({
      addressFamily: 6,
      bindAddress: '127.0.0.2',
      bindInterface: 'lo',
      connectTimeoutMs: 90_000,
      keepalive: { everyMs: 2000, missesMax: 1 },
      compresses: true,
      gssapi: true,
      pkcs11Provider: `${home}/a library.so`,
      environment: { LANG: 'de_DE.UTF-8', LC_TIME: 'C', EDITOR: 'vi -n', PAGER: 'less -R' },
      knownHostsFiles: ['/one', `${home}/two files`, `${home}/web`, '/three'],
      revokedKeysFile: '/etc/revoked',
      algorithms: {
        kex: ['curve25519-sha256'],
        ciphers: ['aes256-gcm@openssh.com', 'aes128-ctr'],
        macs: ['hmac-sha2-512-etm@openssh.com'],
        hostKeys: ['ssh-ed25519'],
        publicKeys: ['ssh-ed25519'],
      },
    });
  });

  it('sends no variable that is ours or holds the secret of a record, whatever SendEnv names', async () => {
    const auth = { kind: 'password', secret: { env: 'DB_PASSWORD' } };
    bench.writeGlobal([
      { id: 'web-1', ssh: 'web', environment: 'staging' },
      { id: 'db', host: 'db.example', username: 'ops', environment: 'staging', auth },
    ]);
    const env = { DB_PASSWORD: 'secret', SIGNALBOX_HOME: '/tmp/x', DB_NAME: 'shop' };
    expect((await read('Host web\n  SendEnv DB_* SIGNALBOX_*\n', env)).environment).toEqual({ DB_NAME: 'shop' });
  });

  it('keeps to what is set in another way, and to nothing where nothing is set', async () => {
    const config = `Host web
      AddressFamily inet
      ConnectTimeout 3
      ServerAliveInterval 2
      UserKnownHostsFile none
      GlobalKnownHostsFile none
      RevokedHostKeys none
      GSSAPIAuthentication yes
      PreferredAuthentications publickey
      PKCS11Provider none\n`;
    const nothing = {
      bindAddress: null,
      bindInterface: null,
      compresses: false,
      gssapi: false,
      pkcs11Provider: null,
      environment: {},
      revokedKeysFile: null,
    };
    expect(await read(config)).toMatchObject({
      ...nothing,
      ...{ addressFamily: 4, connectTimeoutMs: 3000, keepalive: { everyMs: 2000, missesMax: 3 }, knownHostsFiles: [] },
    });
    expect(await read('Host web\n ServerAliveInterval 0\n')).toMatchObject({
      ...nothing,
      ...{ addressFamily: null, connectTimeoutMs: null, keepalive: null },
    });
  });

  it('follows each hop of a chain of jumps with its own options, and expands what stands in them', async () => {
    const key = (name: string): string => bench.write(join(bench.folder, 'keys', name), 'x');
    bench.writeSshConfig(
      `Host web\n HostName w.example\n ProxyJump one,%r@[::1]:2222,two-%n\n User me\n` +
        `Host one\n IdentityFile ${key('one')}\n Port 2201\n Host ::1\n ConnectTimeout 7\n` +
        `Host two-web\n User two\n IdentityFile ${key('two')}\n ConnectTimeout 9\n`,
    );
    const registry = bench.registry({ sshProgram, env: { SSH_AUTH_SOCK: '' } });
    const web = await registry.resolve('web-1', null);
    expect(web.through).toEqual([
      `one (${userInfo().username}@one:2201)`,
      'me@[::1]:2222 (me@[::1]:2222)',
      'two-web (two@two-web:22)',
    ]);
    const seen: unknown[] = [];
    for (let hop = (await registry.connection(web)).jump; hop !== null; ) {
      const settings = await registry.connection(hop);
      const paths = settings.auth.flatMap((choice) => (choice.kind === 'privateKey' ? choice.privateKeyPath : []));
      seen.push([settings.ssh?.connectTimeoutMs, ...paths.filter((path) => path.startsWith(bench.folder))]);
      hop = settings.jump;
    }
    expect(seen).toEqual([[9000, key('two')], [7000], [null, key('one')]]);
  });
});

describe.runIf(hasOpenSsh)('through OpenSSH alone', () => {
  it.each([
    ['Match host', 'Host web\n HostName w.example\nMatch host w.example\n User bob\n', 'bob@w.example:22'],
    ['Match originalhost', 'Match originalhost web !host other\n Port 2201\n', ':2201'],
    ['Match user', `Match user ${userInfo().username}\n Port 2202\n`, ':2202'],
    ['Match localuser', `Match localuser ${userInfo().username}\n Port 2203\n`, ':2203'],
    ['Match final', 'Match final host w.example\n Port 2204\nHost web\n HostName w.example\n', 'w.example:2204'],
    [
      'canonical names',
      'CanonicalizeHostname always\nHost web\n HostName localhost\nMatch canonical host localhost\n Port 2205\n',
      'localhost:2205',
    ],
    ['wildcards and negation', 'Host w* !web\n Port 1\nHost w?b !x\n Port 2206\n', ':2206'],
  ])('resolves %s', async (_name, config, expected) => {
    bench.writeSshConfig(config);
    const registry = bench.registry({ sshProgram: 'ssh', env: {} });
    expect((await registry.resolve('web-1', null)).address).toContain(expected);
  });

  it('knows every option that it prints, and says which are not kept to', () => {
    const config = bench.write(join(bench.folder, 'ssh', 'all'), everything);
    const printed = execFileSync('ssh', ['-F', config, '-G', 'web'], { encoding: 'utf8', stdio: 'pipe' });
    const names = [...new Set(printed.split('\n').flatMap((line) => line.split(' ')[0]?.toLowerCase() || []))];
    expect(names.length).toBeGreaterThan(90);
    expect(names.filter((name) => !sshConfigOptions.has(name))).toEqual([]);
    const lines = new Map(
      printed.split('\n').map((line) => [line.split(' ')[0]?.toLowerCase() ?? '', [line.replace(/^\S+ /, '')]]),
    );
    lines.delete('');
    expect(
      leftOutOf(lines)
        .map(({ option }) => option.toLowerCase())
        .sort(),
    ).toEqual([
      ...[
        'dynamicforward',
        'forwardagent',
        'gssapiclientidentity',
        'gssapidelegatecredentials',
        'gssapiserveridentity',
      ],
      ...['hostbasedauthentication', 'knownhostscommand', 'localcommand', 'localforward'],
      ...['nohostauthenticationforlocalhost', 'remotecommand', 'remoteforward'],
      ...['sessiontype', 'stricthostkeychecking', 'tunnel', 'verifyhostkeydns'],
    ]);
  });

  it('says nothing about a host that nobody set anything for', () => {
    const printed = execFileSync('ssh', ['-F', 'none', '-G', 'web'], { encoding: 'utf8', stdio: 'pipe' });
    const lines = new Map(
      printed.split('\n').map((line) => [line.split(' ')[0]?.toLowerCase() ?? '', [line.replace(/^\S+ /, '')]]),
    );
    lines.delete('');
    expect(leftOutOf(lines)).toEqual([]);
  });
});

it.each([
  ['0', null],
  ['none', null],
  ['', null],
  ['10', 10],
  ['1h2m3', 3723],
  ['2w', 1_209_600],
  ['5x', null],
  ['5 s', null],
])('reads the time %j', (text, seconds) => {
  expect(toSeconds(text)).toBe(seconds);
});

it('names an option that no version known here has', () => {
  expect(leftOutOf(new Map([['brandnew', ['yes']]]))).toEqual([
    { option: 'brandnew', value: 'yes', sentence: expect.stringContaining('not known here') },
  ]);
});

/** Whatever is printed only when somebody set it, and every switch that is off by itself. */
const everything = `Host web
  BindAddress 127.0.0.1
  BindInterface lo
  CanonicalDomains a.b
  CertificateFile ~/c
  ControlPath ~/m
  DynamicForward 1080
  ForwardAgent yes
  GSSAPIClientIdentity me
  GSSAPIDelegateCredentials yes
  GSSAPIServerIdentity you
  HostbasedAuthentication yes
  HostKeyAlias x
  IdentityAgent ~/agent
  IdentityFile ~/k
  IgnoreUnknown X
  KnownHostsCommand /bin/echo %h
  LocalCommand echo hi
  LocalForward 8080 localhost:80
  LogVerbose kex.c:*
  NoHostAuthenticationForLocalhost yes
  PermitRemoteOpen any
  PKCS11Provider /usr/lib/x.so
  PreferredAuthentications password
  ProxyJump j
  RekeyLimit 1G 1h
  RemoteCommand tmux attach
  RemoteForward 90 localhost:90
  RevokedHostKeys /etc/revoked
  SendEnv LANG
  SessionType none
  SetEnv A=b
  StrictHostKeyChecking accept-new
  Tunnel yes
  VerifyHostKeyDNS yes
`;
