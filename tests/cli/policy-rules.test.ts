/** Rules on the command line: shown with where they come from, validated with file and line, and used by `policy check`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliRun, runInProcess } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
  mkdirSync(join(folder, 'config'));
  mkdirSync(join(folder, 'work', '.signalbox'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const globalFile = (): string => join(folder, 'config', 'policy.json');
const workspaceFile = (): string => join(folder, 'work', '.signalbox', 'policy.json');

function run(argv: readonly string[], options: { stdin?: string; cwd?: string } = {}): Promise<CliRun> {
  const env = { SIGNALBOX_HOME: folder, PATH: process.env.PATH, HOME: folder };
  return runInProcess(['policy', ...argv], { env, cwd: folder, ...options });
}

function write(rules: readonly unknown[], file = globalFile()): void {
  writeFileSync(file, JSON.stringify({ version: 1, rules }, null, 2));
}

const restart = {
  ...{ id: 'restart', decision: 'auto-allow', because: 'harmless', command: 'systemctl' },
  ...{ operands: ['restart', 'nginx'], match: ['systemctl restart nginx'] },
};
const noGit = { id: 'no-git', decision: 'reject', because: 'use CI', command: 'git', match: ['git pull'] };

describe('policy check', () => {
  it('uses the rules that are about every server', async () => {
    write([restart, { ...noGit, scope: { servers: ['web-1'] } }]);
    expect((await run(['check', 'systemctl restart nginx'])).stdout).toMatch(/^auto-allow \(rule\.restart\)\n/);
    expect((await run(['check', 'git pull'])).stdout).toMatch(/^approval-required \(command\.changes\)/);
  });

  it('uses the rules of the server that is named', async () => {
    write([{ ...noGit, scope: { servers: ['web-*'] } }]);
    for (const id of ['web-1', 'db-1'])
      await runInProcess(['server', 'add', id, '--host', 'h', '--user', 'u', '--agent', '--environment', 'staging'], {
        env: { SIGNALBOX_HOME: folder, PATH: process.env.PATH, HOME: folder },
        cwd: folder,
      });
    expect(await run(['check', '--server', 'web-1', 'git pull'])).toMatchObject({ code: 3 });
    expect(await run(['check', '--server', 'db-1', 'git pull'])).toMatchObject({ code: 0 });
  });

  it('refuses to answer while a file is bad, one by one in a stream', async () => {
    write([{ ...restart, match: ['uptime'] }]);
    const one = await run(['check', 'uptime']);
    expect(one).toMatchObject({ code: 2, stdout: '' });
    expect(one.stderr).toContain(
      `${globalFile()}, line 14, rule restart: the rule does not match its example "uptime".`,
    );
    const stream = await run(['check', '--stdin'], { stdin: '{"command":"uptime"}\n{"command":"id"}\n' });
    const answers = stream.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([{ decision: 'reject', rule: 'policy.invalid' }, { decision: 'reject' }]);
  });
});

describe('policy validate', () => {
  it('is silent about no file, and counts the rules of a good one', async () => {
    expect(await run(['validate'])).toMatchObject({ code: 0, stdout: expect.stringContaining('There is no') });
    write([restart, noGit]);
    expect(await run(['validate'])).toMatchObject({ code: 0, stdout: `${globalFile()}: 2 rules, no problem\n` });
  });

  it('names every problem with file and line, and ends with 2', async () => {
    write([{ ...restart, match: ['uptime'] }, { ...noGit, notMatch: ['git log'] }, noGit]);
    const { code, stdout } = await run(['validate']);
    expect(code).toBe(2);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.slice(globalFile().length)),
    ).toEqual([
      ':14: rule restart: the rule does not match its example "uptime"',
      expect.stringMatching(/^:\d+: rule no-git: the rule matches "git log", which it must not$/),
      expect.stringMatching(/^:\d+: rule no-git: the id is used twice \(first on line 17\); rename or remove one$/),
    ]);
  });

  it('takes a file by name, also as one of a workspace', async () => {
    write([restart], join(folder, 'x.json'));
    expect(await run(['validate', 'x.json'])).toMatchObject({ code: 0 });
    expect(await run(['validate', '--workspace', 'x.json'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('x.json:6: rule restart: a workspace file may only narrow'),
    });
    expect(await run(['validate', 'absent.json'])).toMatchObject({ code: 2 });
  });
});

describe('policy show and trust', () => {
  it('show each rule with its origin', async () => {
    write([{ ...restart, expires: '2001-01-01', scope: { environment: 'staging' } }]);
    write([noGit], workspaceFile());
    const { stdout, code } = await run(['show'], { cwd: join(folder, 'work') });
    expect(code).toBe(0);
    expect(stdout).toContain(`${globalFile()}  (global)\n  restart  auto-allow  line 4  EXPIRED, counts no more\n`);
    expect(stdout).toContain('    scope     environment staging\n');
    expect(stdout).toContain(`${workspaceFile()}  (workspace)  untrusted\n`);
    const json = JSON.parse((await run(['show', '--json'])).stdout);
    expect(json).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), files: [{ origin: 'global' }] });
  });

  it('make a workspace count, until its file changes', async () => {
    const cwd = join(folder, 'work');
    write([noGit], workspaceFile());
    expect(await run(['check', 'git pull'], { cwd })).toMatchObject({ code: 0 });
    expect(await run(['trust'], { cwd })).toMatchObject({ code: 2 });
    expect(await run(['trust', '--yes'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('use CI'),
    });
    expect(await run(['check', 'git pull'], { cwd })).toMatchObject({ code: 3 });
    write([{ ...noGit, because: 'changed' }], workspaceFile());
    expect((await run(['check', 'git pull'], { cwd })).stderr).toContain('changed since it was trusted');
    expect((await run(['show'], { cwd })).stdout).toContain('BAD, nothing may run');
  });

  it('never trust a workspace file that allows', async () => {
    write([restart], workspaceFile());
    expect((await run(['trust', '--yes'], { cwd: join(folder, 'work') })).stderr).toContain('may only narrow');
  });
});
