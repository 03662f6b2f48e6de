/** The argv of allowed process listings, run by the real ps: no environment of any process may come out. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from '../../fixtures/explain-skip.ts';
import { decideLine } from './set-up.ts';

const ps = { ok: spawnSync('ps', ['-e']).error === undefined, reason: 'no ps here; install procps' };
const mark = 'signalbox-ps-mark-5f1c';
let other: ChildProcess;

beforeAll(async () => {
  other = spawn('sleep', ['600'], { env: { PATH: process.env.PATH, SIGNALBOX_TEST_PASSWORD: mark }, stdio: 'ignore' });
  await new Promise((resolve) => other.once('spawn', resolve));
});
afterAll(() => other.kill());

describe.runIf(canRun('listings of processes', ps))('a process listing', () => {
  // procps reads words again as BSD letters, where e means environment, when it cannot use them as they stand.
  it.each([
    'ps -ef',
    'ps -eT -H',
    'ps -eL --forest',
    'ps -eHT',
    'ps -e -aux',
    'ps -eww -aux',
    'ps -ec -aux',
    'ps -ef -o pid,args',
    'ps -eo pid,args --sort=-etime',
    'ps -u e',
    'ps -u axe',
    'ps -C axe -T -H',
    'ps -t axe',
    'ps auxww',
  ])('shows no environment: %s', (line) => {
    const { outcome, argv } = decideLine(line);
    expect(outcome).toBe('auto-allow');
    const [program = '', ...args] = argv ?? [];
    const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    expect(error).toBeUndefined();
    expect(stdout + stderr).not.toContain(mark);
  });

  it('still lists everything', () => {
    expect(decideLine('ps -ef --sort=-etime').argv).toEqual(['ps', '-A', '-f', '--sort=-etime']);
    const [program = '', ...args] = decideLine('ps -eo pid,args').argv ?? [];
    expect(spawnSync(program, args, { encoding: 'utf8' }).stdout).toContain(`${other.pid} sleep 600`);
  });
});
