/** `signalbox doctor` and `info`: what is looked at, and that every bad thing comes with what to do. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNode } from '../../src/cli/doctor/check-programs.ts';
import { checkTerminal } from '../../src/cli/doctor/check-terminal.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { openWorkbench, record, type Workbench } from '../runtime/registry/workbench.ts';
import { runInProcess } from './run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

async function examine(env: NodeJS.ProcessEnv = {}): Promise<{ code: number; findings: readonly Finding[] }> {
  const options = { env: { ...bench.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }, cwd: bench.folder };
  const run = await runInProcess(['doctor', '--json'], options);
  return { code: run.code, findings: (JSON.parse(run.stdout) as { findings: Finding[] }).findings };
}

describe('doctor', () => {
  it('looks at everything, changes nothing, and is content with a fresh home', async () => {
    const { code, findings } = await examine();
    expect(findings.filter((one) => one.state === 'bad')).toEqual([]);
    expect(code).toBe(0);
    for (const name of [
      'node',
      'git',
      'ssh',
      'tmux',
      'bubblewrap',
      'ssh-agent',
      'config folder',
      'servers',
      'host',
      'terminal',
      'locale',
    ]) {
      expect(findings.map((one) => one.name)).toContain(name);
    }
    expect(existsSync(bench.paths.config)).toBe(false);
    expect(findings.find((one) => one.name === 'host')?.detail).toContain('none runs');
  });

  it.each<[string, () => void, string, string]>([
    [
      'a broken record',
      () => bench.writeGlobal([record('web-1', { prot: 1 })]),
      'server web-1',
      'did you mean "port"?',
    ],
    ['a broken file', () => bench.writeGlobal('['), 'servers', 'not valid JSON'],
    ['a file others can write', () => bench.writeGlobal('[]', 0o666), 'servers', 'chmod go-w'],
    ['broken agents', () => bench.write(bench.paths.agentsFile, '{\n"a": }'), 'config file', 'line 2'],
    ['a policy others can write', () => bench.write(bench.paths.policyFile, '{}', 0o662), 'config file', 'chmod go-w'],
    [
      'a rule that misses its example',
      () =>
        bench.write(
          bench.paths.policyFile,
          '{"version":1,"rules":[\n{"id":"a","decision":"reject","because":"x","command":"git","match":["hg"]}]}',
        ),
      'config file',
      'line 2, rule a: the rule does not match its example "hg"',
    ],
    [
      'an unknown key in config.json',
      () => bench.write(bench.paths.configFile, '{"requireIsolatio":true}'),
      'config file',
      'did you mean "requireIsolation"?',
    ],
    ['a folder that is a file', () => bench.write(bench.paths.data, ''), 'data folder', 'is not a folder'],
  ])('exits with 2 for %s', async (_name, spoil, name, message) => {
    spoil();
    const { code, findings } = await examine();
    expect(code).toBe(2);
    const found = findings.filter((one) => one.name === name && one.state === 'bad');
    expect(found.map((one) => one.detail).join()).toContain(message);
    for (const one of found) expect(one.next).toBeTruthy();
  });

  it('warns of a folder others can look into', async () => {
    mkdirSync(bench.paths.config, { recursive: true });
    chmodSync(bench.paths.config, 0o755);
    const { findings } = await examine();
    expect(findings.find((one) => one.name === 'config folder')).toMatchObject({
      state: 'warn',
      next: expect.stringContaining('chmod 700'),
    });
  });

  it('says which programs are not installed', async () => {
    const { code, findings } = await examine({ PATH: bench.folder });
    const states = Object.fromEntries(findings.map((one) => [one.name, one.state]));
    expect(states).toMatchObject({ git: 'bad', ssh: 'warn', tmux: 'warn', bubblewrap: 'warn' });
    expect(code).toBe(2);
  });

  it.each([
    ['20.19.0', 'ok'],
    ['20.20.2', 'ok'],
    ['22.1.0', 'ok'],
    ['20.18.9', 'bad'],
    ['18.20.0', 'bad'],
    ['nonsense', 'bad'],
  ])('judges Node %s: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it.each([
    [{ TERM: 'dumb' }, 'bad', 'terminal'],
    [{}, 'bad', 'terminal'],
    [{ TERM: 'xterm', LANG: 'C' }, 'warn', 'locale'],
    [{ TERM: 'xterm' }, 'warn', 'locale'],
    [{ TERM: 'xterm', LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' }, 'warn', 'locale'],
  ])('judges the terminal of %j: %s', (env, state, name) => {
    const findings = checkTerminal({ env, stdout: {} } as never);
    expect(findings.find((one) => one.name === name)?.state).toBe(state);
  });

  it('warns of a terminal that is too small', () => {
    const stdout = { isTTY: true, columns: 79, rows: 24 };
    expect(checkTerminal({ env: { TERM: 'xterm' }, stdout } as never).find((one) => one.name === 'size')?.state).toBe(
      'warn',
    );
  });

  it('prints the same for people', async () => {
    const run = await runInProcess(['doctor'], { env: { ...bench.env, TERM: 'dumb' }, cwd: bench.folder });
    expect(run.stdout).toMatch(/^bad\s+terminal\s+TERM is "dumb"$/m);
    expect(run.stdout).toContain('The screen needs a real terminal');
  });
});

describe('info', () => {
  it('shows versions and places, for people and as JSON', async () => {
    const options = { env: bench.env, cwd: bench.folder };
    const info = JSON.parse((await runInProcess(['info', '--json'], options)).stdout) as Record<string, unknown>;
    expect(info).toMatchObject({
      node: process.versions.node,
      workspace: null,
      paths: { serversFile: bench.paths.serversFile },
    });
    expect((await runInProcess(['info'], options)).stdout).toContain(bench.paths.serversFile);
  });
});
