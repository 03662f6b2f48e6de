/** `signalbox server …` over real files: what is written, what is refused, and what never shows. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, record, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, type CliRunOptions, runInProcess } from './run.ts';

let bench: Workbench;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  bench = openWorkbench();
  env = { ...bench.env, SIGNALBOX_SSH_CONFIG: bench.sshConfigFile };
});
afterEach(() => bench.dispose());

/** One string of words, as typed. */
function signalbox(words: string, options: Partial<CliRunOptions> = {}): Promise<CliRun> {
  return runInProcess(words.split(' '), { env, cwd: bench.folder, ...options });
}

const globalRecords = (): unknown => JSON.parse(readFileSync(bench.paths.serversFile, 'utf8'));
const workspaceRecords = (): unknown => JSON.parse(readFileSync(bench.workspaceFile, 'utf8'));
const add = 'server add web-1 --host 10.0.0.5 --user ubuntu --agent --environment staging';

describe('server add', () => {
  it.each([
    [add, { host: '10.0.0.5', username: 'ubuntu', auth: { kind: 'agent' }, environment: 'staging' }],
    ['server add web-1 --ssh web --environment staging', { ssh: 'web', environment: 'staging' }],
    [
      'server add web-1 --host h --port 2222 --user u --key /k --passphrase-env P --label a,b --label c --group web --root /srv --readonly --environment development',
      {
        host: 'h',
        port: 2222,
        username: 'u',
        auth: { kind: 'privateKey', privateKeyPath: '/k', passphrase: { env: 'P' } },
        environment: 'development',
        labels: ['a', 'b', 'c'],
        groups: ['web'],
        roots: ['/srv'],
        readonly: true,
      },
    ],
    [
      'server add web-1 --host h --user u --password-env WEB --environment staging',
      { host: 'h', username: 'u', auth: { kind: 'password', secret: { env: 'WEB' } }, environment: 'staging' },
    ],
    [
      'server add web-1 --host h --user u --key /k --certificate /c --environment staging',
      {
        host: 'h',
        username: 'u',
        auth: { kind: 'certificate', certificatePath: '/c', privateKeyPath: '/k' },
        environment: 'staging',
      },
    ],
  ])('%s', async (words, expected) => {
    const run = await signalbox(words);
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('signalbox server test web-1')]);
    expect(globalRecords()).toEqual([{ id: 'web-1', ...expected }]);
  });

  it('takes a command for the password without a shell', async () => {
    const argv = ['server', 'add', 'w', '--host', 'h', '--user', 'u', '--password-command', "pass show 'my web'"];
    expect((await runInProcess(argv, { env, cwd: bench.folder })).code).toBe(0);
    expect(globalRecords()).toMatchObject([{ auth: { secret: { command: ['pass', 'show', 'my web'] } } }]);
  });

  it('says that production rules apply when no environment is given', async () => {
    expect((await signalbox('server add web-1 --host h --user u --agent')).stderr).toContain('production rules apply');
  });

  it.each([
    ['server add Web --host h --agent', '"id" must start with'],
    ['server add web-1', '--host ADDRESS'],
    ['server add web-1 --host h', 'Say how to log in'],
    ['server add web-1 --host h --agent --key /k', 'one way to log in'],
    ['server add web-1 --host h --key /k --password-env X', 'one way to log in'],
    ['server add web-1 --host h --password-env X --password-command y', 'not both'],
    ['server add web-1 --host h --agent --passphrase-env X', 'belongs to a key'],
    ['server add web-1 --host h --certificate /c', 'belongs to a key; add --key'],
    ['server add web-1 --host h --password-env 1X', '"auth.secret.env" is not valid'],
    ['server add web-1 --host h --password-command a|b', 'without a shell'],
    ['server add web-1 --ssh a --host h', 'leave --host out'],
    ['server add web-1 --ssh a --jump b', 'leave --jump out'],
    ['server add web-1 --host h --agent --root srv', '"roots[0]" must be an absolute path'],
    ['server add web-1 --host h --agent --port 0', 'from 1 to 65535'],
    ['server add web-1 --host h --agent --environment prod', 'Allowed choices are production'],
    ['server add web-1 --host h --agent --scope here', 'Allowed choices are global'],
    ['server add', "missing required argument 'id'"],
    ['server add web-1 --hots h', 'did you mean --host?'],
  ])('refuses `%s` and writes nothing', async (words, message) => {
    const run = await signalbox(words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(bench.paths.serversFile)).toBe(false);
  });

  it('refuses an id twice', async () => {
    await signalbox(add);
    expect(await signalbox(add)).toMatchObject({ code: 2, stderr: expect.stringContaining('already in') });
  });
});

