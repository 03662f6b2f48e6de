/** `signalbox agent add`, `remove`, `enable`, `disable`: what they write into agents.json, what they leave there, and what they refuse. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureAgent } from '../../fixtures/agent-world.ts';
import { runInProcess } from '../run.ts';

let home = '';
let file = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-agent-edits-')));
  file = join(home, 'config/agents.json');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function signalbox(...words: readonly string[]) {
  return runInProcess(['agent', ...words], {
    env: { SIGNALBOX_HOME: home, HOME: home, PATH: process.env.PATH },
    cwd: home,
  });
}

function write(text: string): void {
  mkdirSync(join(home, 'config'), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

const read = () => JSON.parse(readFileSync(file, 'utf8'));

describe('agent add', () => {
  it('attaches an agent that is not in the catalogue with one command, and it answers', async () => {
    const added = await signalbox('add', 'mine', '--', process.execPath, fixtureAgent);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('Next: `signalbox agent probe mine`') });
    const probed = await signalbox('probe', 'mine', '--json');
    expect(JSON.parse(probed.stdout)).toMatchObject({ availability: 'ready', version: '4.5.6' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes what the options say, and paths that an agent in another folder finds', async () => {
    writeFileSync(join(home, 'agent.mjs'), '');
    const options = [
      '--label',
      'My agent',
      '--env',
      'A=b,c=d',
      '--env',
      'B=',
      '--pass-env',
      'K1,K2',
      '--fs',
      '--terminal',
    ];
    const more = ['--http', '--network', 'none', '--require-isolation', '--json'];
    const run = await signalbox('add', 'mine', ...options, ...more, '--', 'node', './agent.mjs', './absent', '--flag');
    expect(run.code, run.stderr).toBe(0);
    expect(read().agents.mine).toEqual({
      extends: 'acp',
      label: 'My agent',
      command: ['node', join(home, 'agent.mjs'), './absent', '--flag'],
      env: { A: 'b,c=d', B: '' },
      passEnv: ['K1', 'K2'],
      ...{ fs: true, terminal: true, mcp: 'http', network: 'none', requireIsolation: true },
    });
  });

  it('takes the recipe of an agent of the catalogue for another version of it, and says when variables count', async () => {
    writeFileSync(join(home, 'agent.mjs'), '');
    const run = await signalbox('add', 'mine', '--like', 'claude', '--pass-env', 'K1', '--', 'node', './agent.mjs');
    expect(read().agents.mine).toMatchObject({ extends: 'claude', passEnv: ['K1'] });
    expect(run.stderr).toContain('as they were when the host was started');
    const shown = JSON.parse((await signalbox('show', 'mine', '--json')).stdout);
    expect(shown).toMatchObject({ localToolsOff: true, tried: false, passEnv: ['K1'] });
  });

  it('warns of a program that is not there, and keeps the entry', async () => {
    const run = await signalbox('add', 'mine', '--', 'no-such-agent', '--acp');
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('no-such-agent was not found') });
    expect(read().agents.mine.command).toEqual(['no-such-agent', '--acp']);
  });

  const refused = [
    ['a built-in name', ['opencode', '--', 'x'], /"opencode" already; choose another name/],
    ['a name with a capital', ['Mine', '--', 'x'], /an id is made of/],
    ['a name that is a path', ['../mine', '--', 'x'], /an id is made of/],
    ['a name that objects have', ['__proto__', '--', 'x'], /an id is made of/],
    ['no command', ['mine'], /missing required argument/],
    ['a variable without a value', ['mine', '--env', 'A', '--', 'x'], /NAME=VALUE/],
    ['a variable with a wrong name', ['mine', '--env', '1A=b', '--', 'x'], /NAME=VALUE/],
    ['a wrong name to pass on', ['mine', '--pass-env', 'A-B', '--', 'x'], /passEnv/],
    ['a recipe of an agent that is not there', ['mine', '--like', 'nobody', '--', 'x'], /names no agent \("nobody"\)/],
    ['an unknown network', ['mine', '--network', 'lan', '--', 'x'], /"network" must be/],
    ['a label without end', ['mine', '--label', 'x'.repeat(61), '--', 'x'], /label/],
    ['an empty program', ['mine', '--', ''], /command/],
  ] as const;
  it.each(refused)('refuses %s, and writes nothing', async (_what, words, message) => {
    const run = await signalbox('add', ...words);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a name that is taken, and says how to free it', async () => {
    write('{"agents": {"mine": {"command": ["x"]}}}');
    expect((await signalbox('add', 'mine', '--', 'y')).stderr).toContain('signalbox agent remove mine');
  });
});

const careful = `{
    "agents":   { "goose": {"label":"G", "env": {"A" : "b"}},
        "mine": { "command": ["x"] } }
}
`;

describe('an edit of agents.json', () => {
  it.each([
    [['disable', 'goose'], careful.replace('"b"}}', '"b"},\n      "enabled": false}')],
    [['remove', 'mine'], careful.replace(/,\s+"mine": \{ "command": \["x"\] \}/, '')],
    [['remove', 'goose'], careful.replace(/ "goose": .*,\n/, '\n')],
  ] as const)('%j changes only that', async (words, expected) => {
    write(careful);
    expect(await signalbox(...words)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('switches off and on again', async () => {
    await signalbox('disable', 'goose');
    expect((await signalbox('list')).stdout).toMatch(/goose +goose +disabled/);
    await signalbox('disable', 'goose');
    await signalbox('enable', 'goose');
    expect(read()).toEqual({ agents: { goose: { enabled: true } } });
    expect((await signalbox('remove', 'goose')).stdout).toContain('as it was built in');
    expect(read()).toEqual({ agents: {} });
  });

  it.each([
    ['a file that is no JSON', '{"agents": {', ['disable', 'goose'], /agents.json, line 1: not valid JSON/],
    ['a list', '[]', ['disable', 'goose'], /the file is no object; it must be \{"agents"/],
    ['agents that are a list', '{"agents": []}', ['disable', 'goose'], /agents is no object/],
    ['an entry that is a number', '{"agents": {"goose": 7}}', ['disable', 'goose'], /agents.goose is no object/],
    [
      'a built-in agent without an entry',
      '{"agents": {}}',
      ['remove', 'codex'],
      /built in; `signalbox agent disable codex`/,
    ],
    ['an unknown agent', '{"agents": {}}', ['remove', 'nobody'], /signalbox agent list/],
    ['an unknown agent', '{"agents": {}}', ['enable', 'nobody'], /known are opencode/],
  ] as const)('refuses %s, and leaves the file', async (_what, text, words, message) => {
    write(text);
    const run = await signalbox(...words);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('refuses a file that others can write, and lists none of its agents', async () => {
    write('{"agents": {"mine": {"command": ["/bin/sh"]}}}');
    chmodSync(file, 0o666);
    expect((await signalbox('enable', 'goose')).stderr).toContain('chmod go-w');
    const listed = await signalbox('list');
    expect(listed.stdout).not.toContain('mine');
    expect(listed.stderr).toContain('can be written by others');
  });
});
