/** `signalbox agent …` over a real folder of agents and a real fixture agent, without a host. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../../src/cli/commands/agent.ts';
import { bindIo, type CliIo } from '../../../src/cli/output.ts';
import { fixtureAgent } from '../../fixtures/agent-world.ts';

let home = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-agent-cli-')));
  mkdirSync(join(home, 'config'));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function signalbox(words: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: '', stderr: '' };
  const collect = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({ write: (chunk: Buffer, _encoding, done) => done(void (out[name] += chunk.toString())) });
  const io: CliIo = {
    stdin: new PassThrough(),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    env: { SIGNALBOX_HOME: home, HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` },
    cwd: home,
    exitCode: 0,
  };
  const program = new Command('signalbox').exitOverride();
  bindIo(program, io);
  register(program);
  await program.parseAsync(words.split(' '), { from: 'user' });
  return { code: io.exitCode, ...out };
}

function agents(entries: object): void {
  writeFileSync(join(home, 'config/agents.json'), JSON.stringify({ agents: entries }));
}

describe('agent list', () => {
  it('names every agent with its state and what to do', async () => {
    writeFileSync(join(home, 'bin/opencode'), '#!/bin/sh\n');
    chmodSync(join(home, 'bin/opencode'), 0o755);
    agents({ goose: { enabled: false } });
    const { stdout } = await signalbox('agent list');
    const line = (id: string): string => stdout.split('\n').find((one) => one.startsWith(id)) ?? '';
    expect(line('opencode')).toMatch(/ready +Found at .*bin\/opencode/);
    expect(line('goose')).toContain('disabled');
    expect(line('gemini')).toMatch(/not installed .*npm install/);
    expect(line('copilot')).toMatch(/not installed .*npm install/);
  });

  it('as JSON holds the warnings; as a table they go to stderr', async () => {
    writeFileSync(join(home, 'config/agents.json'), '{');
    const json = JSON.parse((await signalbox('agent list --json')).stdout);
    expect(json.warnings).toEqual([expect.stringContaining('using the built-in agents')]);
    expect(json.agents).toContainEqual(expect.objectContaining({ id: 'opencode', availability: 'not installed' }));
    const { stderr } = await signalbox('agent list');
    expect(stderr).toContain('warning: ');
  });
});

describe('agent show', () => {
  it('says in words how an agent is contained', async () => {
    const { stdout } = await signalbox('agent show opencode');
    expect(stdout).toMatch(/own tools +switched off by its profile/);
    expect(stdout).toMatch(/client methods +none/);
    agents({ mine: { command: ['mine'], fs: true } });
    const custom = await signalbox('agent show mine');
    expect(custom.stdout).toMatch(/own tools +NOT switched off/);
    expect(custom.stdout).toMatch(/client methods +read files, write files/);
  });

  it('of an unknown agent fails with the known ones', async () => {
    await expect(signalbox('agent show nobody')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('opencode, claude'),
    });
  });
});

describe('agent probe', () => {
  it('starts the agent and tells its version', async () => {
    agents({ mine: { command: [process.execPath, fixtureAgent] } });
    const { code, stdout } = await signalbox('agent probe mine --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'mine', availability: 'ready', version: '4.5.6' });
  });

  it('fails with the reason of an agent that dies, escaped for the terminal', async () => {
    agents({ mine: { command: [process.execPath, fixtureAgent, '--die'], label: 'Mine\u001b[31m' } });
    const { code, stdout } = await signalbox('agent probe mine');
    expect(code).toBe(6);
    expect(stdout).toContain('the license has expired');
    expect(stdout).not.toContain('\u001b');
  });
});