describe('in a workspace', () => {
  it('goes to its file when there is one, keeps keys relative, and trusts its own edit', async () => {
    mkdirSync(join(bench.workspace, '.signalbox'), { recursive: true });
    const cwd = join(bench.workspace, 'deep');
    mkdirSync(cwd);
    expect((await signalbox(`${add.replace('--agent', '--key ../keys/id')} --scope workspace`, { cwd })).code).toBe(0);
    expect(workspaceRecords()).toMatchObject([{ auth: { privateKeyPath: 'keys/id' } }]);
    await signalbox('server add web-2 --host h --user u --agent', { cwd });
    expect(workspaceRecords()).toHaveLength(2);
    const listed = JSON.parse((await signalbox('server list --json', { cwd })).stdout) as { servers: { id: string }[] };
    expect(listed.servers.map((one) => one.id)).toEqual(['web-1', 'web-2']);
    expect(readFileSync(join(bench.workspace, '.signalbox', '.gitignore'), 'utf8')).toContain('\nservers.json\n');
  });

  it('warns of a file that git tracks and of plain secrets in it', async () => {
    bench.writeWorkspace([record('db-1', { auth: { kind: 'password', secret: 'hunter2-hunter2' } })]);
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', bench.workspace, ...args], { stdio: 'ignore', env: { PATH: process.env.PATH } });
    git('init', '-q');
    git('add', '-f', '.signalbox/servers.json');
    // As within a hook of another repository.
    const inHook = { ...env, GIT_DIR: '/nonexistent', GIT_INDEX_FILE: '/nonexistent/index' };
    const run = await signalbox(add, { cwd: bench.workspace, env: inHook });
    expect(run.stderr).toContain('is tracked by git');
    expect(run.stderr).toContain('db-1 has a plain secret');
    expect(run.stderr).toContain('is not trusted');
    expect(run.stdout + run.stderr).not.toContain('hunter2');
  });

  it('removes from the only file that has the id, and asks when both have it', async () => {
    await signalbox(add);
    mkdirSync(join(bench.workspace, '.signalbox'), { recursive: true });
    await signalbox(`${add} --scope workspace`, { cwd: bench.workspace });
    const unsaid = await signalbox('server remove web-1', { cwd: bench.workspace });
    expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining('--scope global or --scope workspace')]);
    const asked = await signalbox('server remove web-1', { cwd: bench.workspace, answers: ['x', 'w'] });
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('.signalbox/servers.json') });
    expect(globalRecords()).toHaveLength(1);
    expect((await signalbox('server remove web-1', { cwd: bench.workspace })).code).toBe(0);
    expect(globalRecords()).toEqual([]);
    expect((await signalbox('server remove web-1', { cwd: bench.workspace })).code).toBe(2);
  });
});

describe('server trust', () => {
  const foreign = [
    record('web-1', { host: '10.66.6.6', auth: { kind: 'privateKey', privateKeyPath: '/home/me/.ssh/id' } }),
    record('db-1', { auth: { kind: 'password', secret: { command: ['sh', '-c', 'steal\u001b[2J'] } } }),
    record('nas', { auth: { kind: 'password', secret: 'hunter2-hunter2' } }),
  ];

  it('shows hosts, keys, commands and the hash, and nothing is trusted without a yes', async () => {
    bench.writeGlobal([record('web-1')]);
    bench.writeWorkspace(foreign);
    const run = await signalbox('server trust', { cwd: bench.workspace, answers: ['n'] });
    expect(run.code).toBe(130);
    for (const shown of [
      '10.66.6.6',
      '/home/me/.ssh/id',
      '["sh","-c","steal',
      'hides your global record of the same id: web-1  ubuntu@10.0.0.5:22',
      'plain text',
      'sha256 ',
    ]) {
      expect(run.stdout).toContain(shown);
    }
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stdout).not.toContain('hunter2');
    expect((await signalbox('server show web-1', { cwd: bench.workspace })).code).toBe(2);
  });

  it('asks for --yes where nobody can be asked', async () => {
    bench.writeWorkspace(foreign);
    const run = await signalbox('server trust', { cwd: bench.workspace });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  });

  it.each([
    ['--yes', undefined],
    ['at the terminal', ['y']],
  ])('makes the file count once trusted (%s), until it changes', async (how, answers) => {
    bench.writeWorkspace(foreign);
    const words = how === '--yes' ? 'server trust --yes' : 'server trust';
    const options = answers === undefined ? {} : { answers };
    expect((await signalbox(words, { cwd: bench.workspace, ...options })).code).toBe(0);
    expect((await signalbox('server show web-1', { cwd: bench.workspace })).stdout).toContain('10.66.6.6');
    expect((await signalbox('server trust', { cwd: bench.workspace })).stdout).toContain('trusted as it is');
    bench.writeWorkspace([...foreign, record('extra')]);
    expect((await signalbox('server show web-1', { cwd: bench.workspace })).code).toBe(2);
  });

  it.each([
    ['outside of a workspace', () => bench.folder, 'go into a workspace'],
    ['without a file', () => bench.workspace, 'nothing to trust'],
  ])('refuses %s', async (_name, cwd, message) => {
    mkdirSync(join(bench.workspace, '.signalbox'), { recursive: true });
    const run = await signalbox('server trust --yes', { cwd: cwd() });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('server list and show', () => {
  it('lists what is usable and names what is not', async () => {
    bench.writeGlobal([record('web-1', { groups: ['web'] }), record('db-1', { prot: 1 })]);
    const run = await signalbox('server list');
    expect(run).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/web-1\s+ubuntu@10.0.0.5:22\s+production \(assumed\)\s+web\s+global/),
    });
    expect(run.stderr).toContain('unusable: db-1');
  });

  it('says how to begin when nothing is registered', async () => {
    expect((await signalbox('server list')).stdout).toContain('signalbox server add');
  });

  it.each(['server list', 'server list --json', 'server show web-1', 'server show web-1 --json'])(
    '%s never shows a plain secret',
    async (words) => {
      bench.writeGlobal([record('web-1', { auth: { kind: 'password', secret: 'hunter2-hunter2' } })]);
      const run = await signalbox(words);
      expect(run.code).toBe(0);
      expect(run.stdout + run.stderr).toContain('plain text');
      expect(run.stdout + run.stderr).not.toContain('hunter2');
    },
  );

  it('prints a failure as JSON when JSON was asked for', async () => {
    bench.writeGlobal([record('web-1')]);
    const run = await signalbox('server show web-2 --json');
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'error',
      code: 'SERVER_NOT_FOUND',
      message: expect.stringContaining('"web-1"'),
    });
  });
});

