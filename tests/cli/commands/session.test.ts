/** `session …`: earlier sessions are listed, searched and exported without a host, and agents are changed and started. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/core/caller.ts';
import { cliHost } from '../cli-host.ts';
import { runInProcess } from '../run.ts';

/** One session that ended after a prompt with a tool call, one that runs. */
async function withSessions() {
  const opened = await cliHost();
  const { cli, agents, screen, parts, home, world } = opened;
  agents.onStart = (agent) => {
    agent.onPrompt = async (text) => {
      const caller = callerOf(agent.options.session);
      agent.updates.fire({
        kind: 'tool-call',
        id: 'c',
        title: 'remote_exec `uptime`',
        status: 'completed',
        detail: '',
      });
      await parts.gate.perform({
        ...{ operation: 'remote_exec', input: { server: 'web-1', command: 'ok uptime' }, caller },
        signal: new AbortController().signal,
      });
      agent.updates.fire({ kind: 'message', text: `# Heard\nYou said: ${text}` });
      return 'end_turn';
    };
  };
  const { until, connection } = await screen();
  const begin = async (prompt: string): Promise<string> => {
    const id = (await cli(['new', '--server', 'web-1', '--prompt', prompt])).stdout.trim();
    await until((view) => view.sessions[id]?.lastTurn);
    return id;
  };
  const ended = await begin('Why is the upload limit so low?\nSecond line');
  await cli(['kill', ended]);
  const running = await begin('look at nginx');
  const offline = (argv: readonly string[]) => runInProcess(argv, { env: { SIGNALBOX_HOME: home }, cwd: home });
  return { ...opened, until, connection, ended, running, offline, world };
}

function callerOf(session: string): Caller {
  const servers = ['web-1'];
  return {
    ...{ origin: 'agent', door: 'mcp', session, agent: 'scripted', servers, workspace: null, readonly: false },
  } as const;
}

describe('session list', () => {
  it('shows what runs, and with --all what ended, newest first', async () => {
    const { cli, ended, running, host, offline } = await withSessions();
    expect((await cli(['session', 'list'])).stdout).toMatch(
      new RegExp(`^ID +STATE +AGENTS .*\n${running} +idle +scripted +web-1 +[-\\d]{10} .* look at nginx\n$`),
    );
    const all = JSON.parse((await cli(['session', 'list', '--all', '--json'])).stdout);
    expect(all).toMatchObject([
      { id: running, state: 'idle', unread: 3, servers: ['web-1'] },
      {
        id: ended,
        state: 'ended',
        title: 'Why is the upload limit so low? Second',
        agents: ['scripted'],
        unread: null,
      },
    ]);
    await host.stop('test');
    const later = JSON.parse((await offline(['session', 'list', '--json'])).stdout);
    expect(later).toMatchObject([{ id: running, state: 'resting', title: 'look at nginx' }]);
    expect((await offline(['ls'])).stdout).toMatch(new RegExp(`\\n${running} +resting +scripted .*look at nginx\\n$`));
    expect(JSON.parse((await offline(['ls', '--json'])).stdout)).toMatchObject([{ id: running, state: 'resting' }]);
  });

  it('says when there are only ended ones, and when there are none', async () => {
    const { cli } = await cliHost();
    expect((await cli(['session', 'list'])).stdout).toBe('No sessions.\n');
    const id = (await cli(['new', '--server', 'web-1'])).stdout.trim();
    await cli(['kill', id]);
    expect((await cli(['session', 'list'])).stdout).toContain('--all shows those that ended');
  });
});

describe('session export', () => {
  it('writes an ended session as Markdown: facts, prompts, answers, tool calls, and what was done with its audit id', async () => {
    const { cli, ended } = await withSessions();
    const { stdout, code } = await cli(['session', 'export', ended]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# Why is the upload limit so low\? Second\n\n- session: `\w{4}`, ended\n- agents: `scripted`\n/,
    );
    expect(stdout).toMatch(/- time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to .* \(UTC\)\n/);
    expect(stdout).toMatch(/\n## Operator, [-\d: ]+\n\n> Why is the upload limit so low\?\n> Second line\n/);
    expect(stdout).toMatch(
      /\n- ended tool `` remote_exec `uptime` ``\n- done: `remote_exec` on `web-1`: `ok uptime` \(ok, exit 0\), audit `[\w-]+`\n\n### scripted\n\n# Heard\nYou said: Why/,
    );
  });

  it('writes JSON, into a new file of the operator alone', async () => {
    const { cli, running, home } = await withSessions();
    const file = join(home, 'out.json');
    const run = await cli(['session', 'export', running, '--format', 'json', '--output', file]);
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(file) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const exported = JSON.parse(readFileSync(file, 'utf8'));
    expect(exported).toMatchObject({ id: running, isEnded: false, servers: ['web-1'] });
    expect(exported.entries.map((entry: { kind: string }) => entry.kind)).toContain('operation');
    const again = await cli(['session', 'export', running, '--output', file]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });
    const nowhere = await cli(['session', 'export', running, '--output', join(home, 'none', 'out.md')]);
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`There is no folder ${join(home, 'none')};`),
    });
  });

  it('holds nothing that acts on a terminal', async () => {
    const { cli, parts, ended } = await withSessions();
    const hostile = { id: 99, kind: 'agent', text: 'red \u001b[31m text', atMs: 0 };
    const path = join(parts.paths.sessionsFolder, `${ended}.jsonl`);
    writeFileSync(path, `${JSON.stringify({ type: 'item', item: hostile })}\n{"type":"item","item`, { flag: 'a' });
    for (const format of ['md', 'json']) {
      const { stdout } = await cli(['session', 'export', ended, '--format', format]);
      expect(stdout).toMatch(/red .*31m text/);
      expect(stdout).not.toContain('\u001b');
    }
  });
});

