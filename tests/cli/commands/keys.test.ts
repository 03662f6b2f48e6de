/** `signalbox keys`: the table in force, what the operator changed of it, and what could not be used. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindings } from '../../../src/tui/keymap-table.ts';
import { openWorkbench, type Workbench } from '../../runtime/registry/workbench.ts';
import { runInProcess } from '../run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

const keys = (...words: string[]) => runInProcess(['keys', ...words], { env: bench.env, cwd: bench.folder });
const configure = (screen: object): string => bench.write(bench.paths.configFile, JSON.stringify({ screen }));

describe('signalbox keys', () => {
  it('lists every row with its name and its sentence', async () => {
    const { code, stdout, stderr } = await keys();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^The prefix is \^B/);
    expect(stdout.trim().split('\n')).toHaveLength(bindings.length + 2);
    expect(stdout).toMatch(/prefix\.detach +d +Leaves the screen/);
  });

  it('says which keys are the operator’s, and which have none', async () => {
    configure({ prefix: 'ctrl-a', keys: { 'card.approve': ['y', 'f2'], 'card.makeRule': [] } });
    const { code, stdout } = await keys('card.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The prefix is \^A/);
    expect(stdout).toMatch(/card\.approve +y F2 \(yours\) +Approves/);
    expect(stdout).toMatch(/card\.makeRule +none \(yours\)/);
  });

  it('gives programs everything', async () => {
    configure({ keys: { 'card.approve': 'y', 'card.deny': 'a', 'card.no': 'q', 'global.search': 't' } });
    const { code, stdout } = await keys('--json', 'approve', 'once');
    const answer = JSON.parse(stdout) as { keys: unknown[]; problems: string[]; notes: string[] };
    expect(code).toBe(2);
    expect(answer.keys).toEqual([
      {
        ...{ name: 'card.approve', scope: 'card', action: 'approve', keys: ['y'], usual: ['a'], label: 'approve' },
        help: 'Approves this request, once.',
      },
    ]);
    expect(answer.problems).toHaveLength(1);
    expect(answer.notes).toHaveLength(1);
  });

  it.each(['nothingHasThisWord', '\x1b[31m'])('finds nothing for %j', async (word) => {
    const { code, stdout } = await keys(word);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  it('writes no control character of the configuration', async () => {
    configure({ keys: { 'card.\x1b[31mapprove': 'y', 'card.approve': '\x1b[31m' } });
    const { code, stdout, stderr } = await keys();
    expect(code).toBe(2);
    expect(stderr).toContain('there is no such action');
    expect(`${stdout}${stderr}`).not.toContain('\x1b');
  });

  it('is what doctor looks at, too', async () => {
    configure({ theme: 'lihgt', keys: { 'pane.zom': 'z' } });
    const run = await runInProcess(['doctor', '--json'], { env: { ...bench.env, TERM: 'xterm' }, cwd: bench.folder });
    const { findings } = JSON.parse(run.stdout) as { findings: { name: string; state: string; detail: string }[] };
    expect(findings.find(({ name }) => name === 'keys')).toMatchObject({
      ...{ state: 'warn', detail: expect.stringContaining('did you mean "pane.zoom"?') },
    });
    expect(findings.find(({ name }) => name === 'theme')).toMatchObject({
      ...{ state: 'warn', detail: expect.stringContaining('did you mean "light"?') },
    });
  });
});
