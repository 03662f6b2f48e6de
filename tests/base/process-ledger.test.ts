/** Whoever was killed leaves its processes to the next one, which ends exactly those and nobody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { noteProcess, reapProcesses } from '../../src/base/process-ledger.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function startSleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    detached: true,
    stdio: 'ignore',
  });
  return { child, pid: present(child.pid, 'It was started.'), exited: once(child, 'exit') };
}

describe('the ledger of processes', () => {
  it('ends a process that was left behind', async () => {
    const { pid, exited } = startSleeper();
    noteProcess(folder, pid);
    expect(reapProcesses(folder)).toBe(1);
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('spares a process that only has the same pid', async () => {
    const { child, pid, exited } = startSleeper();
    noteProcess(folder, pid);
    const file = join(folder, `${pid}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), startTime: '1' }));
    expect(reapProcesses(folder)).toBe(0);
    expect(child.exitCode).toBeNull();
    process.kill(-pid, 'SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('goes on where one belongs to somebody else, as after sudo', async () => {
    const { pid, exited } = startSleeper();
    noteProcess(folder, pid);
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    try {
      expect(reapProcesses(folder)).toBe(0);
    } finally {
      kill.mockRestore();
      process.kill(-pid, 'SIGKILL');
    }
    await exited;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('forgets a process that ended by itself, and survives a torn file', async () => {
    const { pid, exited } = startSleeper();
    const forget = noteProcess(folder, pid);
    process.kill(-pid, 'SIGTERM');
    await exited;
    forget();
    writeFileSync(join(folder, '1.json'), '{"pid":1,');
    expect(reapProcesses(folder)).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});
