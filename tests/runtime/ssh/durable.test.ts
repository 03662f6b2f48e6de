/** Commands that go on without us, on a real sshd: through lost connections and the end of a host, their output whole. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandForm, DurableAction, ExecAction } from '../../../src/core/action.ts';
import { Permit } from '../../../src/core/permit.ts';
import type { ExecOutcome, PerformSink } from '../../../src/core/ports.ts';
import { createDurableNotes } from '../../../src/runtime/durable/create-durable-notes.ts';
import {
  toDurableClaim,
  toDurableFollow,
  toDurableStart,
  toDurableStatus,
  toDurableStop,
} from '../../../src/runtime/ssh/durable-scripts.ts';
import { openLine } from '../../fixtures/line.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, isAlive, type Lab, makeLab, shownOf, textOf, until } from './lab.ts';

const newId = (): string => `t-${randomBytes(5).toString('hex')}`;

/** Prints a line, waits for a file to appear, prints another, on both streams, and ends with 3. */
const script = 'echo first; echo problem >&2; until [ -f go ]; do sleep 0.05; done; echo last; exit 3';

interface Asked {
  readonly signal?: AbortSignal;
  readonly sink?: PerformSink;
  readonly timeoutMs?: number;
}

describe.runIf(sshdRuns())('a durable command', () => {
  let sshd: Sshd;
  let lab: Lab;
  let cache: string;
  let commandsFolder: string;
  let folder: string;

  beforeAll(async () => {
    cache = mkdtempSync('/tmp/signalbox-cache-');
    sshd = await startSshd({ config: [`SetEnv XDG_CACHE_HOME=${cache}`] });
    commandsFolder = join(sshd.folder, 'notes');
    lab = await makeLab(sshd, { commandsFolder });
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
    execFileSync('rm', ['-rf', cache]);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(sshd.folder, 'case-'));
  });

  const noteOf = (id: string) => createDurableNotes(commandsFolder).find(id);
  const place = (id: string): string => join(cache, 'signalbox', 'commands', id);

  async function start(id: string, line: string, asked: Asked = {}, by: Lab = lab): Promise<ExecOutcome> {
    const action: ExecAction = {
      ...{ kind: 'exec', command: { form: 'line', line }, cwd: folder, stdin: null, realPathsOf: [] },
      ...{ timeoutMs: asked.timeoutMs ?? 60_000, outputBytesMax: 1_000_000, durable: { title: line } },
    };
    return await perform(id, action, asked, by);
  }

  async function lookAfter(command: string, act: DurableAction['act'], asked: Asked = {}, by: Lab = lab) {
    const action: DurableAction = {
      ...{ kind: 'durable', command, act, timeoutMs: asked.timeoutMs ?? 60_000, outputBytesMax: 1_000_000 },
    };
    return await perform(newId(), action, asked, by);
  }

  async function perform(id: string, action: ExecAction | DurableAction, asked: Asked, by: Lab): Promise<ExecOutcome> {
    const permit = new Permit(id, targetOf(sshd), action, null);
    const outcome = await by.servers.perform(permit, asked.sink ?? {}, asked.signal ?? new AbortController().signal);
    if (outcome.kind !== 'exec') throw new Error('A durable command ends as a command.');
    return outcome;
  }

  /** Calls once, when the first output has come. */
  function onFirst(call: () => void): PerformSink {
    let isFirst = true;
    return {
      onOutput: (stream) => {
        if (stream === 'stdout' && isFirst) call();
        if (stream === 'stdout') isFirst = false;
      },
    };
  }

  const go = (): void => writeFileSync(join(folder, 'go'), '');

  it('gives its output and status like any other, and leaves nothing behind', async () => {
    const id = newId();
    go();
    const outcome = await start(id, script);
    expect(outcome).toMatchObject({ exitCode: 3, ended: 'exit', durable: { id, state: 'ended' } });
    expect([textOf(outcome.stdout), textOf(outcome.stderr)]).toEqual(['first\nlast\n', 'problem\n']);
    expect([existsSync(place(id)), await noteOf(id)]).toMatchObject([false, { state: 'ended', exitCode: 3 }]);
  });

  it('survives a connection that is killed in the middle, and its output is whole', async () => {
    const big = `head -c 3000000 /dev/zero | tr "\\0" a; ${script}`;
    let chunks = 0;
    let bytes = 0;
    const retries: (number | null)[] = [];
    const told = lab.servers.onStatus(({ retryAtMs = null }) => void retries.push(retryAtMs));
    const running = start(newId(), big, {
      sink: {
        onOutput(stream, chunk) {
          if (stream === 'stdout') bytes += chunk.length;
          if ((chunks += 1) === 3) for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
        },
      },
    });
    await until(() => bytes >= 3_000_000);
    for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
    go();
    expect(await running).toMatchObject({ exitCode: 3, stdoutBytes: 3_000_000 + 'first\nlast\n'.length });
    told.dispose();
    expect([retries.some((atMs) => atMs !== null), retries.at(-1)]).toEqual([true, null]);
  });

  it('that was lost while it was being started never runs once that was said', async () => {
    const id = newId();
    const line = await openLine(sshd);
    const ran = join(folder, 'ran');
    const action: ExecAction = {
      ...{ kind: 'exec', command: { form: 'argv', argv: ['touch', ran] }, cwd: null, stdin: null, realPathsOf: [] },
      ...{ timeoutMs: 20_000, outputBytesMax: 1000, durable: { title: '' } },
    };
    const target = targetOf(sshd, { port: line.port });
    const knownHosts = sshd.knownHostsLine.replaceAll(`:${sshd.port}`, `:${line.port}`);
    const other = await makeLab(sshd, { knownHosts });
    try {
      await other.exec(target, ['true']);
      // The channel is opened; of what is to be started there, only a part leaves.
      const cut = line.cutAfter('up', 500);
      const started = other.servers.perform(new Permit(id, target, action, null), {}, new AbortController().signal);
      const failed = failure(started, 'CONNECTION_LOST');
      await cut;
      line.reset();
      expect((await failed).message).toContain('nothing was run');
      expect(readFileSync(join(place(id), 'status'), 'utf8')).toBe('never\n');
      expect(existsSync(ran)).toBe(false);
    } finally {
      rmSync(place(id), { recursive: true, force: true });
      await other.dispose();
      await line.close();
    }
  });

  it('survives the end of the host, and is followed from where it was read to', async () => {
    const id = newId();
    const first = await makeLab(sshd, { commandsFolder });
    const stop = new AbortController();
    const left = await start(id, script, { sink: onFirst(() => stop.abort()), signal: stop.signal }, first);
    expect(left).toMatchObject({ ended: 'cancelled', durable: { id, state: 'running', folder: place(id) } });
    expect(textOf(left.stdout)).toBe('first\n');
    await first.dispose();
    for (const kept of [place(id), join(place(id), '..')]) expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(await noteOf(id)).toMatchObject({ state: 'running', stdoutBytes: 6, title: script });

    const both = Promise.all([lookAfter(id, 'follow'), lookAfter(id, 'follow')]);
    go(); // One of them reads it to its end, and takes its folder away from the other.
    const told = (await both).map(({ exitCode, stdout, stderr }) => `${exitCode} ${textOf(stdout)}${textOf(stderr)}`);
    expect(told.filter((each) => !/^3 (last\n)?(problem\n)?$/.test(each) || !told.join().includes('last'))).toEqual([]);
    expect(await lookAfter(id, 'follow')).toMatchObject({ exitCode: 3, durable: { doneAt: expect.any(String) } });
    expect(textOf((await lookAfter(id, 'look')).stdout)).toBe('ended with status 3\n');
  });

  it('goes on when our time for it is over, and a look tells when it has ended', async () => {
    const id = newId();
    expect(await start(id, script, { timeoutMs: 100 })).toMatchObject({ ended: 'timeout' });
    const look = (): Promise<string> => shownOf((sink) => lookAfter(id, 'look', { sink }));
    expect(await look()).toBe('running\n');
    go();
    await until(async () => (await look()) === 'ended with status 3\n');
    expect(await noteOf(id)).toMatchObject({ state: 'ended', exitCode: 3 });
    // What it printed is still there to be read.
    const rest = await lookAfter(id, 'follow');
    expect([textOf(rest.stdout).endsWith('last\n'), rest.exitCode]).toEqual([true, 3]);
  });

  it('is stopped with all it has started', async () => {
    const id = newId();
    const stop = new AbortController();
    const line = 'sleep 300 & echo $!; wait';
    const left = await start(id, line, { sink: onFirst(() => stop.abort()), signal: stop.signal });
    const pid = Number(textOf(left.stdout));
    expect(isAlive(pid)).toBe(true);
    expect((await lookAfter(id, 'stop')).exitCode).toBe(143);
    await until(() => !isAlive(pid));
    expect(existsSync(place(id))).toBe(false);
  });

  it('says so when it vanished without a status, and is removed then', async () => {
    const id = newId();
    const stop = new AbortController();
    await start(id, 'echo here; sleep 300', { sink: onFirst(() => stop.abort()), signal: stop.signal });
    const [group] = readFileSync(join(place(id), 'pid'), 'utf8').split(' ');
    process.kill(-Number(group), 'SIGKILL');
    for (const act of ['look', 'follow'] as const)
      expect(await lookAfter(id, act)).toMatchObject({ exitCode: null, durable: { state: 'lost' } });
    expect(await shownOf((sink) => lookAfter(id, 'remove', { sink }))).toMatch(/^forgotten here/);
    expect(existsSync(place(id))).toBe(false);
    expect((await failure(lookAfter(id, 'follow'), 'INVALID_ARGUMENT')).message).toContain('signalbox commands');
  });

  it('clears away what ended more than a week ago, and nothing else', async () => {
    const [old, young, running] = [newId(), newId(), newId()];
    for (const id of [old, young, running]) mkdirSync(place(id), { recursive: true });
    for (const id of [old, young]) writeFileSync(join(place(id), 'status'), '0\n');
    const longAgo = new Date(Date.now() - 9 * 86_400_000);
    utimesSync(join(place(old), 'status'), longAgo, longAgo);
    await start(newId(), 'true');
    expect(readdirSync(join(cache, 'signalbox', 'commands')).sort()).toEqual([young, running].sort());
  });

  it('is refused, and runs nothing, where the account has no folder of its own', async () => {
    const closed = await startSshd({ config: ['SetEnv XDG_CACHE_HOME=/dev/null/x'] });
    const other = await makeLab(closed);
    try {
      const action: ExecAction = {
        ...{ kind: 'exec', command: { form: 'argv', argv: ['touch', join(folder, 'ran')] }, cwd: null, stdin: null },
        ...{ timeoutMs: 20_000, outputBytesMax: 1000, realPathsOf: [], durable: { title: '' } },
      };
      const permit = new Permit(newId(), targetOf(closed), action, null);
      await failure(other.servers.perform(permit, {}, new AbortController().signal), 'PERMISSION_DENIED');
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    } finally {
      await other.dispose();
      await closed.stop();
    }
  });
});

