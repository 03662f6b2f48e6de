/** Isolation as the isolated process sees it: a real shell in a real sandbox tries to reach what it must not reach. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpawnSpec } from '../../../src/core/ports.ts';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { canRun } from '../../fixtures/explain-skip.ts';

const run = promisify(execFile);
const searchPath = process.env.PATH ?? '/usr/bin:/bin';
const isolation = createIsolation({ platform: process.platform, searchPath });
const state = await isolation.available();

let root = '';
let spec: SpawnSpec;
const servers: Server[] = [];

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-isolation-')));
  for (const folder of [
    'data/agents/a/home',
    'data/work/s1/web-1',
    'data/audit',
    'config',
    'run/tools',
    'other/.ssh',
    'program',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'config/servers.json'), 'the registry');
  writeFileSync(join(root, 'data/audit/log.jsonl'), 'the log');
  writeFileSync(join(root, 'other/.ssh/id_ed25519'), 'a private key');
  writeFileSync(join(root, 'program/agent'), 'the program');
  for (const socket of ['run/control.sock', 'run/tools/s1.sock', 'run/tools/s2.sock']) {
    const server = createServer((client) => client.end('hello'));
    await new Promise<void>((resolve) => server.listen(join(root, socket), resolve));
    servers.push(server);
  }
  spec = {
    argv: ['/bin/sh', '-c', ':'],
    env: { PATH: '/usr/bin:/bin', HOME: join(root, 'data/agents/a/home') },
    cwd: join(root, 'data/work/s1'),
    home: join(root, 'data/agents/a/home'),
    readOnlyPaths: [join(root, 'program')],
    readWritePaths: [join(root, 'run/tools/s1.sock')],
  };
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Runs a script in the sandbox; `{root}` stands for the test's folder. */
async function inside(script: string): Promise<string> {
  const wrapped = await isolation.wrap(
    { ...spec, argv: ['/bin/sh', '-c', script.replaceAll('{root}', root)] },
    { toolsOff: false },
  );
  const [program = '', ...args] = wrapped.spec.argv;
  const { stdout } = await run(program, args, { env: { ...wrapped.spec.env }, cwd: wrapped.spec.cwd });
  return stdout.trim();
}

