/** A workspace's file of servers is trusted as it was shown: by its hash, from a screen or a script. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, record, type Workbench } from '../runtime/registry/workbench.ts';
import { runInProcess } from './run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
  bench.writeWorkspace([record('web-1', { host: '10.66.6.6' })]);
});
afterEach(() => bench.dispose());

const signalbox = (...argv: string[]) => runInProcess(argv, { env: bench.env, cwd: bench.workspace });

describe('server trust --sha256', () => {
  it('trusts what --json has shown, which by itself trusts nothing', async () => {
    const shown = await signalbox('server', 'trust', '--json');
    expect(shown.code).toBe(0);
    const { sha256, described, trusted } = JSON.parse(shown.stdout);
    expect([trusted, described[0][0]]).toEqual([false, 'web-1  ubuntu@10.66.6.6:22  production (assumed)']);
    expect((await signalbox('server', 'show', 'web-1')).code).toBe(2);
    expect((await signalbox('server', 'trust', '--sha256', sha256)).code).toBe(0);
    expect((await signalbox('server', 'show', 'web-1')).stdout).toContain('10.66.6.6');
  });

  it('refuses a file that was changed since', async () => {
    const { sha256 } = JSON.parse((await signalbox('server', 'trust', '--json')).stdout);
    bench.writeWorkspace([record('web-1', { host: '10.66.6.7' })]);
    const late = await signalbox('server', 'trust', '--sha256', sha256);
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('changed since it was shown')]);
    expect((await signalbox('server', 'show', 'web-1')).code).toBe(2);
  });

  it('says of one that was trusted before that it was changed', async () => {
    await signalbox('server', 'trust', '--yes');
    bench.writeWorkspace([record('web-1', { host: '10.66.6.7' })]);
    expect((await signalbox('server', 'trust')).stdout).toContain('It was trusted before, and was changed since.');
  });
});