const shells = [
  ['dash', '/bin/dash', []],
  ['busybox ash', '/bin/busybox', ['sh']],
] as const;

describe.each(shells)('the scripts in %s', (name, program, words) => {
  const isHere = existsSync(program);
  if (!isHere) process.stderr.write(`left out: ${program} is not installed\n`);

  /** With the tools of that shell alone, where it brings them. */
  function run(
    form: CommandForm,
    home: string,
  ): Record<'stdout' | 'stderr', string> & { readonly status: number | null } {
    if (form.form !== 'argv') throw new Error('Scripts are words.');
    const PATH = name === 'busybox ash' ? join(home, 'bin') : process.env['PATH'];
    const argv = [...words, ...form.argv.slice(1)];
    const { status, stdout, stderr } = spawnSync(program, argv, { env: { HOME: home, PATH }, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it.runIf(isHere)('start, follow, tell and stop', async () => {
    const home = mkdtempSync('/tmp/signalbox-ash-');
    try {
      if (name === 'busybox ash') {
        mkdirSync(join(home, 'bin'));
        execFileSync(program, ['--install', '-s', join(home, 'bin')]);
      }
      chmodSync(home, 0o700);
      const [id, other] = [newId(), newId()];
      const folder = run(toDurableStart(id, { form: 'line', line: 'echo "it\'s"; echo no >&2; exit 5' }), home);
      expect(folder).toMatchObject({ status: 0, stdout: `${home}/.cache/signalbox/commands/${id}\n` });
      expect(run(toDurableFollow(id, 2, 0), home)).toMatchObject({ status: 0, stdout: "'s\n", stderr: 'no\n' });
      expect(run(toDurableStatus(id), home).stdout).toBe('5\n');

      // Also when it has only just been started.
      run(toDurableStart(other, { form: 'line', line: 'echo up; exec sleep 300' }), home);
      expect(run(toDurableStop(other), home).status).toBe(0);
      expect(run(toDurableStatus(other), home).stdout).toBe('143\n');
      expect(run(toDurableFollow(newId(), 0, 0), home).status).toBe(74);

      // What was started is not taken back; what was not, never is.
      expect(run(toDurableClaim(other), home).status).toBe(76);
      const [late, ran] = [newId(), join(home, 'ran')];
      for (const _ of ['first', 'again']) expect(run(toDurableClaim(late), home).status).toBe(0);
      expect(run(toDurableStart(late, { form: 'argv', argv: ['touch', ran] }), home).status).toBe(73);
      expect([run(toDurableFollow(late, 0, 0), home).status, existsSync(ran)]).toEqual([74, false]);
    } finally {
      execFileSync('rm', ['-rf', home]);
    }
  });
});
