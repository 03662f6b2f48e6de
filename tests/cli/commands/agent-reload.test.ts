/** Commands that change agents are seen by a host that runs, and so by its screens; without one, or with one that fails, they work as well. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAgents } from '../../../src/cli/open-agents.ts';
import { processIo } from '../../../src/cli/output.ts';
import type { Agents } from '../../../src/core/agents.ts';
import { OperationError } from '../../../src/core/codes.ts';
import type { View } from '../../../src/protocol/view.ts';
import { runHost } from '../../fixtures/running-host.ts';
import { runInProcess } from '../run.ts';

/** A host whose agents are the real list of its own home; `break` makes every further look at them fail. */
async function withHostOfAgents() {
  let home: string | null = null;
  let isBroken = false;
  const fail = async (): Promise<never> => {
    throw new OperationError('UNSUPPORTED', 'Not in this test.');
  };
  const env = () => ({ SIGNALBOX_HOME: home ?? '', HOME: home ?? '', PATH: toSearchPath(home ?? '') });
  const agents: Agents = {
    // The host looks for the first time before its home is known here.
    list: async () => (isBroken ? await fail() : home === null ? [] : await openAgents(ioAt(env())).agents.list()),
    probe: fail,
    start: fail,
  };
  const running = await runHost({ parts: { agents } });
  home = running.home;
  writeNpm(join(home, 'bin'));
  const cli = (...words: readonly string[]) =>
    runInProcess(['agent', ...words], { env: env(), cwd: running.home, answers: ['yes'] });
  const breakAgents = (): void => {
    isBroken = true;
  };
  return { ...running, cli, breakAgents };
}

const ioAt = (env: NodeJS.ProcessEnv) => ({ ...processIo, env });
const toSearchPath = (home: string) => `${join(home, 'bin')}:/usr/bin:/bin`;

/** It brings one program: opencode. */
function writeNpm(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const program = '"$3/node_modules/.bin/opencode"';
  const lines = [
    '#!/bin/sh',
    'mkdir -p "$3/node_modules/.bin"',
    `printf '#!/bin/sh\\n' > ${program}`,
    `chmod 700 ${program}`,
    '',
  ];
  writeFileSync(join(folder, 'npm'), lines.join('\n'));
  chmodSync(join(folder, 'npm'), 0o700);
}

const stateOf = (view: View, id: string) => view.agents.find((one) => one.id === id)?.availability ?? null;

describe('what a command changes of agents', () => {
  it('is on a screen that is open, for each command that changes some', async () => {
    const { cli, home, screen } = await withHostOfAgents();
    const { until } = await screen();
    const see = async (words: readonly string[], id: string, state: string | null) => {
      const run = await cli(...words);
      expect(run.code, run.stderr).toBe(0);
      await until((view) => stateOf(view, id) === state);
    };
    await see(['add', 'mine', '--', process.execPath, '--version'], 'mine', 'ready');
    await see(['disable', 'mine'], 'mine', 'disabled');
    await see(['enable', 'mine'], 'mine', 'ready');
    await see(['remove', 'mine'], 'mine', null);
    const distribution = { npx: { package: 'kimi-acp' } };
    const kimi = { id: 'kimi', name: 'The kimi', version: '1.0.0', description: 'An agent.', distribution };
    writeFileSync(join(home, 'registry.json'), JSON.stringify({ version: '1.0.0', agents: [kimi] }));
    const before = (await until((view) => view.agents.length > 0 && view)).agents.length;
    await cli('import', 'registry.json', '--yes');
    await until((view) => view.agents.length === before + 1 && stateOf(view, 'kimi') !== null);
    await cli('install', 'opencode', '--yes');
    await until((view) => stateOf(view, 'opencode') === 'ready');
  });

  it('is written and told all the same when the host cannot look', async () => {
    const { cli, breakAgents } = await withHostOfAgents();
    breakAgents();
    const run = await cli('add', 'mine', '--', process.execPath, '--version');
    expect(run).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Added mine') });
    expect((await cli('list')).stdout).toMatch(/^mine /m);
  });

  it('starts no host where none runs', async () => {
    const { cli, host } = await withHostOfAgents();
    await host.stop('test');
    expect(await cli('disable', 'opencode')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(host.controlSocket)).toBe(false);
  });
});