describe('session search', () => {
  it('finds messages with all words, newest first, with the line that matches', async () => {
    const { cli, ended, running, home } = await withSessions();
    expect((await cli(['session', 'search', 'said:'])).stdout).toMatch(
      new RegExp(
        `^${running}  [-\\d]{10} .* look at nginx\n    agent: You said: look at nginx\n${ended}  .*\n    agent: You said: Why is`,
      ),
    );
    const found = JSON.parse((await cli(['session', 'search', 'LIMIT', 'line', '--json'])).stdout);
    expect(found).toMatchObject([
      { session: ended, kind: 'agent', line: 'You said: Why is the upload limit so low?' },
      { session: ended, kind: 'user', line: 'Why is the upload limit so low?' },
    ]);
    const bounded = await cli(['session', 'search', 'said', '--limit', '1']);
    expect(bounded.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(bounded.stderr).toContain('1 older sessions were not searched');
    expect((await cli(['session', 'search', 'nowhere'])).stdout).toBe('Nothing was found.\n');
    expect((await runInProcess(['session', 'search', 'said'], { env: { SIGNALBOX_HOME: home }, cwd: '/' })).code).toBe(
      0,
    );
  });
});

describe('session agent and start', () => {
  it('let another agent answer, start one that rests, and rename', async () => {
    const { cli, running, agents, until } = await withSessions();
    const command = ['session', 'agent', running, '--command', 'other --acp'];
    expect(await cli(command)).toMatchObject({ code: 0, stdout: `other answers in session ${running}.\n` });
    expect(agents.started.at(-1)?.options.agent).toEqual({ command: ['other', '--acp'] });
    expect(await cli(['session', 'agent', running, 'scripted'])).toMatchObject({ code: 0 });
    // A command has a name once it was here.
    expect(await cli(['session', 'agent', running, 'other'])).toMatchObject({ code: 0 });
    const unknown = await cli(['session', 'agent', running, 'another']);
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('this session has other; the catalogue'),
    });
    expect(await cli(['session', 'agent', running, 'scripted'])).toMatchObject({ code: 0 });
    expect(await cli(['session', 'start', running])).toMatchObject({ code: 0 });
    const confirm = ['session', 'confirm', running, 'web-1'];
    expect(await cli(confirm)).toMatchObject({ code: 2, stderr: expect.stringContaining('needs no confirmation') });
    expect(await cli(['session', 'rename', running, 'my', 'words'])).toMatchObject({ code: 0 });
    await until((view) => view.sessions[running]?.title === 'my words');
    const { stdout } = await cli(['session', 'export', running]);
    expect(stdout).toMatch(/^# my words\n/);
  });

  it.each([
    [['session'], 2, ''],
    [['session', 'export', 'zzzz'], 2, 'no session zzzz'],
    [['session', 'export', '../x'], 2, 'no session ../x'],
    [['session', 'export', 'zzzz', '--format', 'xml'], 2, 'xml'],
    [['session', 'search'], 2, 'missing required argument'],
    [['session', 'search', ' '], 2, 'at least one word'],
    [['session', 'search', 'x', '--limit', '-1'], 2, 'limit'],
    [['session', 'agent', 'zzzz'], 2, 'Give either'],
    [['session', 'agent', 'zzzz', 'a', '--command', 'b'], 2, 'Give either'],
    [['session', 'agent', 'zzzz', 'scripted'], 2, 'no session zzzz'],
    [['session', 'start', 'zzzz'], 2, 'no session zzzz'],
    [['session', 'rename', 'zzzz', 'x'], 2, 'no session zzzz'],
    [['session', 'confirm', 'zzzz', 'web-1'], 2, 'no session zzzz'],
    [['session', 'confirm', 'zzzz'], 2, 'missing required argument'],
    [['session', 'resend', 'zzzz'], 2, 'no session zzzz'],
  ])('%j ends with %i and a sentence', async (argv, code, words) => {
    const { cli } = await cliHost();
    const run = await cli(argv);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
  });
});
