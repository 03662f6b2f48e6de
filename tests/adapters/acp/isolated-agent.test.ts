/** An agent in the real sandbox: it works through its tools, and finds nothing of ours or of the operator. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { closeWorlds, fixture, open, script } from '../../fixtures/fixture-agent.ts';
import { envelope } from '../../fixtures/scripted-gate.ts';

afterEach(closeWorlds);

const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });
const state = await isolation.available();

describe.runIf(canRun('an isolated agent', state))('an isolated agent', () => {
  it('reaches the gate through its bridge', async () => {
    const data = { servers: [] };
    const { world, start } = await open(fixture(), (request) => envelope(request.operation, { data }), { isolation });
    const link = await start();
    const own = await isolation.ownNetwork();
    expect(link.verdict.state).toBe(own.ok ? 'isolated' : 'isolated, host network');
    const heard = listen(link);
    await link.prompt(script({ tools: [{ name: 'list_servers' }] }));
    expect(JSON.parse(heard.text()).answers[0].structuredContent.data).toEqual(data);
    expect(world.gate.requests).toHaveLength(1);
  });

  it('sees neither keys nor our files nor the control socket, and no door but its own', async () => {
    const { world, start } = await open(fixture(), undefined, { isolation });
    const { paths } = world;
    for (const file of [
      paths.serversFile,
      join(paths.auditFolder, 'log'),
      paths.controlSocket,
      join(paths.toolSocketsFolder, 's2.sock'),
    ]) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, 'x');
    }
    const link = await start();
    const heard = listen(link);
    const hidden = [
      paths.serversFile,
      paths.auditFolder,
      paths.controlSocket,
      join(paths.toolSocketsFolder, 's2.sock'),
      join(homedir(), '.ssh'),
      join(homedir(), '.profile'),
      '/etc/shadow',
    ];
    const seen = [join(paths.workFolder, 's1', 'AGENTS.md'), join(paths.toolSocketsFolder, 's1.sock')];
    await link.prompt(script(...[...hidden, ...seen].map((exists) => ({ exists }))));
    expect(heard.text()).toBe(`${'false'.repeat(hidden.length)}${'true'.repeat(seen.length)}`);
  });

  it('ends with everything it started', async () => {
    const { start } = await open(fixture(['--ignore-end']), undefined, { isolation });
    const link = await start();
    const heard = listen(link);
    // Its own numbers of processes say nothing out here: the child is found by its argument.
    const seconds = `600.${process.pid}`;
    await link.prompt(script({ child: seconds }));
    expect(Number(heard.text())).toBeLessThan(100);
    expect(countProcesses(seconds)).toBe(1);
    await link.dispose();
    await eventually(() => expect(countProcesses(seconds)).toBe(0));
  });
});

function countProcesses(argument: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false;
    }
  }).length;
}