describe('server import', () => {
  beforeEach(() => bench.writeSshConfig('Host web-1 Web_2\n HostName 10.1.1.1\nHost *.corp\n User x\nHost ünï\n'));

  it('writes alias records for the named hosts or for all', async () => {
    expect((await signalbox('server import web-1 --environment staging')).code).toBe(0);
    expect(globalRecords()).toEqual([{ id: 'web-1', ssh: 'web-1', environment: 'staging' }]);
    const all = await signalbox('server import --all --environment production');
    expect(all.stdout).toContain('0 of 2 hosts');
    expect(all.stderr).toContain('web-1 is registered already');
    const each = await signalbox('server import --all --every-name --environment production');
    expect(each.stdout).toContain('1 of 3 hosts');
    expect(globalRecords()).toHaveLength(2);
    expect((await signalbox('server show web_2')).stdout).toContain('ssh alias    Web_2');
  });

  it('asks for hosts and environment at a terminal', async () => {
    expect((await signalbox('server import', { answers: ['n'] })).code).toBe(130);
    const run = await signalbox('server import', { answers: ['y', 'prod', 'd'] });
    expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/this host: web-1\?[^]*Which environment/)]);
    expect(globalRecords()).toMatchObject([{ id: 'web-1', environment: 'production' }]);
    const again = await signalbox('server import', { answers: [] });
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/^skipped: web-1 is registered already/)]);
  });

  it.each([
    ['server import', 'Name the hosts to import'],
    ['server import --all', '--environment production|staging|development'],
    ['server import web-3 --environment staging', 'did you mean "web-1"?'],
    ['server import *.corp --environment staging', 'has no Host "*.corp"'],
  ])('refuses `%s` without a terminal', async (words, message) => {
    const run = await signalbox(words);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(bench.paths.serversFile)).toBe(false);
  });
});

describe('server test and trust-key', () => {
  it.each([
    ['server test web-9', 2, 'No server "web-9"'],
    ['server trust-key web-1 MD5:aa', 2, 'SHA256: and 43 characters'],
    [`server trust-key web-1 SHA256:${'a'.repeat(43)}`, 6, 'cannot be reached'],
  ])('%s is refused with %i', async (words, code, message) => {
    bench.writeGlobal([record('web-1', { host: '127.0.0.1', port: 1 })]);
    const run = await signalbox(words);
    expect(run.stderr).toContain(message);
    expect(run.code).toBe(code);
  });

  it('names the step that failed', async () => {
    bench.writeGlobal([record('web-1', { host: '127.0.0.1', port: 1 })]);
    const run = await signalbox('server test web-1 --json');
    expect(run.code).toBe(6);
    const { ok, steps } = JSON.parse(run.stdout);
    expect([ok, ...steps.map((step: { ok: boolean }) => step.ok)]).toEqual([false, true, false]);
  });
});
