/** `signalbox server edit` and `import --list` over real files: what changes, what stays, and what is refused. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, record, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, runInProcess } from './run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

function signalbox(words: string): Promise<CliRun> {
  const env = { ...bench.env, SIGNALBOX_SSH_CONFIG: bench.sshConfigFile };
  return runInProcess(words.split(' '), { env, cwd: bench.folder });
}

const text = (): string => readFileSync(bench.paths.serversFile, 'utf8');
const auth = { kind: 'password', secret: 'plain and secret' };
const web = { id: 'web-1', host: '10.0.0.5', port: 2222, username: 'ops', auth, labels: ['a'], readonly: true };
const before = `[\n  {"id": "first", "ssh": "f"},\n  ${JSON.stringify(web)},\n  {"id" :"last","ssh":"l"}\n]\n`;

describe('server edit', () => {
  beforeEach(() => void bench.writeGlobal(before));

  it.each<[string, Record<string, unknown>]>([
    ['--host 10.0.0.9', { ...web, host: '10.0.0.9' }],
    ['--user root --port 22', { ...web, username: 'root', port: 22 }],
    ['--environment staging', { ...web, environment: 'staging' }],
    ['--label b,c --root /srv', { ...web, labels: ['b', 'c'], roots: ['/srv'] }],
    ['--jump first', { ...web, jump: 'first' }],
    ['--key /k', { ...web, auth: { kind: 'privateKey', privateKeyPath: '/k' } }],
    ['--sudo-env P', { ...web, sudo: { secret: { env: 'P' } } }],
    ['--transport system', { ...web, transport: 'system' }],
    ['--sudo-vault web', { ...web, sudo: { secret: { vault: 'web' } } }],
    ['--sudo-command cat', { ...web, sudo: { secret: { command: ['cat'] } } }],
    ['--ssh alias', { id: 'web-1', ssh: 'alias', auth, labels: ['a'], readonly: true }],
    ['--clear readonly,labels --clear port', { id: 'web-1', host: '10.0.0.5', username: 'ops', auth }],
  ])('%s changes that, and nothing else', async (options, expected) => {
    expect(await signalbox(`server edit web-1 ${options}`)).toMatchObject({ code: 0 });
    const records = JSON.parse(text()) as unknown[];
    expect(records).toEqual([{ id: 'first', ssh: 'f' }, expected, { id: 'last', ssh: 'l' }]);
    expect(text().startsWith('[\n  {"id": "first", "ssh": "f"},\n')).toBe(true);
    expect(text().endsWith(',\n  {"id" :"last","ssh":"l"}\n]\n')).toBe(true);
  });

  it('keeps the certificate of a key that stays, and where its passphrase comes from until that is cleared', async () => {
    const certified = { kind: 'certificate', certificatePath: '/k-cert.pub', privateKeyPath: '/k' };
    bench.writeGlobal([{ ...web, auth: certified }]);
    const authAfter = async (options: string): Promise<unknown> => {
      expect(await signalbox(`server edit web-1 ${options}`)).toMatchObject({ code: 0 });
      return (JSON.parse(text()) as { readonly auth: unknown }[])[0]?.auth;
    };
    expect(await authAfter('--key /k --passphrase-env P')).toEqual({ ...certified, passphrase: { env: 'P' } });
    const other = { kind: 'privateKey', privateKeyPath: '/other' };
    expect(await authAfter('--key /other')).toEqual({ ...other, passphrase: { env: 'P' } });
    expect(await authAfter('--clear passphrase')).toEqual(other);
  });

  it('makes an alias an address, with a login', async () => {
    expect(await signalbox('server edit last --host h --user u --agent')).toMatchObject({ code: 0 });
    expect((JSON.parse(text()) as unknown[])[2]).toEqual({
      ...{ id: 'last', host: 'h', username: 'u', auth: { kind: 'agent' } },
    });
  });

  it.each([
    ['web-1', 'Say what to change'],
    ['web-9 --host h', 'No server "web-9"'],
    ['web-1 --clear id', '--clear takes port'],
    ['web-1 --clear host', '--clear takes port'],
    ['web-1 --ssh a --host h', 'leave --host out'],
    ['web-1 --sudo-env P --sudo-command cat', 'not both'],
    ['web-1 --sudo-env P --sudo-vault web', 'not two of them'],
    ['web-1 --port 0', 'from 1 to 65535'],
    ['web-1 --host u@h', 'with --user'],
    ['web-1 --host h:22', 'with --port'],
    ['web-1 --host a/b', 'without blanks and slashes'],
    ['web-1 --root srv', '"roots[0]" must be an absolute path'],
    ['web-1 --environment prod', 'Allowed choices are production'],
    ['web-1 --jump NOPE', '"jump" must start with'],
    ['last --host h', 'Say how to log in'],
    ['last --user u', 'would not be valid'],
    ['web-1 --agent --key /k', 'one way to log in'],
    ['web-1 --passphrase-env X', 'belongs to a key'],
  ])('%s is refused, and the file stays as it was', async (words, message) => {
    const run = await signalbox(`server edit ${words}`);
    expect(run.code).not.toBe(0);
    expect(run.stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(run.stderr).not.toContain('plain and secret');
    expect(text()).toBe(before);
  });

  it('asks which file when both have it', async () => {
    await bench.trust.add(bench.writeWorkspace([record('web-1')]), 'x');
    const env = { ...bench.env };
    const run = await runInProcess(['server', 'edit', 'web-1', '--host', 'h'], { env, cwd: bench.workspace });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('say --scope global or --scope workspace') });
    expect(text()).toBe(before);
  });
});

describe('server import --list', () => {
  it('says what could be imported, changes nothing, and marks what is registered', async () => {
    bench.writeSshConfig('Host web-1 Web-2\n  HostName 10.0.0.1\nHost Web-2\n  ProxyJump web-1\nHost *\n  User me\n');
    await signalbox('server import web-1 --environment staging');
    const run = await signalbox('server import --list --json');
    expect(JSON.parse(run.stdout)).toEqual({
      file: bench.sshConfigFile,
      hosts: [
        { alias: 'web-1', id: 'web-1', isRegistered: true, address: 'me@10.0.0.1:22' },
        { alias: 'Web-2', id: 'web-2', isRegistered: false, address: 'me@10.0.0.1:22 through web-1' },
      ],
    });
    expect((await signalbox('server import --list')).stdout).toBe(
      'web-1  me@10.0.0.1:22  registered already, as web-1\nWeb-2  me@10.0.0.1:22 through web-1\n',
    );
    expect(JSON.parse(text())).toHaveLength(1);
  });

  it('lists a machine of two names once', async () => {
    bench.writeSshConfig('Host bastion jump\n  HostName 10.0.0.9\nHost a b\nHost *\n  User me\n');
    expect((await signalbox('server import --list')).stdout).toBe(
      'bastion  me@10.0.0.9:22, also jump\na  me@a:22\nb  me@b:22\n',
    );
  });

  it('has none where there is no file', async () => {
    expect(JSON.parse((await signalbox('server import --list --json')).stdout)).toMatchObject({ hosts: [] });
    expect(existsSync(bench.paths.serversFile)).toBe(false);
  });
});
