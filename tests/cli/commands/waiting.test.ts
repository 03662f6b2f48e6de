/** `waiting`: the one list of what waits, with the command that answers each entry. */
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { OperationError } from '../../../src/core/codes.ts';
import { cliHost } from '../cli-host.ts';
import { runInProcess } from '../run.ts';

describe('waiting', () => {
  it('lists what waits over all sessions, escaped, and what answers it', async () => {
    const { cli, agents, screen } = await cliHost();
    const { until, connection } = await screen();
    expect((await cli(['waiting'])).stdout).toBe('Nothing waits for you.\n');
    const asking = (await cli(['new', '--server', 'web-1', '--title', 'asking'])).stdout.trim();
    agents.started[0]?.local.fire({
      ...{ id: 'q1', toolCallId: 't', title: 'Bash \u001b[31m', detail: 'ls', unexpected: true },
    });
    const held = promiseWithResolvers<void>();
    agents.beforeStart = async () => held.promise;
    const gone = cli(['new', '--server', 'web-1', '--title', 'gone']);
    const starting = await until(({ sessions }) => Object.values(sessions).find(({ title }) => title === 'gone'));
    // Words of somebody else keep a session whose agent did not start.
    await connection.call('session.prompt', { session: starting.id, text: 'hello' });
    held.reject(new OperationError('CONNECTION_LOST', 'it ended:\nno memory'));
    expect((await gone).code).toBe(10);
    await until((view) => Object.values(view.sessions).some(({ state }) => state === 'failed'));
    const lines = (await cli(['waiting'])).stdout.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^WAITS +WHAT +SESSION +SERVER +WHO +NEXT +TEXT$/),
      expect.stringMatching(new RegExp(`local +${asking} asking +- +scripted +signalbox attach ${asking} +Bash .*31m`)),
      expect.stringMatching(
        /failed +(\w+) gone +- +scripted +signalbox session start \1, or signalbox kill \1 +it ended: \/ no memory/,
      ),
    ]);
    expect(lines.join()).not.toContain('\u001b');
    expect(JSON.parse((await cli(['waiting', '--json'])).stdout)).toMatchObject([
      { kind: 'local', id: 'q1', session: asking, next: `signalbox attach ${asking}` },
      { kind: 'failed', next: `signalbox session start ${starting.id}` },
    ]);
    expect((await cli(['approvals', 'list'])).stderr).toContain('2 more wait for you; `signalbox waiting`');
  });

  it('is empty where no host runs', async () => {
    const env = { SIGNALBOX_HOME: '/nonexistent/signalbox' };
    const run = await runInProcess(['waiting', '--json'], { env, cwd: '/' });
    expect(run).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});

describe('unread items', () => {
  it('are counted in ls until a screen has shown them', async () => {
    const { cli, screen } = await cliHost();
    const { until, connection } = await screen();
    const id = (await cli(['new', '--server', 'web-1', '--prompt', 'hello'])).stdout.trim();
    const session = await until((view) => view.sessions[id]?.lastTurn && view.sessions[id]);
    const [{ unread }] = JSON.parse((await cli(['ls', '--json'])).stdout);
    expect(unread).toBeGreaterThan(0);
    expect((await cli(['ls'])).stdout).toMatch(new RegExp(`${id} .* isolated +${unread} +hello`));
    await connection.call('session.seen', { session: id, item: session.items.at(-1)?.id ?? 0 });
    expect((await cli(['ls'])).stdout).toMatch(/ isolated +- +hello/);
  });
});
