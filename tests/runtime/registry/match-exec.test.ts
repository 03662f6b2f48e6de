/** `Match exec` of a real ssh configuration: nothing of it runs before it was allowed, whatever form it is written in. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Leave, makeLeave } from '../../fixtures/leave.ts';
import { openWorkbench, refusal, type Workbench } from './workbench.ts';

let bench: Workbench;
let ran: string;
beforeEach(() => {
  bench = openWorkbench();
  bench.writeGlobal([{ id: 'web-1', ssh: 'web', environment: 'staging' }]);
  ran = join(bench.folder, 'ran');
});
afterEach(() => bench.dispose());

const leaveWith = (answer: string | null): Leave => makeLeave(dirname(bench.paths.localCommandsFile), () => answer);

describe.runIf(spawnSync('ssh', ['-V']).status === 0)('Match exec', () => {
  it.each([
    ['plainly', (command: string) => `Match exec "${command}"\n  HostName other\n`],
    ['after a host', (command: string) => `Match host web exec "${command}"\n  HostName other\n`],
    ['negated', (command: string) => `Match !exec "${command}"\n  HostName other\n`],
    ['with signs', (command: string) => `"Match"\thost=web exec="${command}"\n  HostName other\n`],
    [
      'in another file',
      (command: string) =>
        `Include ${bench.write(join(bench.folder, 'more', 'one.conf'), `match EXEC "${command}"\n`)}\n`,
    ],
    [
      'behind a variable',
      (command: string) => {
        bench.write(join(bench.folder, 'more', 'one.conf'), `Match exec "${command}"\n`);
        return `Include ${bench.folder}/*/one.conf\n`;
      },
    ],
  ])('written %s does not run before it is allowed', async (_how, toConfig) => {
    bench.writeSshConfig(`${toConfig(`touch ${ran}`)}Host web\n  User u\n`);
    const registry = bench.registry();
    const listed = await registry.list(null);
    expect(listed.servers).toEqual([]);
    expect(listed.broken[0]?.problem).toContain('`signalbox server trust-command web-1`');
    const error = await refusal(registry.resolve('web-1', null, 'asked'));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).not.toContain('touch');
    expect(existsSync(ran)).toBe(false);

    const { localCommands, asked } = leaveWith('yes');
    await bench.registry({ localCommands }).resolve('web-1', null, 'asked');
    expect(asked).toEqual([`web-1: touch ${ran}`]);
    expect(existsSync(ran)).toBe(true);
  });

  it('is not asked about where it does not come to be evaluated', async () => {
    bench.writeSshConfig(`Match host elsewhere exec "touch ${ran}"\nHost web\n  User u\n`);
    expect((await bench.registry().resolve('web-1', null)).username).toBe('u');
  });

  it('is not asked about while one only looks', async () => {
    bench.writeSshConfig(`Match host web exec "touch ${ran}"\n`);
    const { localCommands, asked } = leaveWith('yes');
    const registry = bench.registry({ localCommands });
    expect((await registry.list(null)).broken.map(({ id }) => id)).toEqual(['web-1']);
    await refusal(registry.resolve('web-1', null));
    expect([asked, existsSync(ran)]).toEqual([[], false]);
  });

  it('is asked about once for all servers, and again when its text is another', async () => {
    bench.writeGlobal([
      { id: 'web-1', ssh: 'web' },
      { id: 'web-2', ssh: 'web2' },
    ]);
    const leave = leaveWith('yes');
    const registry = bench.registry({ localCommands: leave.localCommands });
    bench.writeSshConfig('Match exec "true"\n  HostName inside\n');
    expect((await registry.resolve('web-1', null, 'asked')).host).toBe('inside');
    expect((await registry.resolve('web-2', null, 'asked')).host).toBe('inside');
    expect((await registry.list(null)).broken).toEqual([]);
    bench.writeSshConfig('Match exec "true "\n  HostName outside\n');
    expect((await registry.resolve('web-1', null, 'asked')).host).toBe('outside');
    expect(leave.asked).toEqual(['web-1: true', 'web-1: true ']);
  });

  it('brings further ones to light, of which each is asked about before it runs', async () => {
    const inner = bench.write(
      join(bench.folder, 'inner'),
      `Match exec "touch ${ran}; test %h = web"\n  HostName inner\n`,
    );
    bench.writeSshConfig(`Match exec "test %n = web"\n  Include ${inner}\n`);
    const leave = makeLeave(dirname(bench.paths.localCommandsFile), (command) =>
      command.startsWith('touch') ? null : 'yes',
    );
    await refusal(bench.registry({ localCommands: leave.localCommands }).resolve('web-1', null, 'asked'));
    expect(existsSync(ran)).toBe(false);
    expect(leave.asked).toEqual(['web-1: test web = web', `web-1: touch ${ran}; test web = web`]);
    const willing = leaveWith('yes');
    expect((await bench.registry({ localCommands: willing.localCommands }).resolve('web-1', null, 'asked')).host).toBe(
      'inner',
    );
    expect(willing.asked).toHaveLength(1);
  });

  it('does not run once it was revoked, although it ran before', async () => {
    const { localCommands, allowed } = leaveWith('yes');
    const registry = bench.registry({ localCommands });
    bench.writeSshConfig('Match exec "true"\n  HostName inside\n');
    await registry.resolve('web-1', null, 'asked');
    await allowed.revoke(() => true);
    expect((await registry.list(null)).broken.map(({ id }) => id)).toEqual(['web-1']);
  });

  it.each(['y', 'no', '', 'yes please', 'ye s'])('is not allowed by the answer %j', async (answer) => {
    bench.writeSshConfig(`Match exec "touch ${ran}"\n`);
    const { localCommands } = leaveWith(answer);
    await refusal(bench.registry({ localCommands }).resolve('web-1', null, 'asked'));
    expect(existsSync(ran)).toBe(false);
  });

  it('sees the shell and the environment of the operator, and nothing of ours', async () => {
    const { localCommands } = leaveWith('yes');
    bench.writeSshConfig(`Match exec "env > ${ran}"\n`);
    bench.writeGlobal([
      { id: 'web-1', ssh: 'web' },
      { id: 'db', host: 'db', username: 'u', auth: { kind: 'password', secret: { env: 'DB_PASSWORD' } } },
    ]);
    const env = { SHELL: '/bin/sh', MINE: 'kept', DB_PASSWORD: 'not yours' };
    await bench.registry({ localCommands, env }).resolve('web-1', null, 'asked');
    const seen = readFileSync(ran, 'utf8');
    expect(seen).toContain('MINE=kept\n');
    expect(seen).toContain('SHELL=/bin/sh\n');
    expect(seen).not.toMatch(/SIGNALBOX|DB_PASSWORD/);
  });

  it("never runs where our own shell cannot be put in place of the user's", async () => {
    bench.writeSshConfig(`Match host web exec "touch ${ran}"\nHost *\n  User u\n`);
    bench.writeGlobal(['web', 'other'].map((id) => ({ id, ssh: id })));
    const { localCommands } = leaveWith('yes');
    bench.write(bench.paths.runtime, 'not a folder');
    const registry = bench.registry({ localCommands });
    expect((await refusal(registry.resolve('web', null, 'asked'))).message).toContain('not executable');
    expect((await registry.resolve('other', null)).username).toBe('u');
    expect(existsSync(ran)).toBe(false);
  });

  it('is named where its command cannot be told from one run to the next', async () => {
    const { localCommands } = leaveWith('yes');
    // Not UTF-8, so what is reported is never what is meant.
    const bytes = Buffer.concat([Buffer.from('Match exec "true '), Buffer.from([0xff]), Buffer.from('"\n')]);
    bench.writeSshConfig('');
    writeFileSync(bench.sshConfigFile, bytes);
    expect((await refusal(bench.registry({ localCommands }).resolve('web-1', null, 'asked'))).message).toContain(
      'Match exec',
    );
  });
});
