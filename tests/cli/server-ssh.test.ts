/** Registering, trusting and testing a real OpenSSH server by commands alone, as a newcomer does. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';
import { openWorkbench, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, runInProcess } from './run.ts';

describe.runIf(sshdRuns())('against a real sshd', () => {
  let bench: Workbench;
  let sshd: Sshd;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    bench = openWorkbench();
    sshd = await startSshd();
    env = {
      ...bench.env,
      SIGNALBOX_SSH_CONFIG: bench.sshConfigFile,
      KEY_PASSPHRASE: sshd.passphrase,
      WRONG: 'not-the-right-one',
    };
  });
  afterAll(async () => {
    await sshd.stop();
    bench.dispose();
  });

  const signalbox = (...argv: string[]): Promise<CliRun> => runInProcess(argv, { env, cwd: bench.folder });
  const where = (): string[] => [
    '--host',
    sshd.host,
    '--port',
    String(sshd.port),
    '--user',
    sshd.username,
    '--environment',
    'staging',
  ];

  it('refuses an unknown host key, names the command that trusts it, and then tests well', async () => {
    expect((await signalbox('server', 'add', 'web-1', ...where(), '--key', sshd.privateKeyPath)).code).toBe(0);
    const unknown = await signalbox('server', 'test', 'web-1');
    expect(unknown.code).toBe(7);
    expect(unknown.stdout).toContain(`signalbox server trust-key web-1 ${sshd.hostKeyFingerprint}`);
    const asked = await runInProcess(['server', 'test', 'web-1'], {
      ...{ env, cwd: bench.folder },
      answers: ['no', `SHA256:${'A'.repeat(43)}`, ''],
    });
    expect(asked).toMatchObject({ code: 7, stderr: expect.stringContaining(`ssh-ed25519 ${sshd.hostKeyFingerprint}`) });
    expect(asked.stdout).not.toContain('trust-key');
    for (const why of ['These are not its last characters', 'This is another fingerprint'])
      expect(asked.stderr).toContain(`${why}; nothing was trusted.`);

    const other = await signalbox('server', 'trust-key', 'web-1', `SHA256:${'A'.repeat(43)}`);
    expect([other.code, (await signalbox('server', 'test', 'web-1')).code]).toEqual([7, 7]);

    const trusted = await signalbox('server', 'trust-key', 'web-1', sshd.hostKeyFingerprint);
    expect(trusted).toMatchObject({ code: 0, stdout: expect.stringContaining(sshd.hostKeyFingerprint) });
    expect(trusted.stdout).toContain('is trusted from now on');
    const again = await signalbox('server', 'trust-key', 'web-1', sshd.hostKeyFingerprint);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was trusted already') });
    const tested = await signalbox('server', 'test', 'web-1', '--json');
    expect(tested.code).toBe(0);
    expect(JSON.parse(tested.stdout)).toMatchObject({ ok: true, server: 'web-1' });
  });

  it('asks a person about an unknown key, and once its end was read off tests on', async () => {
    rmSync(bench.paths.knownHostsFile);
    const answers = [sshd.hostKeyFingerprint.slice(-4)];
    const run = await runInProcess(['server', 'test', 'web-1'], { env, cwd: bench.folder, answers });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('is trusted from now on') });
    expect(run.stdout).toContain('Everything works');
  });

  it('logs in with a key whose passphrase comes from a variable or a command', async () => {
    const key = ['--key', sshd.encryptedKeyPath];
    await signalbox('server', 'add', 'by-env', ...where(), ...key, '--passphrase-env', 'KEY_PASSPHRASE');
    await signalbox(
      'server',
      'add',
      'by-command',
      ...where(),
      ...key,
      '--passphrase-command',
      'printenv KEY_PASSPHRASE',
    );
    const tested = await signalbox('server', 'test', 'by-env,by-command', 'by-env');
    expect(tested.code).toBe(0);
    expect(tested.stdout.match(/^by-\S+|Everything works/gm)).toEqual([
      ...['by-env', 'Everything works', 'by-command', 'Everything works'],
    ]);
    expect(tested.stdout).toMatch(/Settings +record in \S*servers\.json line \d+$/m);
    // A mistyped one is found before any is tested.
    expect(await signalbox('server', 'test', 'by-env,by-nobody')).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    ['a wrong passphrase', ['--passphrase-env', 'WRONG']],
    ['a variable that is not set', ['--passphrase-env', 'ABSENT']],
    ['a command that fails', ['--passphrase-command', 'false']],
  ])('says what is wrong with %s, without the value', async (name, options) => {
    const id = name.replaceAll(' ', '-');
    await signalbox('server', 'add', id, ...where(), '--key', sshd.encryptedKeyPath, ...options);
    const { code, stdout, stderr } = await signalbox('server', 'test', id);
    expect([code, stdout]).toEqual([6, expect.stringContaining('failed')]);
    expect(stdout + stderr).not.toContain('not-the-right-one');
  });

  it('reaches it through an alias of ~/.ssh/config', async () => {
    bench.writeSshConfig(
      `Host box\n  HostName ${sshd.host}\n  Port ${sshd.port}\n  User ${sshd.username}\n  IdentityFile ${sshd.privateKeyPath}\n  IdentityAgent none\nHost b?x\n  ForwardAgent yes\n`,
    );
    expect((await signalbox('server', 'import', 'box', '--environment', 'staging')).code).toBe(0);
    const tested = await signalbox('server', 'test', 'box', '--verbose');
    expect(tested.code).toBe(0);
    const seen = tested.stdout.replaceAll(/\s+/g, ' ');
    for (const part of [
      `box ${sshd.username}@${sshd.host}:${sshd.port} staging`,
      ...[`ok Settings ssh alias box of ${bench.sshConfigFile} lines 1, 7; left out: ForwardAgent`],
      ...[`Port ${sshd.port} (${bench.sshConfigFile} line 3)`, `ForwardAgent yes (${bench.sshConfigFile} line 8)`],
      ...['answers as OpenSSH_', 'keys exchanged with curve25519-sha256', 'enciphered with aes128-gcm@openssh.com'],
      ...[`ssh-ed25519 ${sshd.hostKeyFingerprint} known from ${bench.paths.knownHostsFile} line 1`],
      ...[
        `the key ${sshd.privateKeyPath}: taken`,
        ' on Linux ',
        'posix-rename@openssh.com',
        'Everything works: connected',
      ],
    ])
      expect(seen).toContain(part);
  });

  it('jumps through one registered server to another', async () => {
    await signalbox('server', 'add', 'inner', ...where(), '--key', sshd.privateKeyPath, '--jump', 'web-1');
    const tested = await signalbox('server', 'test', 'inner');
    expect([tested.code, tested.stdout]).toEqual([0, expect.not.stringContaining('failed')]);
    expect(tested.stdout).toMatch(/ok {5}Jump host {2}web-1 \(.*\) +\d+(\.\d)? ms\n/);
  });
});
