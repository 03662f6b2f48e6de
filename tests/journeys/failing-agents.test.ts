/** Agents that die, talk rubbish or too much, or ask for what is not there, run by the whole program: each ends as one status and one sentence. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureAgent } from '../fixtures/agent-world.ts';
import { script } from '../fixtures/fixture-agent.ts';
import { ensureProgram, openProgramWorld, type ProgramWorld } from '../fixtures/program-world.ts';

let world: ProgramWorld;
beforeAll(async () => {
  ensureProgram();
  world = openProgramWorld();
  mkdirSync(world.paths.config, { recursive: true, mode: 0o700 });
  const server = {
    id: 'web-1',
    host: '127.0.0.1',
    username: 'nobody',
    environment: 'staging',
    auth: { kind: 'agent' },
  };
  writeFileSync(world.paths.serversFile, JSON.stringify([server]), { mode: 0o600 });
  const agents = {
    fixture: { command: [process.execPath, fixtureAgent], fs: true, terminal: true },
    chatter: { command: [process.execPath, fixtureAgent, '--chatter'] },
    mute: { command: [process.execPath, '-e', 'process.exit(3)'] },
    absent: { command: ['/no/such/agent'] },
  };
  writeFileSync(world.paths.agentsFile, JSON.stringify({ agents }), { mode: 0o600 });
  expect((await world.signalbox('ls')).code).toBe(0);
});
afterAll(() => world?.dispose());

const megabytes = 1024 * 1024;
const noTerminal = { method: 'terminal/output', params: { terminalId: 'never-made' } };

describe('signalbox run with an agent that', () => {
  it.each<[string, string, string, number, { readonly stdout?: RegExp; readonly stderr?: RegExp }]>([
    ['finishes', 'fixture', script({ say: 'all fine' }), 0, { stdout: /^all fine\n$/ }],
    ['refuses', 'fixture', script({ stop: 'refusal' }), 9, {}],
    [
      'dies in its turn',
      'fixture',
      script({ stderr: 'out of memory\n' }, { exit: 7 }),
      10,
      { stderr: /status 7.*out of memory/ },
    ],
    ['is killed in its turn', 'fixture', script({ kill: 'SIGKILL' }), 10, { stderr: /signal SIGKILL/ }],
    [
      'talks rubbish between its messages',
      'chatter',
      script({ raw: 'oops' }, { raw: '[]' }, { say: 'still here' }),
      0,
      { stdout: /still here/ },
    ],
    [
      'sends a line of ten megabytes',
      'fixture',
      script({ flood: 10 * megabytes }, { say: 'end' }),
      0,
      { stdout: /left out \d+ more characters\]end/ },
    ],
    [
      'sends a line without an end',
      'fixture',
      script({ flood: 33 * megabytes }, { hang: null }),
      10,
      { stderr: /longer than/ },
    ],
    [
      'asks for a terminal that does not exist',
      'fixture',
      script({ ask: noTerminal }, { say: 'and goes on' }),
      0,
      { stdout: /and goes on/ },
    ],
    ['leaves before it says anything', 'mute', 'hello', 10, { stderr: /status 3/ }],
    ['is not installed', 'absent', 'hello', 2, { stderr: /no\/such\/agent/ }],
    ['nobody knows', 'nobody', 'hello', 2, { stderr: /nobody/ }],
  ])('%s', async (_what, agent, prompt, code, words) => {
    const hostPid = world.hostPid();
    const ended = await world.signalbox('run', '--agent', agent, '--server', 'web-1', prompt);
    expect(ended).toMatchObject({ code });
    if (words.stdout) expect(ended.stdout).toMatch(words.stdout);
    if (words.stderr) expect(ended.stderr).toMatch(words.stderr);
    // The host runs on, and no session is left.
    if (hostPid !== null) expect(world.hostPid()).toBe(hostPid);
    if (world.hostPid() !== null) expect((await world.view()).sessions).toEqual({});
  });
});
