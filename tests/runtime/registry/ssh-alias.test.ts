/** Host aliases, asked of the real `ssh -G` and of the replacement where no OpenSSH is installed. */
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import { hostNamesOf, readSshConfigText } from '../../../src/runtime/registry/ssh-config-text.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
  bench.writeGlobal([{ id: 'web-1', ssh: 'web', environment: 'staging' }]);
});
afterEach(() => bench.dispose());

const hasOpenSsh = (() => {
  try {
    execFileSync('ssh', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('ssh is not installed: aliases are tried with the replacement only.\n');
    return false;
  }
})();
const programs: readonly (readonly [string, string | null])[] = [
  ['npm ssh-config', null],
  ...(hasOpenSsh ? [['OpenSSH', 'ssh'] as const] : []),
];

describe.each(programs)('aliases through %s', (_name, sshProgram) => {
  const agent = { SSH_AUTH_SOCK: '/run/agent.sock' };

  const me = userInfo().username;
  it.each([
    ['Match all\n Port 77', ':77'],
    ['Match originalhost web\n Port 77', ':77'],
    ['Match originalhost WEB\n Port 77', ':77'],
    ['Match originalhost a,we?\n Port 77', ':77'],
    ['Match originalhost web?\n Port 77', ':22'],
    ['Match originalhost w*,!web\n Port 77', ':22'],
    ['Match !originalhost web\n Port 77', ':22'],
    ['Match !originalhost other\n Port 77', ':77'],
    ['Match originalhost=web\n Port 77', ':77'],
    ['match Originalhost web localuser no-such-user\n Port 77', ':22'],
    ['Host web\n Hostname w.example\nMatch host W.example\n Port 77', 'w.example:77'],
    ['Host web\n HostName w.example\nMatch host web\n Port 77', 'w.example:22'],
    ['Host web\n HostName %h.example\nMatch host web.example\n Port 77', 'web.example:77'],
    ['Match host web.example\n Port 77\nHost web\n HostName web.example', 'web.example:22'],
    ['Match host web\n HostName first.example\nMatch host first.example\n Port 77', 'first.example:77'],
    [`Match user ${me}\n Port 77`, ':77'],
    [`Match localuser ${me}\n Port 77`, ':77'],
    [`Match user ${me} host web !user root,other !localuser nobody-here\n Port 77\n`, me === 'root' ? ':22' : ':77'],
    ['Host web\n User deploy\nMatch user deploy\n Port 77', 'deploy@web:77'],
    ['Match user deploy\n Port 77\nHost web\n User deploy', 'deploy@web:22'],
    ['Match all\n Port 77\nHost web\n Port 78', ':77'],
    ['Match originalhost other\n Port 77\nHost web\n Port 78', ':78'],
  ])('decides %j', async (config, expected) => {
    bench.writeSshConfig(`${config}\nHost *\n ConnectTimeout 5\n`);
    const { address } = await bench.registry({ sshProgram, env: agent }).resolve('web-1', null);
    expect(address.endsWith(expected) || `it is ${address}`).toBe(true);
  });

  it('resolves host, port, user, key, agent and host key alias', async () => {
    const key = bench.write(join(bench.folder, 'keys', 'id_web'), 'x');
    bench.writeSshConfig(
      `Host web\n  HostName 10.1.2.3\n  Port 2200\n  User deploy\n  IdentityFile ${key}\n  HostKeyAlias web.internal\nHost *\n  User nobody\n`,
    );
    const registry = bench.registry({ sshProgram, env: agent });
    const target = await registry.resolve('web-1', null);
    expect(target.address).toBe('deploy@10.1.2.3:2200');
    expect(await registry.connection(target)).toMatchObject({
      host: '10.1.2.3',
      port: 2200,
      username: 'deploy',
      auth: [
        { kind: 'agent', socket: '/run/agent.sock', identities: [key], isExclusive: false },
        { kind: 'privateKey', privateKeyPath: key, passphrase: null },
        { kind: 'password', secret: null, methods: ['keyboard-interactive', 'password'] },
      ],
      jump: null,
      hostKeyAlias: 'web.internal',
    });
  });

  it('tries certificates first, those that are named and those beside a key', async () => {
    const key = bench.write(join(bench.folder, 'keys', 'id_web'), 'x');
    const beside = bench.write(`${key}-cert.pub`, 'x');
    const named = bench.write(join(bench.folder, 'keys', 'named.pub'), 'x');
    bench.writeSshConfig(`Host web\n  IdentityFile ${key}\n  CertificateFile ${named}\n  CertificateFile /absent\n`);
    const registry = bench.registry({ sshProgram, env: agent });
    const { auth } = await registry.connection(await registry.resolve('web-1', null));
    const rest = { kind: 'certificate', privateKeyPaths: [key], agentSocket: '/run/agent.sock', passphrase: null };
    expect(auth.slice(0, 2)).toEqual([
      { ...rest, certificatePath: named },
      { ...rest, certificatePath: beside },
    ]);
    expect(auth.slice(2).map(({ kind }) => kind)).toEqual(['agent', 'privateKey', 'password']);
  });

  const keyOf = (): string => bench.write(join(bench.folder, 'keys', 'id_web'), 'x');
  it.each([
    ['', ['agent', 'privateKey', 'keyboard-interactive password']],
    ['IdentityAgent none', ['privateKey', 'keyboard-interactive password']],
    ['IdentityAgent $OTHER', ['agent /run/other.sock', 'privateKey', 'keyboard-interactive password']],
    ['IdentityAgent ${OTHER}', ['agent /run/other.sock', 'privateKey', 'keyboard-interactive password']],
    ['IdentityAgent /run/%n.sock', ['agent /run/web.sock', 'privateKey', 'keyboard-interactive password']],
    ['IdentityAgent SSH_AUTH_SOCK', ['agent', 'privateKey', 'keyboard-interactive password']],
    ['IdentitiesOnly yes', ['agent only', 'privateKey', 'keyboard-interactive password']],
    ['PubkeyAuthentication no', ['keyboard-interactive password']],
    ['PasswordAuthentication no', ['agent', 'privateKey', 'keyboard-interactive']],
    ['KbdInteractiveAuthentication no', ['agent', 'privateKey', 'password']],
    ['PasswordAuthentication no\n KbdInteractiveAuthentication no', ['agent', 'privateKey']],
    ['BatchMode yes', ['agent', 'privateKey']],
    ['PreferredAuthentications password,publickey', ['password', 'agent', 'privateKey']],
    ['PreferredAuthentications gssapi-with-mic,password,keyboard-interactive', ['password keyboard-interactive']],
    ['PreferredAuthentications publickey', ['agent', 'privateKey']],
  ])('logs in as `%s` says', async (line, expected) => {
    bench.writeSshConfig(`Host web\n IdentityFile ${keyOf()}\n ${line}\n`);
    const registry = bench.registry({ sshProgram, env: { ...agent, OTHER: '/run/other.sock' } });
    const { auth } = await registry.connection(await registry.resolve('web-1', null));
    const words = auth.map((choice) => {
      if (choice.kind === 'password') return choice.methods?.join(' ');
      if (choice.kind !== 'agent') return choice.kind;
      const where = choice.socket === agent.SSH_AUTH_SOCK ? '' : ` ${choice.socket}`;
      return `agent${where}${choice.isExclusive ? ' only' : ''}`;
    });
    expect(words).toEqual(expected);
  });

  it('names to the agent the keys whose private halves are only there', async () => {
    const publicHalf = bench.write(join(bench.folder, 'keys', 'id_card.pub'), 'x');
    const path = publicHalf.replace(/\.pub$/, '');
    bench.writeSshConfig(`Host web\n IdentitiesOnly yes\n IdentityFile ${path}\n IdentityFile /absent\n`);
    const registry = bench.registry({ sshProgram, env: agent });
    const { auth } = await registry.connection(await registry.resolve('web-1', null));
    expect(auth.slice(0, -1)).toEqual([
      { kind: 'agent', socket: '/run/agent.sock', identities: [path], isExclusive: true },
    ]);
  });

  it('follows ProxyJump hop by hop, as ssh does', async () => {
    bench.writeSshConfig(
      'Host web\n HostName w\n ProxyJump admin@first:2201,second\nHost second\n HostName s.example\n User two\n',
    );
    const registry = bench.registry({ sshProgram, env: agent });
    const settings = await registry.connection(await registry.resolve('web-1', null));
    expect(settings.jump?.address).toBe('two@s.example:22');
    const second = settings.jump && (await registry.connection(settings.jump));
    expect(second?.jump?.address).toBe('admin@first:2201');
    const first = second?.jump && (await registry.connection(second.jump));
    expect(first?.jump).toBeNull();
  });

  it('sees an edit of the configuration and of an included file', async () => {
    const included = join(bench.folder, 'ssh', 'more', 'a.conf');
    bench.write(included, 'Host web\n  HostName one\n');
    bench.writeSshConfig(`Include ${join(bench.folder, 'ssh', 'more')}/*.conf\n`);
    const registry = bench.registry({ sshProgram, env: agent });
    const before = await registry.resolve('web-1', null);
    expect(before.host).toBe('one');
    bench.write(included, 'Host web\n  HostName two\n');
    expect((await registry.resolve('web-1', null)).host).toBe('two');
    await expect(registry.connection(before)).rejects.toThrowError('changed since');
    bench.write(included, '');
    bench.write(join(bench.folder, 'ssh', 'more', 'b.conf'), 'Host web\n  HostName three\n');
    expect((await registry.resolve('web-1', null)).host).toBe('three');
  });

  it('takes the name itself and the own user for a host that is not configured', async () => {
    expect((await bench.registry({ sshProgram, env: agent }).resolve('web-1', null)).address).toBe(
      `${userInfo().username}@web:22`,
    );
  });

  it.each([
    ['ProxyUseFdpass', 'Host web\n  ProxyUseFdpass yes\n  ProxyCommand nc -F %h %p\n', 'UNSUPPORTED', 'ProxyUseFdpass'],
    ['a token that ProxyCommand does not know', 'Host web\n  ProxyCommand nc %Z\n', 'CONFIG_INVALID', '%Z'],
    [
      'a host name that a shell would act on, where a command gets it',
      'Host web\n  HostName $(touch${IFS}x)\n  ProxyCommand nc %h %p\n',
      'CONFIG_INVALID',
      'a shell',
    ],
    ['a jump to itself', 'Host web\n  ProxyJump web\n', 'CONFIG_INVALID', 'jump'],
    ['a hop that is no host', 'Host web\n  ProxyJump a@@:b\n', 'CONFIG_INVALID', ''],
  ])('refuses %s', async (_case, config, code, message) => {
    bench.writeSshConfig(config);
    const registry = bench.registry({ sshProgram, env: agent });
    const error = await registry.resolve('web-1', null).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperationError);
    expect((error as OperationError).code).toBe(code);
    expect((error as OperationError).message).toContain(message);
    expect((await registry.list(null)).broken.map((one) => one.id)).toEqual(['web-1']);
  });

  it.each(['-oProxyCommand=touch x', '$(touch x)', 'a;b', 'a b', '`x`', 'a\nb'])(
    'refuses the alias %j',
    async (alias) => {
      bench.writeGlobal([{ id: 'web-1', ssh: alias }]);
      const { servers, broken } = await bench.registry({ sshProgram }).list(null);
      expect(servers).toEqual([]);
      expect(broken[0]?.problem).toContain('cannot have');
    },
  );

  it.each([
    ['Host other\n  User a\n', 'in no Host line'],
    ['', 'in no Host line'],
    ['Host *\n  User a\n', 'in no Host line'],
    ['Host !web other\n  User a\n', 'in no Host line'],
    [`Host w*\n  IdentityFile /absent\n`, 'neither an ssh-agent'],
    [`Host a WEB\n  IdentityFile /absent\n`, 'neither an ssh-agent'],
  ])('says what is missing with %j where nobody may be asked', async (config, words) => {
    bench.writeSshConfig(`${config}\nHost *\n  IdentityFile /absent\n  BatchMode yes\n`);
    const registry = bench.registry({ sshProgram });
    await expect(registry.connection(await registry.resolve('web-1', null))).rejects.toThrowError(words);
  });
});

