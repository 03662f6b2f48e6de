/** `signalbox server trust-command`, and what other commands say of local commands: real files and the real `ssh -G`, no server. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, runInProcess } from './run.ts';

let bench: Workbench;
let ran: string;
beforeEach(() => {
  bench = openWorkbench();
  ran = join(bench.folder, 'ran');
});
afterEach(() => bench.dispose());

const signalbox = (words: string, answers?: readonly string[]): Promise<CliRun> =>
  runInProcess(words.split(' '), {
    env: { ...bench.env, SIGNALBOX_SSH_CONFIG: bench.sshConfigFile },
    cwd: bench.folder,
    ...(answers ? { answers } : {}),
  });
const allowed = (): readonly { server: string | null; text: string }[] =>
  existsSync(bench.paths.localCommandsFile)
    ? JSON.parse(readFileSync(bench.paths.localCommandsFile, 'utf8')).commands
    : [];

describe.runIf(spawnSync('ssh', ['-V']).status === 0)('server trust-command', () => {
  beforeEach(() => {
    bench.writeSshConfig(
      `Host web\n  ProxyJump hop\nHost hop\n  ProxyCommand nc -x\u202e %h %p\nHost db\n  ProxyCommand tunnel %h\nHost far\n  User u\nMatch host far exec "touch ${ran}"\n  HostName near\n  ProxyCommand inner %h\nHost plain\n  User u\n`,
    );
    bench.writeGlobal(['web', 'db', 'far', 'plain'].map((id) => ({ id, ssh: id, environment: 'staging' })));
  });

  it('shows every command on the way whole, and allows them after a yes alone', async () => {
    const refused = await signalbox('server trust-command web', ['n']);
    expect([refused.code, allowed()]).toEqual([130, []]);
    expect(refused.stdout).toBe('To reach the jump host hop (ProxyCommand):\n  nc -x\\u202e hop 22\n\n');
    const agreed = await signalbox('server trust-command web', ['y']);
    expect([agreed.code, agreed.stdout]).toEqual([0, expect.stringContaining('Allowed.')]);
    expect(allowed()).toMatchObject([{ server: 'ssh:hop', text: 'nc -x\u202e hop 22' }]);
    expect((await signalbox('server trust-command web')).stdout).toContain('(ProxyCommand), allowed already:');
  });

  it('allows nothing without a terminal, unless it is told not to ask', async () => {
    const run = await signalbox('server trust-command db');
    expect([run.code, run.stdout, allowed()]).toEqual([2, expect.stringContaining('tunnel db'), []]);
    expect((await signalbox('server trust-command db --yes')).code).toBe(0);
    expect(allowed()).toMatchObject([{ server: 'db', text: 'tunnel db' }]);
  });

  it('asks again about what an allowed command brings to light', async () => {
    const run = await signalbox('server trust-command far', ['y', 'y']);
    expect(run.stdout).toMatch(/Match exec\):\n {2}touch .*\n\nTo reach far \(ProxyCommand\):\n {2}inner near\n/);
    expect(allowed()).toMatchObject([
      { server: null, text: `touch ${ran}` },
      { server: 'far', text: 'inner near' },
    ]);
    expect(existsSync(ran)).toBe(true);
  });

  it('shows those of all servers at once, lists what is allowed, and revokes it', async () => {
    expect((await signalbox('server trust-command --all', ['y', 'y'])).code).toBe(0);
    expect(allowed().map(({ server }) => server)).toEqual(['db', null, 'ssh:hop', 'far']);
    expect(JSON.parse((await signalbox('server trust-command --list --json')).stdout).commands).toHaveLength(4);
    expect((await signalbox('server trust-command --list')).stdout).toContain('To reach db (ProxyCommand), allowed 2');
    expect((await signalbox('server trust-command db --revoke')).stdout).toContain('1 command is not allowed any more');
    expect(allowed().map(({ server }) => server)).toEqual([null, 'ssh:hop', 'far']);
    expect((await signalbox('server trust-command --all --revoke')).stdout).toContain('3 commands are not');
    expect(allowed()).toEqual([]);
  });

  it.each([
    ['server trust-command', 2, 'Name the servers'],
    ['server trust-command absent', 2, 'No server "absent"'],
    ['server trust-command plain', 0, 'No command of this machine is run on the way to plain'],
    ['server trust-command --list', 0, 'No command of this machine is allowed'],
  ])('%s ends with %i', async (words, code, said) => {
    const run = await signalbox(words);
    expect([run.code, run.stdout + run.stderr]).toEqual([code, expect.stringContaining(said)]);
  });

  it('is what other commands name, none of which runs anything', async () => {
    expect((await signalbox('server show db')).stdout).toMatch(
      /reached by {3}tunnel db\n.*not allowed yet; see `signalbox server trust-command db`/,
    );
    expect((await signalbox('server show web')).stdout).toMatch(
      /reached by {3}nc -x\\u202e hop 22\n.*\(a command of this machine, to the jump host hop, not allowed yet; see `.* web`\)/,
    );
    expect((await signalbox('server list')).stderr).toContain('signalbox server trust-command far');
    expect((await signalbox('server test far')).code).toBe(2);
    const tested = await signalbox('server test web');
    expect([tested.code, tested.stdout]).toEqual([6, expect.stringContaining('signalbox server trust-command web`')]);
    expect(existsSync(ran)).toBe(false);
  });

  it('is asked for where one sits at a terminal, whole', async () => {
    const run = await signalbox('server test db', ['no', 'yes']);
    expect(run.stderr).toContain('\n  tunnel db\n');
    expect(run.stderr).toContain('Only "yes" lets it run');
    expect(allowed()).toMatchObject([{ server: 'db' }]);
    expect(run.stdout).toContain('which ended with status 127');
  });

  it('is named by an import of such hosts, whose list says so, too', async () => {
    bench.writeGlobal([]);
    bench.writeSshConfig('Host db\n  ProxyCommand tunnel %h\nHost b\n  ProxyJump x\n  ProxyCommand y\n');
    const listed = await signalbox('server import --list');
    expect(listed.stdout).toMatch(
      /^db {2}.*@db:22 through a command of this machine, which is asked about\nb .* through x\n/,
    );
    const run = await signalbox('server import --all --environment staging');
    expect(run.stderr).toContain('db is reached through a command of this machine');
    expect(run.stderr).toContain('`signalbox server trust-command db`');
  });

  it('refuses a file that was changed by hand into nonsense, and one that others can write', async () => {
    bench.write(bench.paths.localCommandsFile, '{"version":1,"commands":[{"text":"x"}]}');
    expect((await signalbox('server trust-command db --yes')).stderr).toContain('is damaged');
    bench.write(bench.paths.localCommandsFile, '{"version":1,"commands":[]}', 0o666);
    expect((await signalbox('server trust-command db --yes')).stderr).toContain('chmod');
  });
});
