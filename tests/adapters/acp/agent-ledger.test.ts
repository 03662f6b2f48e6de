/** A host that was killed leaves its agents to the next one, which ends exactly those and nobody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteAgent, reapAgents } from '../../../src/adapters/acp/agent-ledger.ts';
import { present } from '../../../src/base/assert.ts';

let runtime: string;

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
});

afterEach(() => rmSync(runtime, { recursive: true, force: true }));

function startSleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    detached: true,
    stdio: 'ignore',
  });
  return { child, pid: present(child.pid, 'It was started.'), exited: once(child, 'exit') };
}

describe('the ledger of agents', () => {
  it('ends a process that an earlier host left behind', async () => {
    const { pid, exited } = startSleeper();
    noteAgent({ runtime }, pid);
    expect(reapAgents({ runtime })).toBe(1);
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(readdirSync(join(runtime, 'agents'))).toEqual([]);
  });

  it('spares a process that only has the same pid', async () => {
    const { child, pid, exited } = startSleeper();
    noteAgent({ runtime }, pid);
    const file = join(runtime, 'agents', `${pid}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), startTime: '1' }));
    expect(reapAgents({ runtime })).toBe(0);
    expect(child.exitCode).toBeNull();
    process.kill(-pid, 'SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('forgets a process that ended by itself, and survives a torn file', async () => {
    const { pid, exited } = startSleeper();
    const forget = noteAgent({ runtime }, pid);
    process.kill(-pid, 'SIGTERM');
    await exited;
    forget();
    writeFileSync(join(runtime, 'agents', '1.json'), '{"pid":1,');
    expect(reapAgents({ runtime })).toBe(0);
    expect(readdirSync(join(runtime, 'agents'))).toEqual([]);
  });
});