describe('without OpenSSH', () => {
  it.each([
    'host web exec "touch x"',
    'originalhost other exec "touch x"',
    'final',
    'canonical host web',
    'localnetwork 10.0.0.0/8',
    'tagged x',
    'host',
    'host "a\\"b"',
    'all host web',
  ])('refuses Match %s, which only OpenSSH can evaluate', async (criteria) => {
    bench.writeSshConfig(`Match ${criteria}\n  User root\n`);
    const error = await bench
      .registry({ sshProgram: null })
      .resolve('web-1', null)
      .catch((reason: unknown) => reason);
    expect((error as OperationError).code).toBe('UNSUPPORTED');
  });

  it('is noticed when the program is missing', async () => {
    bench.writeSshConfig('Host web\n  HostName 10.1.1.1\n');
    const registry = bench.registry({ sshProgram: join(bench.folder, 'no-ssh') });
    expect((await registry.resolve('web-1', null)).host).toBe('10.1.1.1');
  });
});

describe('host names for import', () => {
  it('leaves out patterns, negations and comments, and follows Include', async () => {
    bench.write(join(bench.folder, 'ssh', 'inc'), 'Host db-1 "db 2"\n');
    bench.writeSshConfig(
      `# Host old\nHost web-1 web-2 # Host note\nhost=api\nHost *.corp !bad ?x\nInclude ${join(bench.folder, 'ssh', 'inc')}\nMatch host z\n`,
    );
    const { text } = await readSshConfigText(bench.sshConfigFile);
    expect(hostNamesOf(text)).toEqual(['web-1', 'web-2', 'api', 'db-1', 'db 2']);
  });

  it('does not follow an Include of itself for ever', async () => {
    bench.writeSshConfig(`Include ${bench.sshConfigFile}\nHost a\n`);
    expect(hostNamesOf((await readSshConfigText(bench.sshConfigFile)).text)).toEqual(['a']);
  });
});
