/** The login shell of the simulated machines, as somebody types there. */
import { describe, expect, it } from 'vitest';
import { createDemoMachine } from '../../src/embedded/machine/demo-machines.ts';
import { fileCommands } from '../../src/embedded/shell/file-commands.ts';
import { InteractiveShell } from '../../src/embedded/shell/interactive.ts';
import { Interpreter } from '../../src/embedded/shell/interpreter.ts';
import { systemCommands } from '../../src/embedded/shell/system-commands.ts';
import { textCommands } from '../../src/embedded/shell/text-commands.ts';

function open() {
  const machine = createDemoMachine('web-1', () => Date.UTC(2026, 10, 20, 9, 30));
  const ends: number[] = [];
  let printed = '';
  let wake = (): void => undefined;
  const shell = new InteractiveShell({
    ...{
      machine,
      pid: 7,
      interpreter: new Interpreter(machine, { ...textCommands, ...fileCommands, ...systemCommands }),
    },
    out: (text) => {
      // What a reader sees: without colours.
      printed += text.replace(/\x1b\[\d*m/g, '');
      wake();
    },
    end: (status) => {
      ends.push(status);
      wake();
    },
  });
  const has = async (part: string): Promise<void> => {
    while (!printed.includes(part))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    printed = printed.slice(printed.indexOf(part) + part.length);
  };
  return { shell, ends, has };
}

describe('a shell on a simulated machine', () => {
  it('shows a prompt, runs what is typed, and keeps its folder', async () => {
    const { shell, has } = open();
    await has('deploy@web-1:~$ ');
    shell.type('cd /etc\r');
    await has('deploy@web-1:/etc$ ');
    shell.type('cat hostname\n');
    await has('web-1\r\n');
    await has('deploy@web-1:/etc$ ');
  });

  it('edits its line and goes through what was typed before', async () => {
    const { shell, has } = open();
    shell.type('echo onx\x7fe\r');
    await has('one\r\n');
    await has('$ ');
    shell.type('\x1b[A\r');
    await has('\r\none\r\n');
  });

  it('keeps what is typed while a command runs, and Ctrl-C ends the command', async () => {
    const { shell, has } = open();
    shell.type('echo a\recho b\r');
    await has('b\r\n');
    await has('$ ');
    shell.type('sleep 300\r');
    shell.type('\x03');
    await has('^C\r\n');
    await has('$ ');
    shell.type('echo $?\r');
    await has('130\r\n');
  });

  it.each([
    ['exit 3\r', 3],
    ['\x04', 0],
  ])('ends with %j', async (typed, status) => {
    const { shell, ends, has } = open();
    shell.type(typed);
    await has('logout');
    expect(ends).toEqual([status]);
  });
});
