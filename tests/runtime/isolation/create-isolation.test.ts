/** Isolation as the isolated process sees it: a real shell in a real sandbox tries to reach what it must not reach. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpawnSpec } from '../../../src/core/ports.ts';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { canRun } from '../../fixtures/explain-skip.ts';

const run = promisify(execFile);
const searchPath = process.env.PATH ?? '/usr/bin:/bin';
const isolation = createIsolation({ platform: process.platform, searchPath });
const state = await isolation.available();
const ownNetwork = await isolation.ownNetwork();
const places = ['/usr/bin', '/bin', '/usr/local/bin'];
const networks = (['own', 'host', 'none'] as const).filter(
  (one) => one !== 'own' || canRun('isolation with a network of its own', ownNetwork),
);
const connectors = ['pasta', 'slirp4netns'].filter((name) => {
  const isThere = places.some((place) => existsSync(join(place, name)));
  return canRun(`a network of its own from ${name}`, { ok: isThere, reason: `${name} is not installed` });
});

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

  it.each(networks)('with network "%s" dies with its parent, and so does all around it', async (network) => {
    const out = join(root, `out-${network}`);
    const wrapped = await isolation.wrap(
      { ...spec, argv: ['/bin/sh', '-c', 'echo up; exec sleep 600'] },
      { toolsOff: false, network },
    );
    const words = wrapped.spec.argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    // The shell is the parent: it tells the sandbox's pid once the sandbox speaks, and waits for its own end.
    const script = `${words} > '${out}' 2>&1 & pid=$!; until [ -s '${out}' ]; do sleep 0.05; done; echo $pid; wait`;
    const parent = spawn('/bin/sh', ['-c', script], { env: { ...spec.env }, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const family = withDescendants(Number(String(line).trim()));
    expect(readFileSync(out, 'utf8')).toBe('up\n');
    expect(family.length).toBeGreaterThan(network === 'own' ? 3 : 1);
    parent.kill('SIGKILL');
    await eventually(() => expect(family.filter(isAlive)).toEqual([]));
  });

  it.each(connectors)('gets a network of its own from %s, where that is installed', async (name) => {
    const { folder, isolation: alone } = withOnly('bwrap', name);
    try {
      expect(await alone.ownNetwork()).toEqual({ ok: true, reason: name });
      const argv = ['/bin/sh', '-c', 'cat /proc/net/dev; cat /etc/resolv.conf'];
      const { verdict, spec: wrapped } = await alone.wrap({ ...spec, argv }, { toolsOff: false, network: 'own' });
      expect(verdict.reason).toContain(`its network is its own (${name})`);
      const [program = '', ...args] = wrapped.argv;
      const { stdout } = await run(program, args, { env: { ...wrapped.env }, cwd: wrapped.cwd });
      // Loopback, and the one that leads outside.
      expect(stdout.split('\n').filter((line) => /^ *[\w-]+: /.test(line))).toHaveLength(2);
      expect(stdout).toContain('nameserver');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses what is demanded and cannot be had, and names the package', async () => {
    const { folder, isolation: alone } = withOnly('bwrap');
    try {
      await expect(alone.wrap(spec, { toolsOff: false, network: 'own' })).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringContaining('"passt"'),
      });
      const { verdict } = await alone.wrap(spec, { toolsOff: false });
      expect(verdict).toEqual({ state: 'isolated, host network', reason: expect.stringContaining('"passt"') });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('shares the network of the machine with an agent whose model is on loopback, and names the variable', async () => {
    const env = { ...spec.env, OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' };
    const { verdict } = await isolation.wrap({ ...spec, env }, { toolsOff: false });
    expect(verdict.state).toBe('isolated, host network');
    expect(verdict.reason).toContain('OPENAI_BASE_URL');
  });
});

describe('without working isolation', () => {
  const cases = [
    ['no program', { platform: 'linux', searchPath: '/nonexistent' }, /install the package "bubblewrap"/],
    [
      'macOS without its program',
      { platform: 'darwin', searchPath: '/nonexistent' },
      /sandbox-exec, which was not found/,
    ],
    ['another system', { platform: 'freebsd', searchPath }, /Linux .* or macOS .*this is freebsd/],
  ] as const;

  it.each(cases)('(%s) it says NOT CONTAINED, why, and how to get it', async (_name, options, words) => {
    const { spec: same, verdict } = await createIsolation(options).wrap(spec, { toolsOff: false });
    expect(verdict.state).toBe('NOT CONTAINED');
    expect(verdict.reason).toMatch(words);
    expect(same).toBe(spec);
  });

  it.each(['own', 'none'] as const)('refuses the demand for network "%s"', async (network) => {
    const nothing = createIsolation({ platform: 'linux', searchPath: '/nonexistent' });
    await expect(nothing.wrap(spec, { toolsOff: true, network })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
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

/** Children of threads are children of their process. */
function withDescendants(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((one) => one !== '');
  return [pid, ...children.flatMap((one) => withDescendants(Number(one)))];
}

/** Programs of this machine that are alone on a search path; one that is not installed is left out. */
function withOnly(...names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-programs-'));
  for (const name of names) {
    const path = places.map((place) => join(place, name)).find((one) => existsSync(one));
    if (path !== undefined) symlinkSync(path, join(folder, name));
  }
  return { folder, isolation: createIsolation({ platform: 'linux', searchPath: folder }) };
}
