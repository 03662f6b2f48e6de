/** `new`, `ls`, `rename`, `kill`, `attach`, `run` and `kill-host`: sessions without a screen. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { cliHost, typist } from '../cli-host.ts';
import { runInProcess } from '../run.ts';

describe('sessions', () => {
  it('are started, listed, renamed and killed', async () => {
    const { cli, agents } = await cliHost();
    const started = await cli(['new', '--server', 'web-1,db-1', '--prompt', 'look around']);
    const id = started.stdout.trim();
    expect(agents.started[0]?.options).toMatchObject({ session: id, servers: ['web-1', 'db-1'] });
    expect(await cli(['rename', id, 'my', 'name'])).toMatchObject({ code: 0 });
    expect((await cli(['ls'])).stdout).toMatch(new RegExp(`${id} .*scripted .*web-1,db-1 .*isolated .*my name`));
    expect(JSON.parse((await cli(['ls', '--json'])).stdout)).toMatchObject([{ id, title: 'my name' }]);
    expect(await cli(['kill', id])).toMatchObject({ code: 0 });
    expect((await cli(['ls'])).stdout).toBe('No sessions.\n');
    expect(agents.started[0]?.isDisposed).toBe(true);
  });

  it('take an agent that is not in the catalogue', async () => {
    const { cli, agents } = await cliHost();
    await cli(['new', '--server', 'web-1', '--readonly', '--', 'my-agent', '--acp']);
    expect(agents.started[0]?.options).toMatchObject({ agent: { command: ['my-agent', '--acp'] }, readonly: true });
    expect((await cli(['ls'])).stdout).toContain('web-1 (read only)');
  });

  it.each([
    [['new'], 2, '--server'],
    [['new', '--server', 'nope'], 2, 'no server "nope"'],
    [['new', '--agent', 'nope', '--server', 'web-1'], 2, 'no agent nope'],
    [['new', '--agent', 'scripted', '--server', 'web-1', '--', 'x'], 2, 'not both'],
    [['kill', 'zzzz'], 2, 'no session zzzz'],
    [['kill'], 2, 'missing required argument'],
    [['rename', 'zzzz', 'x'], 2, 'no session zzzz'],
    [['attach', 'zzzz'], 2, 'no session zzzz'],
    [['attach'], 2, 'There is no session'],
  ])('%j ends with %i and a sentence', async (argv, code, words) => {
    const { cli } = await cliHost();
    const run = await cli(argv);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
  });
});

describe('new and run without a host', () => {
  let home = '';
  const env = () => ({ SIGNALBOX_HOME: home, HOME: home, PATH: '/nowhere' });
  const cli = (argv: readonly string[]) => runInProcess(argv, { env: env(), cwd: '/' });
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'signalbox-nohost-'));
    const add = [
      'server',
      'add',
      'web-1',
      '--host',
      '127.0.0.1',
      '--user',
      'me',
      '--agent',
      '--environment',
      'staging',
    ];
    expect((await cli(add)).code).toBe(0);
    writeFileSync(toPaths(env()).agentsFile, '{"agents": {"goose": {"enabled": false}}}', { mode: 0o600 });
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each([
    [['new', '--agent', 'nope', '--server', 'nope', '--', 'x'], 'not both'],
    [['new', '--agent', 'nope', '--server', 'nope'], 'No server "nope"'],
    [['new', '--agent', 'nope', '--server', 'web-1,nope'], 'No server "nope"'],
    [['new', '--agent', 'nope', '--server', 'web-1'], 'no agent "nope"'],
    [['new', '--agent', 'goose', '--server', 'web-1'], 'disabled in agents.json'],
    [['new', '--agent', 'opencode', '--server', 'web-1'], '"opencode" was not found'],
    [['new', '--server', 'web-1', '--', '/no/such/x'], '"/no/such/x" was not found'],
    [['new', '--server', 'web-1', '--bogus'], "unknown option '--bogus'"],
    [['run', '--agent', 'nope', '--server', 'web-1', 'hi'], 'no agent "nope"'],
  ])('%j names the first obstacle and starts none', async (argv, words) => {
    const run = await cli(argv);
    expect([run.code, run.stdout, run.stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(run.stderr).toContain(words);
    expect(existsSync(toPaths(env()).hostLock)).toBe(false);
    expect(existsSync(toPaths(env()).sessionsFolder)).toBe(false);
  });
});

describe('run', () => {
  it('prints what the agent says, and ends its session', async () => {
    const { cli, agents, host } = await cliHost();
    const run = await cli(['run', '--server', 'web-1', 'hello']);
    expect(run).toMatchObject({ code: 0, stdout: 'You said: hello\n' });
    expect(agents.started[0]?.isDisposed).toBe(true);
    expect(host.view.sessions).toEqual({});
  });

  it('prints one event a line with --json', async () => {
    const { cli } = await cliHost();
    const run = await cli(['run', '--json', '--keep', '--server', 'web-1', 'hello']);
    const events = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toContain('item.appended');
    expect(events).toContainEqual(
      expect.objectContaining({
        change: { lastTurn: { number: 1, stop: 'end_turn', problem: null } },
      }),
    );
  });

  it('asks at the terminal what a login of its agent needs', async () => {
    const { cli, agents, parts } = await cliHost();
    const answered: unknown[] = [];
    agents.onStart = (agent) => {
      agent.onPrompt = async () => {
        const prompts = [{ label: 'Code:', echo: 'shown' }] as const;
        answered.push(await parts.logins.ask({ key: 'k', server: 'web-1', what: 'a code', note: null, prompts }));
        return 'end_turn';
      };
    };
    const run = await cli(['run', '--server', 'web-1', 'hello'], typist(['123456']));
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('The login to web-1 needs a code.') });
    expect(answered).toEqual([['123456']]);
  });

  it.each([
    ['end_turn', 0],
    ['refusal', 9],
    ['max_tokens', 10],
    ['max_turn_requests', 10],
    ['cancelled', 130],
  ] as const)('ends with the status of a turn that stopped with %s', async (stop, code) => {
    const { cli, agents } = await cliHost();
    agents.onStart = (agent) => {
      agent.onPrompt = async () => stop;
    };
    expect(await cli(['run', '--server', 'web-1', 'hello'])).toMatchObject({ code });
  });

  it('says in words what becomes of each tool call, and why one failed', async () => {
    const { cli, agents } = await cliHost();
    agents.onStart = (agent) => {
      agent.onPrompt = async () => {
        const tool = (
          id: string,
          title: string,
          status: 'in_progress' | 'completed' | 'failed',
          detail: string,
        ): void => agent.updates.fire({ kind: 'tool-call', id, title, status, detail });
        tool('a', 'uptime', 'in_progress', '{"command":"uptime"}');
        tool('a', 'uptime', 'completed', 'up 3 days');
        tool('b', 'rm', 'failed', '\nThe operator denied this.\nmore');
        tool('c', 'ls', 'failed', '{"command":"ls"}');
        return 'end_turn';
      };
    };
    const { stderr } = await cli(['run', '--server', 'web-1', 'hello']);
    expect(stderr).toContain('Runs: uptime\nDone: uptime\nFailed: rm: The operator denied this.\nFailed: ls\n');
  });

  it('says why when the agent dies', async () => {
    const { cli, agents } = await cliHost();
    agents.onStart = (agent) => {
      agent.onPrompt = async () => {
        agent.exits.fire({ reason: 'exit status 1', expected: false });
        return agent.untilEnded();
      };
    };
    const run = await cli(['run', '--server', 'web-1', 'hello']);
    expect(run.code).toBe(10);
    // Once: in the conversation, which is printed.
    expect(run.stderr.match(/exit status 1/g)).toHaveLength(1);
    const asJson = await cli(['run', '--json', '--server', 'web-1', 'hello']);
    expect(asJson.stderr).toBe('signalbox: exit status 1\n');
  });
});

describe('kill-host', () => {
  it.each([
    ['says yes', { answers: ['y'] }, ['kill-host'], 0, 'The host has stopped.\n'],
    ['says no', { answers: ['n'] }, ['kill-host'], 130, ''],
    ['is not there', {}, ['kill-host'], 2, ''],
    ['said so before', {}, ['kill-host', '--yes'], 0, 'The host has stopped.\n'],
  ])('says which sessions would end, and stops when somebody %s', async (_who, how, argv, code, stdout) => {
    const { cli } = await cliHost();
    const id = (await cli(['new', '--server', 'web-1'])).stdout.trim();
    const run = await cli(argv, how);
    expect([run.code, run.stdout]).toEqual([code, stdout]);
    // What does not happen is not announced.
    expect(run.stderr).toContain(
      code === 2
        ? `signalbox: The host runs on: stopping it ends the agents of 1 session (${id}), and`
        : `Stopping the host ends the agents of 1 session (${id}).`,
    );
    expect(run.stderr.includes('Stopping')).toBe(code !== 2);
    if (code !== 0) expect((await cli(['ls'])).stdout).toContain(id);
  });

  it('says which operations it would cut off, of sessions or not', async () => {
    const { cli, screen, world } = await cliHost();
    const { until } = await screen();
    const held = promiseWithResolvers<{ readonly exitCode: number }>();
    world.servers.run = () => held.promise;
    const command = cli(['exec', 'web-1', '--', 'ok']);
    await until((view) => view.panes['web-1']?.blocks.find(({ state }) => state === 'running'));
    expect(await cli(['kill-host'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stopping it cuts off 1 operation that runs (web-1), and'),
    });
    held.resolve({ exitCode: 0 });
    expect(await command).toMatchObject({ code: 0 });
  });

  it('stops the host and says so', async () => {
    const { cli, host } = await cliHost();
    expect(await cli(['kill-host'])).toMatchObject({ code: 0, stdout: 'The host has stopped.\n' });
    await host.stopped;
    expect(await cli(['kill-host'])).toMatchObject({ code: 0, stdout: 'No host runs.\n' });
    expect(await cli(['approvals', 'list'])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('No host runs'),
    });
  });
});