describe.runIf(canRun('isolation from the inside', state))('an isolated process', () => {
  const unreachable = [
    ['the registry', '{root}/config/servers.json'],
    ['the audit log', '{root}/data/audit/log.jsonl'],
    ['a private key beside its work folder', '{root}/other/.ssh/id_ed25519'],
    ['the .ssh folder of the user', join(homedir(), '.ssh')],
    ['the home folder of the user', join(homedir(), '.profile')],
    ['the control socket', '{root}/run/control.sock'],
    ['the door of another session', '{root}/run/tools/s2.sock'],
    ['password hashes', '/etc/shadow'],
    ['settings of the ssh client', '/etc/ssh/ssh_config'],
    ['files below /var', '/var/lib'],
    ['the root of this checkout', join(process.cwd(), 'package.json')],
    ['the tmux sockets', '/tmp/tmux-0'],
  ] as const;

  it.each(unreachable)('does not see %s', async (_what, path) => {
    expect(await inside(`if [ -e '${path}' ]; then echo seen; else echo absent; fi`)).toBe('absent');
  });

  it('sees nothing at the root but what was listed', async () => {
    const names = (await inside('ls -A /')).split('\n');
    const first = root.split('/')[1] ?? '';
    for (const name of names) {
      expect([
        'bin',
        'sbin',
        'lib',
        'lib32',
        'lib64',
        'libx32',
        'usr',
        'etc',
        'dev',
        'proc',
        'tmp',
        'run',
        'var',
        first,
      ]).toContain(name);
    }
  });

  it('has no agent socket, token or key in its environment', async () => {
    const names = (await inside('env')).split('\n').map((line) => line.split('=')[0]);
    expect(names).not.toContain('SSH_AUTH_SOCK');
    expect(names.filter((name) => !['PATH', 'HOME', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? ''))).toEqual([]);
  });

  it('sees no process but its own', async () => {
    expect(await inside('ls -d /proc/[0-9]* | wc -l')).toMatch(/^[1-6]$/);
    expect(
      await inside(`if [ -d /proc/${process.pid} ] && grep -q vitest /proc/${process.pid}/cmdline; then echo seen; fi`),
    ).toBe('');
  });

  it('writes its home and its work folder, and these survive it', async () => {
    await inside('echo login > "$HOME/token" && echo note > file && pwd');
    expect(readFileSync(join(root, 'data/agents/a/home/token'), 'utf8')).toBe('login\n');
    expect(readFileSync(join(root, 'data/work/s1/file'), 'utf8')).toBe('note\n');
  });

  const unwritable = [
    '/usr/bin/planted',
    '/etc/planted',
    '{root}/program/planted',
    '/etc/hosts',
    '{root}/program/agent',
  ];
  it.each(unwritable)('cannot write %s', async (path) => {
    expect(await inside(`(echo x >> '${path}') 2>/dev/null && echo written || echo refused`)).toBe('refused');
    expect(existsSync('/usr/bin/planted')).toBe(false);
  });

  it('leaves nothing in /tmp of the machine', async () => {
    const name = `signalbox-planted-${process.pid}`;
    await inside(`echo x > /tmp/${name}`);
    expect(existsSync(join('/tmp', name))).toBe(false);
  });

  it('cannot become root with a set-user-id program or by its own powers', async () => {
    expect(await inside('grep -E "^(CapEff|NoNewPrivs)" /proc/self/status | tr -s "\\t\\n" " "')).toMatch(
      /CapEff: 0000000000000000 NoNewPrivs: 1/,
    );
  });

  it('reaches its own door and reads the program it runs', async () => {
    const connect = `require("net").connect("{root}/run/tools/s1.sock").on("data",d=>{console.log(String(d));process.exit()})`;
    expect(await inside(`cat {root}/program/agent; echo; ${process.execPath} -e '${connect}'`)).toBe(
      'the program\nhello',
    );
  });

  it('dies with its parent', async () => {
    const wrapped = await isolation.wrap(
      { ...spec, argv: ['/bin/sh', '-c', 'echo up; exec sleep 600'] },
      { toolsOff: false },
    );
    const words = wrapped.spec.argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    // The shell is the parent: it prints the sandbox's pid once the sandbox speaks, and is gone.
    const script = `${words} > '${root}/out' 2>&1 & pid=$!; until [ -s '${root}/out' ]; do sleep 0.05; done; echo $pid`;
    const { stdout } = await run('/bin/sh', ['-c', script], { env: { ...spec.env } });
    const pid = Number(stdout.trim());
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(join(root, 'out'), 'utf8')).toBe('up\n');
  });

  it('is described as isolated, with what is not', async () => {
    const { verdict } = await isolation.wrap(spec, { toolsOff: true });
    expect(verdict.state).toBe('isolated, host network');
    expect(verdict.reason).toContain('network');
  });
});

describe('without working isolation', () => {
  const cases = [
    ['no program', { platform: 'linux', searchPath: '/nonexistent' }, /install the package "bubblewrap"/],
    ['another system', { platform: 'darwin', searchPath }, /runs on Linux only/],
  ] as const;

  it.each(cases)('(%s) it says NOT CONTAINED, why, and how to get it', async (_name, options, words) => {
    const { spec: same, verdict } = await createIsolation(options).wrap(spec, { toolsOff: false });
    expect(verdict.state).toBe('NOT CONTAINED');
    expect(verdict.reason).toMatch(words);
    expect(same).toBe(spec);
  });

  it('says "tools off" when the profile switched the own tools of the agent off', async () => {
    const nothing = createIsolation({ platform: 'linux', searchPath: '/nonexistent' });
    const { verdict } = await nothing.wrap(spec, { toolsOff: true });
    expect(verdict.state).toBe('tools off');
    expect(verdict.reason).toContain('bubblewrap');
  });

  it('believes a trial, not the presence of a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-bwrap-'));
    try {
      writeFileSync(join(folder, 'bwrap'), '#!/bin/sh\necho "setting up uid map: Permission denied" >&2\nexit 1\n');
      chmodSync(join(folder, 'bwrap'), 0o755);
      const broken = await createIsolation({ platform: 'linux', searchPath: folder }).available();
      expect(broken).toEqual({ ok: false, reason: expect.stringContaining('Permission denied') });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody waits for is dead too.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
