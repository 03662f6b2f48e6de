/** Offered command lines: read back by the real shells of this machine, word for word. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toLocalCommand } from '../../src/runtime/local-command.ts';
import fc from '../fixtures/properties.ts';

const shells = ['/bin/sh', '/bin/bash', '/bin/zsh', '/bin/dash', '/bin/ksh'].filter((path) => existsSync(path));

/** The words of each line; of one start of the shell, which costs more than all that it reads. */
function readBack(shell: string, lines: readonly string[]): readonly (readonly string[])[] {
  const print = `printf '%s\\0' "$#"; for word in "$@"; do printf '%s\\0' "$word"; done`;
  const script = lines.map((line) => `set -- ${line}\n${print}\n`).join('');
  const printed = execFileSync(shell, ['-c', script], {
    encoding: 'utf8',
    cwd: '/',
  }).split('\0');
  return lines.map(() => printed.splice(0, Number(printed.shift())));
}

describe('a line to copy', () => {
  it.each([
    [['chmod', 'go-w', '/etc/signalbox/servers.json'], 'chmod go-w /etc/signalbox/servers.json'],
    [['agent', '--acp', '--model=a/b:c@1'], 'agent --acp --model=a/b:c@1'],
    [['chmod', '700', '/home/me/My Files'], `chmod 700 '/home/me/My Files'`],
    [['chmod', '700', `/home/o'neill`], `chmod 700 '/home/o'\\''neill'`],
    [['agent', ''], `agent ''`],
    [['A=1', 'b'], `'A=1' b`],
    [['~/x'], `'~/x'`],
  ])('of %j is %s', async (words, line) => {
    expect(await toLocalCommand(words)).toBe(line);
  });

  it.each(shells)('means the same words to %s', async (shell) => {
    const unit = fc.constantFrom(...` a-~*?[]{}()<>|;&#$\`"'\\!=^%é\n\t`);
    // A character that means something is most often seen to when it is alone.
    const nasty = fc.oneof(fc.string({ unit, maxLength: 2 }), fc.string({ unit, maxLength: 12 }));
    const command = fc.array(nasty, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 25, maxLength: 25 }), async (commands) => {
        expect(readBack(shell, await Promise.all(commands.map(toLocalCommand)))).toEqual(commands);
      }),
      { numRuns: 4 },
    );
  });

  it.each(['\u001b[2J', '\u0000', '\b', '\u009b'])('never holds %j', async (text) => {
    expect(await toLocalCommand(['rm', `/a${text} b`])).not.toContain(text.slice(0, 1));
  });
});
