/** Rule files on a real disk: in force from the next decision on, told when they change, and nothing decided while one is bad. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import type { PolicyNotice, PolicyRules } from '../../../src/core/policy/policy-source.ts';
import type { Rule } from '../../../src/core/policy/rules/rule-file.ts';
import { readConfigFile } from '../../../src/runtime/config-file.ts';
import { createPolicySource } from '../../../src/runtime/policy/create-policy-source.ts';
import { createTrust } from '../../../src/runtime/trust.ts';
import { target } from '../../core/policy/set-up.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

let home: string;
let source: PolicyRules;
let notices: PolicyNotice[];
let clock: HandClock;
const noGit: Rule = {
  id: 'no-git',
  decision: 'reject',
  because: 'Deploys go through CI',
  command: 'git',
  match: ['git pull'],
};
const restart: Rule = {
  ...{ id: 'restart', decision: 'auto-allow', because: 'It is harmless', command: 'systemctl' },
  ...{ operands: ['restart', 'nginx'], match: ['systemctl restart nginx'] },
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-policy-'));
  mkdirSync(join(home, 'work', '.signalbox'), { recursive: true });
  clock = new HandClock();
  notices = [];
  source = createPolicySource({ paths: { policyFile: file(), trustFile: join(home, 'trusted.json') }, clock });
  source.onNotice((notice) => notices.push(notice));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = (): string => join(home, 'policy.json');
const workspace = (): string => join(home, 'work');
const workspaceFile = (): string => join(workspace(), '.signalbox', 'policy.json');

function write(rules: readonly unknown[], path = file()): void {
  writeFileSync(path, JSON.stringify({ version: 1, rules }, null, 2), { mode: 0o600 });
}

async function outcome(line: string, of: string | null = null): Promise<string> {
  const policy = await source.current(of);
  return policy.decide({ kind: 'line', line, cwd: null, hasStdin: false }, target()).outcome;
}

async function trust(path: string): Promise<void> {
  const read = await readConfigFile(path);
  await createTrust(join(home, 'trusted.json')).add(path, read?.sha256 ?? '');
}

describe('the global file', () => {
  it('absent is the built-in policy, silently', async () => {
    expect((await source.current(null)).hash).toBe(createPolicy().hash);
    expect(notices).toEqual([]);
  });

  it('counts from the next decision on, and says so', async () => {
    expect(await outcome('git pull')).toBe('approval-required');
    write([noGit]);
    expect(await outcome('git pull')).toBe('reject');
    write([noGit, restart]);
    expect(await outcome('systemctl restart nginx')).toBe('auto-allow');
    rmSync(file());
    expect(await outcome('git pull')).toBe('approval-required');
    expect(notices.map(({ level, text }) => `${level}: ${text}`)).toEqual([
      'info: policy reloaded: 1 rule',
      'info: policy reloaded: 2 rules',
      `warn: policy reloaded: ${file()} is gone, and its rules with it`,
    ]);
  });

  it('has another hash with other rules, and the same policy object with the same', async () => {
    write([noGit]);
    const first = await source.current(null);
    expect(await source.current(null)).toBe(first);
    write([restart]);
    expect((await source.current(null)).hash).not.toBe(first.hash);
    write([noGit]);
    expect((await source.current(null)).hash).toBe(first.hash);
  });

  it.each<[string, () => void, RegExp]>([
    ['is no JSON', () => writeFileSync(file(), '{\n"version": 1,\n}'), /policy\.json, line 3: not valid JSON/],
    [
      'has an unknown key',
      () => write([{ ...noGit, comand: 'x' }]),
      /line \d+, rule no-git: unknown key "rules\[0\]\.comand" \(did you mean "command"\?\)/,
    ],
    ['lacks the version', () => writeFileSync(file(), '{"rules": []}'), /"version" must be 1/],
    [
      'has a rule that misses its example',
      () => write([{ ...noGit, match: ['hg pull'] }]),
      /does not match its example "hg pull"/,
    ],
    [
      'has a rule that matches too much',
      () => write([{ ...noGit, notMatch: ['git log'] }]),
      /matches "git log", which it must not/,
    ],
    [
      'has a bad pattern',
      () => write([{ ...restart, operands: ['('] }]),
      /the pattern "\(" cannot be used: a "\(" is not closed/,
    ],
    ['has an id twice', () => write([noGit, noGit]), /the id is used twice \(first on line 4\)/],
    [
      'wants to allow a change of a file',
      () => write([{ ...restart, command: 'rm', operands: ['.*'], match: ['rm /srv/a'] }]),
      /can allow "rm \/srv\/a" \(floor\.write/,
    ],
    [
      'can be written by others',
      () => (write([noGit]), chmodSync(file(), 0o666)),
      /can be written by others; run `chmod go-w/,
    ],
    ['is a folder', () => mkdirSync(file()), /is not a regular file/],
  ])('that %s stops everything and is named, until it is mended', async (_, spoil, message) => {
    expect(await outcome('uptime')).toBe('auto-allow');
    spoil();
    await expect(outcome('uptime')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
    await expect(outcome('uptime', workspace())).rejects.toThrow(message);
    expect(notices).toMatchObject([{ level: 'error', text: expect.stringMatching(message) }]);
    rmSync(file(), { recursive: true });
    write([noGit]);
    expect(await outcome('uptime')).toBe('auto-allow');
    expect(notices.at(-1)).toEqual({ level: 'info', text: 'policy reloaded: 1 rule' });
  });

  it('leaves out a rule whose time is over, and says it once', async () => {
    const day = new Date(clock.nowMs()).toISOString().slice(0, 10);
    write([{ ...restart, expires: day }]);
    expect(await outcome('systemctl restart nginx')).toBe('auto-allow');
    const hash = (await source.current(null)).hash;
    clock.advance(86_400_000);
    expect(await outcome('systemctl restart nginx')).toBe('approval-required');
    expect((await source.current(null)).hash).not.toBe(hash);
    expect(notices).toMatchObject([{ level: 'warn', text: expect.stringContaining('restart') }]);
  });
});

describe('a workspace file', () => {
  it('counts for nothing before it is trusted', async () => {
    write([noGit], workspaceFile());
    expect(await outcome('git pull', workspace())).toBe('approval-required');
    expect(notices).toMatchObject([{ level: 'warn', text: expect.stringContaining('is not trusted') }]);
  });

  it('narrows its own workspace once it is trusted', async () => {
    write([noGit], workspaceFile());
    await trust(workspaceFile());
    expect(await outcome('git pull', workspace())).toBe('reject');
    expect(await outcome('git pull')).toBe('approval-required');
  });

  it('stops its workspace when it changes after it was trusted', async () => {
    write([noGit], workspaceFile());
    await trust(workspaceFile());
    await outcome('uptime', workspace());
    write([], workspaceFile());
    await expect(outcome('uptime', workspace())).rejects.toThrow(/changed since it was trusted/);
    expect(await outcome('uptime')).toBe('auto-allow');
  });

  it('may not allow anything', async () => {
    write([restart], workspaceFile());
    await trust(workspaceFile());
    await expect(outcome('uptime', workspace())).rejects.toThrow(/a workspace file may only narrow/);
  });

  it('never weakens the global one', async () => {
    write([noGit]);
    write([{ ...noGit, decision: 'approval-required' }], workspaceFile());
    await trust(workspaceFile());
    expect(await outcome('git pull', workspace())).toBe('reject');
  });
});

describe('adding a rule', () => {
  const text = `{ "rules": [ {"id":"a", "decision" : "reject",
     "because": "x", "command": "git", "match": ["git  pull"]}], "sensitivePaths": ["/srv/x"],
  "version": 1 }\n`;

  it('keeps everything else as it stands', async () => {
    writeFileSync(file(), text, { mode: 0o640 });
    await source.add(restart);
    const after = readFileSync(file(), 'utf8');
    expect(after.startsWith(text.slice(0, text.indexOf('}]') + 1))).toBe(true);
    expect(after.endsWith(text.slice(text.indexOf('], "sens')))).toBe(true);
    expect(statSync(file()).mode & 0o777).toBe(0o640);
    expect(await outcome('systemctl restart nginx')).toBe('auto-allow');
  });

  it.each([undefined, '{"version": 1, "rules": []}', '{"version": 1, "rules": [ ], "sensitivePaths": []}'])(
    'begins a list: %s',
    async (before) => {
      if (before !== undefined) writeFileSync(file(), before);
      await source.add(restart);
      expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ version: 1, rules: [restart] });
    },
  );

  it.each<[string, string, Rule]>([
    ['a bad file', '{"version": 2, "rules": []}', restart],
    ['an id that is taken', JSON.stringify({ version: 1, rules: [restart] }), restart],
    ['a rule with a failing example', '{"version": 1, "rules": []}', { ...restart, match: ['uptime'] }],
    [
      'a rule that changes files',
      '{"version": 1, "rules": []}',
      { ...restart, command: 'rm', match: ['rm restart nginx'] },
    ],
  ])('is refused for %s, and leaves the file alone', async (_, before, rule) => {
    writeFileSync(file(), before);
    await expect(source.add(rule)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('notices a file that was swapped by rename', async () => {
    write([noGit]);
    expect(await outcome('git pull')).toBe('reject');
    write([restart], join(home, 'other.json'));
    renameSync(join(home, 'other.json'), file());
    expect(await outcome('git pull')).toBe('approval-required');
  });
});
