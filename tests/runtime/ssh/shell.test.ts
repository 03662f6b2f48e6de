/** An interactive shell on a real sshd: a terminal of the size that was asked for, keys in, and each way it can end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import type { ShellAction } from '../../../src/core/action.ts';
import { Permit } from '../../../src/core/permit.ts';
import type { TerminalInput } from '../../../src/core/terminal.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, isAlive, type Lab, makeLab, until } from './lab.ts';

const action: ShellAction = {
  ...{ kind: 'shell', term: 'xterm-256color', size: { columns: 91, rows: 23 } },
  env: { LANG: 'C.UTF-8' },
};

describe.runIf(sshdRuns())('a shell', () => {
  let sshd: Sshd;
  let lab: Lab;
  beforeAll(async () => {
    sshd = await startSshd();
    lab = await makeLab(sshd);
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
  });

  function open() {
    let printed = '';
    let wake = (): void => undefined;
    let terminal: TerminalInput | null = null;
    const stop = new AbortController();
    const outcome = lab.servers.perform(
      new Permit('p', targetOf(sshd), action, null),
      {
        onOutput: (_stream, chunk) => {
          printed += Buffer.from(chunk).toString();
          wake();
        },
        onTerminal: (opened) => {
          terminal = opened;
          wake();
        },
      },
      stop.signal,
    );
    // Whoever looks at how it ended hears of a failure.
    outcome.catch(() => undefined);
    const until = async (isThere: () => boolean): Promise<void> => {
      while (!isThere())
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    return {
      ...{ outcome, stop, until },
      printed: () => printed,
      has: (part: string) => until(() => printed.includes(part)),
      type: async (text: string) => {
        await until(() => terminal !== null);
        present(terminal, 'It is open.').write(Buffer.from(text));
      },
      resize: (columns: number, rows: number) => present(terminal, 'It is open.').resize({ columns, rows }),
    };
  }

  it('has a terminal of the size and kind that were asked for, and follows its size', async () => {
    const shell = open();
    await shell.type('stty size; echo "kind=$TERM"; test -t 0 && echo "a t""ty"\r');
    await shell.has('23 91');
    await shell.has('kind=xterm-256color');
    await shell.has('a tty');
    shell.resize(120, 40);
    await shell.type('stty size\r');
    await shell.has('40 120');
    await shell.type('exit 7\r');
    expect(await shell.outcome).toMatchObject({ kind: 'shell', exitCode: 7, ended: 'exit' });
  });

  it('passes Ctrl-C on to what runs in it', async () => {
    const shell = open();
    // What it prints says that it runs, and not the shell.
    await shell.type(`sh -c 'echo ru""ns; read line'\r`);
    await shell.has('runs');
    await shell.type('\x03');
    // What is typed before the prompt is thrown away by the shell.
    await shell.until(() => /\^C[^]*[#$] $/.test(shell.printed()));
    await shell.type('echo "sta""tus $?"\r');
    await shell.until(() => /status 130[^]*[#$] $/.test(shell.printed()));
    await shell.type('\x04');
    expect(await shell.outcome).toMatchObject({ ended: 'exit' });
  });

  it('is hung up by an abort: what ran in it ends', async () => {
    const shell = open();
    // It is the new program that prints: a hang-up that a shell has noted before it becomes another program is lost.
    await shell.type(`exec sh -c 'echo "pid=$$ is it"; read line'\r`);
    const printed = /pid=(\d+) is it/;
    await shell.until(() => printed.test(shell.printed()));
    const pid = Number(printed.exec(shell.printed())?.[1]);
    shell.stop.abort();
    expect(await shell.outcome).toMatchObject({ exitCode: null, ended: 'cancelled' });
    await until(() => !isAlive(pid));
  });

  it('is lost with its connection, and says so', async () => {
    const shell = open();
    await shell.type('echo "up"; kill -9 $PPID\r');
    await failure(shell.outcome, 'CONNECTION_LOST');
  });
});
