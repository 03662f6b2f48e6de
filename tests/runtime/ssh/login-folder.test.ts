/** Folders of logins that were cut short by a kill: taken away by the next host, and nobody else's. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeLoginFolder, sweepLoginFolders } from '../../../src/runtime/ssh/login-folder.ts';

let parent: string;
let victim: string;
/** A process that has ended. */
let deadPid: number;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signalbox-sweep-'));
  vi.stubEnv('TMPDIR', parent);
  victim = join(parent, 'victim');
  mkdirSync(victim);
  writeFileSync(join(victim, 'precious'), 'x');
  deadPid = Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true, force: true });
});

interface Owner {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** A folder as `makeLoginFolder` leaves it, of which `change` says what is different. */
async function leave(
  purpose: 'ssh' | 'security-key',
  change: (own: Owner) => Partial<Owner>,
  toSpace = (own: string): string => own,
): Promise<string> {
  const folder = await makeLoginFolder(purpose);
  const [identity = '', space = ''] = readFileSync(join(folder, 'owner'), 'utf8').split('\n');
  const own = JSON.parse(identity) as Owner;
  writeFileSync(join(folder, 'owner'), `${JSON.stringify({ ...own, ...change(own) })}\n${toSpace(space)}\n`);
  writeFileSync(join(folder, 'config'), 'Host *\n');
  symlinkSync(victim, join(folder, 'link'));
  return folder;
}

describe('folders of logins', () => {
  it.each([
    ['has ended', () => ({ pid: deadPid })],
    ['has ended, and its number is used again', ({ startTime }: Owner) => ({ startTime: `${startTime}0` })],
    ['ran before this machine started', () => ({ bootId: 'another' })],
  ])('are removed where their process %s; what a link in them leads to is not', async (_name, change) => {
    const folders = [await leave('ssh', change), await leave('security-key', change)];
    expect(await sweepLoginFolders()).toBe(2);
    expect(folders.filter(existsSync)).toEqual([]);
    expect(readFileSync(join(victim, 'precious'), 'utf8')).toBe('x');
  });

  it('stay where their process runs, here or where other processes have the numbers', async () => {
    const folders = [
      await leave('ssh', () => ({})),
      await leave(
        'ssh',
        () => ({ pid: deadPid }),
        () => 'pid:[1]',
      ),
    ];
    expect(await sweepLoginFolders()).toBe(0);
    expect(folders.filter(existsSync)).toEqual(folders);
  });

  it('that nobody had signed yet go once they are old', async () => {
    const [own, left] = [process.pid, deadPid].map((pid) => join(parent, `signalbox-ssh-${pid}-abcdef`));
    for (const folder of [own, left]) mkdirSync(folder as string, { mode: 0o700 });
    expect(await sweepLoginFolders()).toBe(0);
    for (const folder of [own, left]) utimesSync(folder as string, 1, 1);
    expect(await sweepLoginFolders()).toBe(1);
    expect([own, left].filter((folder) => existsSync(folder as string))).toEqual([own]);
  });

  it('nothing else is touched: other names, links, files, what others may enter, an owner that is a link', async () => {
    const name = `signalbox-ssh-${deadPid}-`;
    const dead = await leave('ssh', () => ({ pid: deadPid }));
    symlinkSync(dead, join(parent, `${name}linked`));
    writeFileSync(join(parent, `${name}afile0`), 'x');
    const foreign = await leave('security-key', () => ({ pid: deadPid }));
    chmodSync(foreign, 0o755);
    const linked = join(parent, `${name}owner0`);
    mkdirSync(linked, { mode: 0o700 });
    symlinkSync(join(dead, 'owner'), join(linked, 'owner'));
    const others = ['signalbox-ssh-x-abcdef', `signalbox-prompt-${deadPid}-abcdef`, `${name}toolong`];
    for (const other of others) mkdirSync(join(parent, other), { mode: 0o700 });
    expect(await sweepLoginFolders()).toBe(1);
    expect(existsSync(dead)).toBe(false);
    const left = [`${name}afile0`, basename(foreign), basename(linked), ...others, 'victim'];
    expect(left.filter((each) => !existsSync(join(parent, each)))).toEqual([]);
  });
});
