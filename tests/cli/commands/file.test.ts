/** `file …`: content in and out as bytes, and one sentence where it does not work. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whenDone } from '../../fixtures/when-done.ts';
import { cliHost, typist } from '../cli-host.ts';

describe('file', () => {
  it('reads and writes a file as its bytes', async () => {
    const { cli, world, screen } = await cliHost();
    const { connection, until } = await screen();
    world.servers.files.set('/etc/motd', 'old\n');
    expect(await cli(['file', 'read', 'web-1', '/etc/motd'])).toEqual({ code: 0, stdout: 'old\n', stderr: '' });
    const writing = cli(['file', 'write', 'web-1', '/etc/motd'], { stdin: 'new\n' });
    const { id, subject } = await until((view) => view.approvals[0]);
    expect(subject).toMatchObject({ kind: 'write', diff: expect.stringContaining('+new') });
    await connection.call('approval.answer', { id, via: 'screen', answer: { kind: 'approve', grant: 'once' } });
    expect((await writing).stdout).toMatch(/^changed, sha256 [0-9a-f]{64}\n$/);
    expect(world.servers.files.get('/etc/motd')).toBe('new\n');
  });

  it('writes from a local file, with the card at the terminal', async () => {
    const { cli, world } = await cliHost();
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-file-'));
    whenDone(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'motd'), 'hello\n');
    const argv = ['file', 'write', 'web-1', '/etc/motd', '--from', join(folder, 'motd')];
    const run = await cli(argv, typist(['a', '<code>']));
    expect(run.stderr).toContain('Create a file on web-1');
    expect(run.stdout).toMatch(/^created, sha256/);
    expect(world.servers.files.get('/etc/motd')).toBe('hello\n');
  });

  it.each([
    [['file', 'read', 'web-1', '/nope'], 9, 'does not exist'],
    [['file', 'read', 'web-1', 'relative'], 2, 'signalbox: The path must be an absolute path on the server.\n'],
    [['file', 'read', 'a,b', '/etc/motd'], 2, 'signalbox: The id of the server must start with a letter or digit'],
    [['exec', 'a:b', '--', 'uptime'], 242, '; `signalbox server list` shows the ids.\n'],
    [['file', 'read', 'nope', '/etc/motd'], 2, 'no server "nope"'],
    [['file', 'read', 'web-1', '/etc/motd', '--line', 'x'], 2, 'whole number'],
    [['file', 'write', 'web-1', '/etc/motd', '--from', '/nope'], 2, '/nope cannot be read'],
    [['file', 'patch', 'web-1', '/etc/motd', '--from', '/dev/null'], 2, 'patch'],
    [['file', 'find', 'web-1', '/etc'], 2, 'pattern'],
    [['file', 'melt', 'web-1', '/etc'], 2, 'unknown command'],
  ])('%j ends with %i and a sentence', async (argv, code, words) => {
    const { cli } = await cliHost();
    const run = await cli(argv);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
  });

  it('prints the envelope of a failure with --json, too', async () => {
    const { cli } = await cliHost();
    const missing = await cli(['file', 'read', 'web-1', '/nope', '--json']);
    expect([missing.code, JSON.parse(missing.stdout).code]).toEqual([9, 'FILE_NOT_FOUND']);
  });
});
