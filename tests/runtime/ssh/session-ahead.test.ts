/** A channel that is opened before its command: taken by the command, closed when none comes, and never one more than there are slots. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Permit } from '../../../src/core/permit.ts';
import type { Target } from '../../../src/core/server.ts';
import type { TerminalInput } from '../../../src/core/terminal.ts';
import { type Sshd, type SshdOptions, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type Lab, makeLab, never, textOf, until } from './lab.ts';

describe.runIf(sshdRuns())('a channel that is opened ahead', () => {
  let sshd: Sshd;
  let lab: Lab;
  let server: Target;
  const start = async (options: SshdOptions = {}): Promise<void> => {
    await lab?.dispose();
    await sshd?.stop();
    sshd = await startSshd({ ...options, config: ['LogLevel DEBUG2', ...(options.config ?? [])] });
    lab = await makeLab(sshd);
    server = targetOf(sshd);
  };
  const opened = (): number => sshd.log().match(/server_input_channel_open: ctype session/g)?.length ?? 0;
  const refused = (): number => sshd.log().match(/no more sessions|open failed|channel_open_failure/gi)?.length ?? 0;
  const closed = (): number => sshd.log().match(/channel \d+: garbage collecting/g)?.length ?? 0;
  beforeEach(() => start());
  afterEach(async () => {
    await lab.dispose();
    await sshd.stop();
  });

  it('is the one the next command runs on, and answers like every other', async () => {
    await lab.exec(server, ['true']);
    const ahead = lab.servers.anticipate(server);
    await until(() => opened() === 2);
    const outcome = await lab.exec(server, 'cat; echo err >&2; exit 3', { stdin: Buffer.from('in\n') });
    expect(outcome).toMatchObject({ exitCode: 3, ended: 'exit' });
    expect([textOf(outcome.stdout), textOf(outcome.stderr)]).toEqual(['in\n', 'err\n']);
    ahead.dispose();
    expect(textOf((await lab.exec(server, ['echo', 'next'])).stdout)).toBe('next\n');
    expect(opened()).toBe(3);
  });

  it('has no input unless some is given: what reads it ends at once', async () => {
    await lab.exec(server, ['true']);
    for (const stdin of [null, Buffer.from('in\n'), Buffer.alloc(0)]) {
      const ahead = lab.servers.anticipate(server);
      const outcome = await lab.exec(server, 'cat; echo end', { stdin, timeoutMs: 10_000 });
      expect(textOf(outcome.stdout)).toBe(`${stdin?.toString() ?? ''}end\n`);
      ahead.dispose();
    }
    expect(opened()).toBe(4);
  });

  it('may be taken while it is still being opened', async () => {
    await lab.exec(server, ['true']);
    for (let count = 0; count < 6; count += 1) {
      const ahead = lab.servers.anticipate(server);
      expect(textOf((await lab.exec(server, ['echo', String(count)])).stdout)).toBe(`${count}\n`);
      ahead.dispose();
    }
    expect(opened()).toBe(7);
  });

  it('runs nothing, and is closed when no command comes', async () => {
    await lab.exec(server, ['true']);
    await until(() => closed() === 1);
    const ahead = lab.servers.anticipate(server);
    await until(() => opened() === 2);
    ahead.dispose();
    await until(() => closed() === 2);
    expect(sshd.log().match(/session_input_channel_req: .* req exec/g)?.length).toBe(1);
    expect((await lab.exec(server, ['true'])).exitCode).toBe(0);
  });

  it('is one, however many are asked for', async () => {
    await lab.exec(server, ['true']);
    const ahead = [1, 2, 3].map(() => lab.servers.anticipate(server));
    await Promise.all([1, 2, 3].map(() => lab.exec(server, ['true'])));
    for (const one of ahead) one.dispose();
    expect(opened()).toBe(4);
  });

  it('is not opened where there is no connection: connecting is more than opening a channel', async () => {
    lab.servers.anticipate(server).dispose();
    expect(lab.servers.status(server.id).state).toBe('idle');
    expect(sshd.log()).not.toContain('Connection from');
  });

  it('is not opened while every slot is taken', async () => {
    const stop = new AbortController();
    const running = Array.from({ length: 8 }, () => lab.exec(server, ['sleep', '60'], { signal: stop.signal }));
    await until(() => opened() === 8);
    lab.servers.anticipate(server);
    await lab.servers.realPath(server, '/', never());
    // The file service is the ninth; what was sent before it would have been counted before it.
    expect(opened()).toBe(9);
    stop.abort();
    for (const outcome of await Promise.all(running)) expect(outcome.ended).toBe('cancelled');
  });

  it('makes room for what must run where the server allows few sessions', async () => {
    await start({ config: ['MaxSessions 2'] });
    const stop = new AbortController();
    const running = lab.exec(server, ['sleep', '60'], { signal: stop.signal });
    await until(() => opened() === 1);
    const ahead = lab.servers.anticipate(server);
    await until(() => opened() === 2);
    // Ending the command takes the channel, as it takes any place that is left.
    stop.abort();
    expect((await running).ended).toBe('cancelled');
    ahead.dispose();
  });

  it('is no matter when the server refuses it', async () => {
    await start({ config: ['MaxSessions 1'] });
    const mark = join(sshd.folder, 'go');
    const first = lab.exec(server, `until [ -e ${mark} ]; do sleep 0.05; done; echo first`);
    await until(() => opened() === 1);
    const ahead = lab.servers.anticipate(server);
    await until(() => refused() > 0);
    const before = refused();
    const second = lab.exec(server, ['echo', 'second']);
    await until(() => refused() > before);
    writeFileSync(mark, '');
    expect([textOf((await first).stdout), textOf((await second).stdout)]).toEqual(['first\n', 'second\n']);
    ahead.dispose();
  });

  it('goes with its connection', async () => {
    await lab.exec(server, ['true']);
    const ahead = lab.servers.anticipate(server);
    for (const pid of sshd.sessionPids()) process.kill(pid, 'SIGKILL');
    await until(() => lab.servers.status(server.id).state === 'lost');
    ahead.dispose();
    lab.servers.anticipate(server).dispose();
    expect((await lab.exec(server, ['true'])).exitCode).toBe(0);
  });

  describe('on a line that is slow', () => {
    const keep = async (options: SshdOptions = {}): Promise<void> => {
      await start(options);
      await lab.dispose();
      lab = await makeLab(sshd, { aheadFromMs: 0 });
    };

    it('is always there: each command takes one, and the next is opened', async () => {
      await keep();
      for (let count = 1; count <= 3; count += 1) {
        expect(textOf((await lab.exec(server, ['echo', String(count)])).stdout)).toBe(`${count}\n`);
        await until(() => opened() === count + 1);
      }
      expect(sshd.log().match(/session_input_channel_req: .* req exec/g)?.length).toBe(3);
    });

    it('leaves its place to the file service where there is one place only, and does not come back', async () => {
      await keep({ config: ['MaxSessions 1'] });
      await lab.exec(server, ['true']);
      await lab.servers.realPath(server, '/', never());
      expect(refused()).toBeGreaterThan(0);
      const before = opened() + refused();
      await lab.servers.realPath(server, '/tmp', never());
      expect(opened() + refused()).toBe(before);
    });

    it('leaves its place to a shell', async () => {
      await keep({ config: ['MaxSessions 1'] });
      await lab.exec(server, ['true']);
      const shell = { kind: 'shell', term: 'xterm', size: { columns: 80, rows: 24 }, env: {} } as const;
      const typed = Buffer.from('exit 3\r');
      const sink = { onTerminal: (terminal: TerminalInput) => void terminal.write(typed) };
      const outcome = await lab.servers.perform(new Permit('p', server, shell, null), sink, never());
      expect(outcome).toMatchObject({ kind: 'shell', exitCode: 3 });
    });
  });
});
