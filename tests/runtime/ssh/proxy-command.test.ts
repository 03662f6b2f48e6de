/** ProxyCommand against a real sshd: a command of this machine is the line, only with leave, and it ends with the line. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { OperationError } from '../../../src/core/codes.ts';
import type { Target } from '../../../src/core/server.ts';
import { createAllowedCommands } from '../../../src/runtime/local-commands/allowed-commands.ts';
import { createLocalCommands } from '../../../src/runtime/local-commands/ask-leave.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { type Leave, makeLeave } from '../../fixtures/leave.ts';
import { type Sshd, sshdRuns, startSshd } from '../../fixtures/sshd.ts';
import { openWorkbench, type Workbench } from '../registry/workbench.ts';
import { failure, isAlive, type Lab, type LabOptions, makeLab, nobodyToAsk, textOf, until } from './lab.ts';

describe.runIf(sshdRuns())('a ProxyCommand', () => {
  let sshd: Sshd;
  let folder: string;
  /** Connects its standard input and output to a host and a port, and writes down what it was started with. */
  let connector: string;
  beforeAll(async () => {
    sshd = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'signalbox-proxy-'));
    connector = join(folder, 'connect.cjs');
    writeFileSync(
      connector,
      `const [host, port, note] = process.argv.slice(2);
       if (note) require('node:fs').writeFileSync(note, JSON.stringify({ pid: process.pid, env: process.env, cwd: process.cwd() }));
       const socket = require('node:net').connect(Number(port), host);
       process.stdin.pipe(socket).pipe(process.stdout);
       socket.on('error', (error) => { process.stderr.write('first line\\n' + error.code + ' happened\\n'); process.exit(3); });\n`,
    );
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let bench: Workbench;
  let note: string;
  let lab: Lab | null = null;
  beforeEach(() => {
    bench = openWorkbench();
    note = join(bench.folder, 'note');
    bench.writeGlobal([{ id: 'web-1', ssh: 'web' }]);
  });
  afterEach(async () => {
    await lab?.dispose();
    lab = null;
    bench.dispose();
  });

  /** The whole way: configuration, `ssh -G`, question, command, handshake. */
  async function open(
    leave: Leave,
    env: NodeJS.ProcessEnv = {},
    more: LabOptions = {},
  ): Promise<{ lab: Lab; target: Target }> {
    const { localCommands } = leave;
    const registry = bench.registry({ localCommands, env });
    const line = sshd.knownHostsLine.replace(/^\S+/, 'behind');
    lab = await makeLab(sshd, {
      ...more,
      ...{ connections: registry, localCommands, env: { ...bench.env, ...env } },
      knownHosts: `${sshd.knownHostsLine}\n${line}\n`,
    });
    return { lab, target: await registry.resolve('web-1', null) };
  }
  const toHost = (command: string): string =>
    `Host web\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  HostKeyAlias behind\n  User ${sshd.username}\n  IdentityFile ${sshd.privateKeyPath}\n  ProxyCommand ${command}\n`;
  const viaNode = (): string => `${process.execPath} ${connector} %h %p ${note}`;
  const who = async ({ lab, target }: { lab: Lab; target: Target }): Promise<string> =>
    textOf((await lab.exec(target, ['id', '-un'])).stdout).trim();

  it('is asked about once, whole, and then is the line', async () => {
    bench.writeSshConfig(toHost(viaNode()));
    const leave = makeLeave(bench.folder, () => 'yes');
    expect(await who(await open(leave))).toBe(sshd.username);
    await lab?.dispose();
    expect(await who(await open(leave))).toBe(sshd.username);
    expect(leave.asked).toEqual([`web-1: ${process.execPath} ${connector} 127.0.0.1 ${sshd.port} ${note}`]);
  });

  it('does not run without leave, and what an agent reads does not hold its text', async () => {
    bench.writeSshConfig(toHost(viaNode()));
    const opened = await open(makeLeave(bench.folder, () => null));
    const error = await failure(who(opened), 'CONFIG_INVALID');
    expect(error.message).toContain('`signalbox server trust-command web-1`');
    expect(error.message).not.toContain(connector);
    expect(existsSync(note)).toBe(false);
    const steps = await opened.lab.servers.test(opened.target, new AbortController().signal);
    expect(steps.map(({ name, ok }) => [name, ok])).toEqual([['Settings', false]]);
  });

  it('is asked about again for another server, and when its text is another', async () => {
    const leave = makeLeave(bench.folder, () => 'yes');
    bench.writeSshConfig(toHost(viaNode()));
    await who(await open(leave));
    await lab?.dispose();
    bench.writeSshConfig(toHost(`${viaNode()} more`));
    await who(await open(leave));
    await lab?.dispose();
    bench.writeGlobal([{ id: 'web-2', ssh: 'web' }]);
    const registry = bench.registry();
    const target = await registry.resolve('web-2', null);
    expect(await leave.localCommands.isAllowed({ server: 'web-2', text: target.proxyCommand ?? '' })).toBe(false);
    expect(leave.asked).toHaveLength(2);
  });

  it('has the environment that ssh would give it, without what is ours, and starts at home', async () => {
    bench.writeGlobal([
      { id: 'web-1', ssh: 'web' },
      { id: 'db', host: 'db', username: 'u', auth: { kind: 'password', secret: { env: 'DB_PASSWORD' } } },
    ]);
    bench.writeSshConfig(toHost(viaNode()));
    const env = { PROFILE: 'kept', DB_PASSWORD: 'not yours', SIGNALBOX_HOME: bench.env.SIGNALBOX_HOME };
    await who(
      await open(
        makeLeave(bench.folder, () => 'yes'),
        env,
      ),
    );
    const seen = JSON.parse(readFileSync(note, 'utf8')) as { env: Record<string, string>; cwd: string };
    expect(seen.env).toMatchObject({ PROFILE: 'kept', PATH: bench.env.PATH });
    expect(Object.keys(seen.env).filter((name) => /^SIGNALBOX|DB_PASS/.test(name))).toEqual([]);
    expect(seen.cwd).not.toBe(process.cwd());
  });

  it('ends with the connection, and so does what it had started', async () => {
    const child = join(bench.folder, 'child');
    // A program that neither reads nor ends by itself, in the same group.
    const body = `sleep 1000 & echo $! > ${child}; exec ${viaNode()}`;
    const script = bench.write(
      join(bench.folder, 'proxy.sh'),
      `#!/bin/sh\n${body.replace('%h', '$1').replace('%p', '$2')}\n`,
      0o700,
    );
    bench.writeSshConfig(toHost(`${script} %h %p`));
    await who(await open(makeLeave(bench.folder, () => 'yes')));
    const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
    const other = Number(readFileSync(child, 'utf8'));
    expect([isAlive(pid), isAlive(other)]).toEqual([true, true]);
    await lab?.servers.dispose();
    await until(() => !isAlive(pid) && !isAlive(other));
  });

  it('loses the connection when it ends, as when a network breaks, or when its leave is taken back', async () => {
    bench.writeSshConfig(toHost(viaNode()));
    const leave = makeLeave(bench.folder, () => 'yes');
    const opened = await open(leave);
    await who(opened);
    const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
    let hasBegun = false;
    const sink = { onOutput: () => void (hasBegun = true) };
    const running = failure(opened.lab.exec(opened.target, 'echo up; sleep 1000', { sink }), 'CONNECTION_LOST');
    await until(() => hasBegun);
    process.kill(pid, 'SIGKILL');
    await running;
    expect(await who(opened)).toBe(sshd.username);

    const second = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
    await opened.lab.servers.endRevoked();
    expect([isAlive(second.pid), opened.lab.servers.status('web-1').state]).toEqual([true, 'connected']);
    await leave.allowed.revoke(() => true);
    await opened.lab.servers.endRevoked();
    await until(() => !isAlive(second.pid) && opened.lab.servers.status('web-1').state === 'lost');
    expect(opened.lab.servers.status('web-1').problem).toContain('its ProxyCommand is not allowed any more');
  });

  it('carries large data both ways, whole', async () => {
    bench.writeSshConfig(toHost(viaNode()));
    const { lab, target } = await open(makeLeave(bench.folder, () => 'yes'));
    const stdin = new Uint8Array(3_000_000).map((_byte, at) => (at * 7919) >> 5);
    const outcome = await lab.exec(target, ['cat'], { stdin, outputBytesMax: 4_000_000 });
    expect(Buffer.from(outcome.stdout).equals(Buffer.from(stdin))).toBe(true);
  });

  it.each<readonly [string, () => string, RegExp]>([
    [
      'fails',
      () => `${process.execPath} ${connector} %h 1`,
      /which ended with status 3 and said "ECONNREFUSED happened"/,
    ],
    ['is no program', () => '/no/such/program %h', /which ended with status 127 and said ".*\/no\/such\/program/],
    ['is killed', () => `sh -c 'kill -9 $$'`, /which was ended by SIGKILL/],
  ])('that %s says why, and is not tried again', async (_how, toCommand, words) => {
    const count = join(bench.folder, 'count');
    const script = bench.write(join(bench.folder, 'counted.sh'), `#!/bin/sh\necho >> ${count}\nexec "$@"\n`, 0o700);
    bench.writeSshConfig(toHost(`${script} ${toCommand()}`));
    const error: OperationError = await failure(who(await open(makeLeave(bench.folder, () => 'yes'))), 'UNREACHABLE');
    expect(error.message).toMatch(words);
    expect(readFileSync(count, 'utf8').length).toBe(1);
  });

  it('that speaks something else is quoted with what it said beside', async () => {
    bench.writeSshConfig(
      toHost(`sh -c 'printf "one\\ntwo\\n\\033[31mthree password=hunter2hunter2" >&2; echo HTTP/1.1 400; cat'`),
    );
    const error = await failure(who(await open(makeLeave(bench.folder, () => 'yes'))), 'UNREACHABLE');
    expect(error.message).toMatch(/said "\u001b\[31mthree password=«redacted:/);
    expect(error.message).not.toContain('printf');
  });

  it('is not asked about any more when nobody waits for it', async () => {
    bench.writeSshConfig(toHost(viaNode()));
    const questions = nobodyToAsk();
    questions.attend();
    const allowed = createAllowedCommands(bench.paths.localCommandsFile);
    const localCommands = createLocalCommands({ allowed, questions, clock: systemClock });
    const opened = await open({ localCommands, allowed, asked: [] });
    const abort = new AbortController();
    const running = failure(opened.lab.exec(opened.target, ['true'], { signal: abort.signal }), 'CANCELLED');
    await until(() => questions.waiting.length === 1);
    abort.abort();
    await running;
    await until(() => questions.waiting.length === 0);
    expect(existsSync(note)).toBe(false);
  });

  it('that wants a person to log in somewhere says so to people, and is waited for longer than a server', async () => {
    const done = join(bench.folder, 'logged-in');
    const spoke = join(bench.folder, 'spoke');
    const body = `echo "Open this page:" >&2; echo "https://login.example/1" >&2; touch ${spoke}; until test -e ${done}; do sleep 0.05; done; exec ${viaNode()}`;
    const script = bench.write(
      join(bench.folder, 'proxy.sh'),
      `#!/bin/sh\n${body.replace('%h', '$1').replace('%p', '$2')}\n`,
      0o700,
    );
    bench.writeSshConfig(toHost(`${script} %h %p`));
    const clock = new HandClock();
    const questions = nobodyToAsk(clock);
    const opened = await open(
      makeLeave(bench.folder, () => 'yes'),
      {},
      { clock, questions },
    );
    let ended = false;
    const running = who(opened).finally(() => {
      ended = true;
    });
    await until(() => existsSync(spoke));
    clock.advance(3_000);
    await until(() => questions.waiting.length === 1);
    expect(questions.waiting[0]).toMatchObject({ server: 'web-1', prompts: [] });
    await until(() => questions.waiting[0]?.note === 'Open this page:\nhttps://login.example/1');
    // Longer than any server is waited for.
    clock.advance(30_000);
    expect(ended).toBe(false);
    writeFileSync(done, '');
    expect(await running).toBe(sshd.username);
    expect(questions.waiting).toEqual([]);
  });

  it('that fails says so although something in the background still holds its output', async () => {
    const child = join(bench.folder, 'child');
    const body = `setsid sh -c 'echo $$ > ${child}; exec sleep 1000' & while ! test -s ${child}; do :; done; echo gone >&2; exit 5`;
    const script = bench.write(join(bench.folder, 'proxy.sh'), `#!/bin/sh\n${body}\n`, 0o700);
    bench.writeSshConfig(toHost(script).replace('User', 'ConnectTimeout 1\n  User'));
    const running = failure(who(await open(makeLeave(bench.folder, () => 'yes'))), 'UNREACHABLE');
    expect((await running).message).toContain('said "gone"');
    process.kill(Number(readFileSync(child, 'utf8')), 'SIGKILL');
  });

  it('can be ssh itself, through a bastion', async () => {
    const known = bench.write(join(bench.folder, 'known'), `${sshd.knownHostsLine}\n`);
    const options = `-F none -i ${sshd.privateKeyPath} -o UserKnownHostsFile=${known} -p ${sshd.port}`;
    bench.writeSshConfig(toHost(`ssh ${options} -W %h:%p %r@127.0.0.1`));
    const opened = await open(makeLeave(bench.folder, () => 'yes'));
    expect(await who(opened)).toBe(sshd.username);
    const steps = await opened.lab.servers.test(opened.target, new AbortController().signal);
    expect(steps.every(({ ok }) => ok)).toBe(true);
    expect(steps[1]?.detail).toContain('through a command of this machine (ProxyCommand)');
  });

  it('leads to a jump host, too, whose own command is the one that is asked about', async () => {
    bench.writeSshConfig(
      `${toHost('x').replace(/ {2}ProxyCommand.*/, '  ProxyJump hop')}${toHost(viaNode()).replace('Host web', 'Host hop')}`,
    );
    const leave = makeLeave(bench.folder, () => 'yes');
    const opened = await open(leave);
    expect(opened.target.proxyCommand).toBeUndefined();
    expect(await who(opened)).toBe(sshd.username);
    expect(leave.asked).toEqual([`ssh:hop: ${process.execPath} ${connector} 127.0.0.1 ${sshd.port} ${note}`]);
  });
});
