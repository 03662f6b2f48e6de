/** Sessions on real servers outlive what they run on: agents and hosts are killed at work, everything comes back, and the conversation says what happened. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import type { HostConnection } from '../../src/client/host-connection.ts';
import type { SessionView } from '../../src/protocol/view.ts';
import { fixtureAgent } from '../fixtures/agent-world.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import { script } from '../fixtures/fixture-agent.ts';
import {
  ensureProgram,
  isRunning,
  killAndWait,
  openProgramWorld,
  type ProgramWorld,
} from '../fixtures/program-world.ts';
import { type Screen, toScreen } from '../fixtures/running-host.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';

describe.runIf(canRun('sessions on real servers', sshdAvailable()))('sessions on two real servers', () => {
  let world: ProgramWorld;
  let sshds: readonly Sshd[];
  let screen: Screen;
  /** Sessions, by whether their agent remembers a conversation. */
  let keeps: string;
  let forgets: string;
  beforeAll(async () => {
    ensureProgram();
    sshds = await Promise.all([startSshd(), startSshd()]);
    world = openProgramWorld();
    const [web, database] = sshds as [Sshd, Sshd];
    world.register({
      'web-1': { sshd: web, environment: 'staging' },
      'db-1': { sshd: database, environment: 'staging' },
    });
    const fixture = [process.execPath, fixtureAgent];
    const agents = { keeps: { command: [...fixture, '--resume'] }, forgets: { command: fixture } };
    writeFileSync(world.paths.agentsFile, JSON.stringify({ agents }), { mode: 0o600 });
  });
  afterAll(async () => {
    await world?.dispose();
    await Promise.all((sshds ?? []).map((sshd) => sshd.stop()));
  });

  /** A client of the host that runs, or of one that is started for it, as the screen's is. */
  const attach = async (): Promise<Screen> => {
    const program = new URL('../../dist/main.cjs', import.meta.url).pathname;
    process.env.SIGNALBOX_HOME = world.home;
    const { connection } = await connect({
      ...{ paths: world.paths, cwd: world.home, client: 'screen', version: 'test' },
      ...{ start: 'if-needed', hostCommand: [process.execPath, program, 'host'] },
    });
    return await toScreen(connection);
  };
  const prompt = (id: string, ...steps: readonly object[]): ReturnType<HostConnection['call']> =>
    screen.connection.call('session.prompt', { session: id, text: script(...steps) });
  const turn = (id: string, number: number): Promise<SessionView> =>
    screen.until(({ sessions }) => (sessions[id]?.lastTurn?.number === number ? sessions[id] : null));
  const read = (server: string): object => ({
    tools: [{ name: 'remote_exec', arguments: { server, command: 'cat /proc/version' } }],
  });
  const agentPids = (): readonly number[] =>
    readdirSync(join(world.paths.runtime, 'agents')).map((name) => Number.parseInt(name, 10));

  it('come back after their agents were killed, and tell the truth about it', async () => {
    screen = await attach();
    const { connection } = screen;
    const begin = async (agent: string, servers: readonly string[]): Promise<string> =>
      (await connection.call('session.new', { agent: { id: agent }, servers, prompt: script(read('web-1')) })).id;
    keeps = await begin('keeps', ['web-1']);
    forgets = await begin('forgets', ['web-1', 'db-1']);
    for (const id of [keeps, forgets]) expect(toText(await turn(id, 1))).toContain('Linux version');

    // One of them at work with a prompt behind it.
    await prompt(keeps, { hang: null });
    await prompt(keeps, { say: 'after the hang' });
    await screen.until(({ sessions }) => sessions[keeps]?.queuedPrompts.length === 1);
    for (const pid of agentPids()) await killAndWait(pid);
    const again = await turn(keeps, 3);
    expect(toText(again)).toMatch(
      /The agent is gone: .*SIGKILL.*started again[^]*remembers this conversation[^]*after the hang/,
    );
    await screen.until(({ sessions }) => sessions[forgets]?.state === 'idle');
    await prompt(forgets, { heard: null }, read('db-1'));
    const told = toText(await turn(forgets, 2));
    expect(told).toMatch(/remembers nothing[^]*You join a conversation[^]*operator: .*cat \/proc\/version/);
  });

  it('come back after the host was killed while one worked and a prompt waited', async () => {
    await prompt(keeps, { hang: null });
    await prompt(keeps, { say: 'never sent' });
    await screen.until(({ sessions }) => sessions[keeps]?.queuedPrompts.length === 1);
    // What waits is kept within moments, not at once.
    await screen.connection.call('sessions.flush', {});
    const orphans = agentPids();
    expect(orphans).toHaveLength(2);
    await killAndWait(world.hostPid());
    expect((await world.signalbox('ls')).stdout).toMatch(/resting[^]*resting/);
    expect((await world.signalbox('session', 'list')).stdout).toMatch(/resting[^]*resting/);
    screen = await attach();
    const left = screen.mirror.view.sessions;
    expect([left[keeps]?.state, left[forgets]?.state]).toEqual(['resting', 'resting']);
    expect(toText(left[keeps])).toMatch(/ended before this turn did[^]*Not sent before the host ended: .*never sent/);
    expect(toText(left[forgets])).not.toContain('ended before this turn');
    expect(orphans.filter(isRunning)).toEqual([]);
    await prompt(keeps, { heard: null });
    expect(toText(await turn(keeps, 4))).toContain('[signalbox] The host of signalbox ended before this turn did.');
    await prompt(forgets, { heard: null });
    expect(toText(await turn(forgets, 3))).toContain('You join a conversation');
  });

  it('come back after everything was stopped in order, as before a reboot', async () => {
    expect(await world.signalbox('kill-host', '--yes')).toMatchObject({ code: 0 });
    expect((await world.signalbox('session', 'start', keeps)).stdout).toContain('runs');
    screen = await attach();
    await prompt(keeps, { say: 'still here' }, read('web-1'));
    expect(toText(await turn(keeps, 5))).toContain('remembers this conversation');

    const exported = (await world.signalbox('session', 'export', keeps)).stdout;
    expect(exported).toMatch(/- done: `remote_exec` on `web-1`: `cat \/proc\/version` \(ok, exit 0\), audit `[\w-]+`/);
    expect((await world.signalbox('session', 'search', 'never', 'sent')).stdout).toContain(keeps);
    await world.signalbox('kill', keeps);
    expect((await world.signalbox('session', 'list', '--all')).stdout).toMatch(new RegExp(`${keeps} +ended`));
    expect((await world.signalbox('audit', 'verify')).code).toBe(0);
  });
});

function toText(session: SessionView | undefined): string {
  return (session?.items ?? []).map((item) => (item.kind === 'tool' ? item.title : item.text)).join('\n');
}
