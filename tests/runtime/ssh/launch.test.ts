/** The launch form in every shell that is installed here: what arrives as argv must be, byte for byte, what was given. */
import { execFileSync, type SpawnSyncOptionsWithBufferEncoding, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import { launchMark, startsDirectly, toDirectLaunch, toLaunchCommand } from '../../../src/runtime/ssh/launch.ts';
import fc from '../../fixtures/properties.ts';
import { nastyWords as nasty } from './nasty-words.ts';

const shells = [
  ['/bin/bash', []],
  ['/bin/dash', []],
  ['/bin/zsh', []],
  ['/usr/bin/fish', []],
  ['/bin/tcsh', []],
  ['/bin/ksh', []],
  ['/bin/mksh', []],
  ['/bin/busybox', ['sh']],
] as const;
const installed = shells.filter(([path]) => existsSync(path));
for (const [path] of shells) if (!existsSync(path)) process.stderr.write(`left out: ${path} is not installed\n`);

const home = mkdtempSync(join(tmpdir(), 'signalbox-launch-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function runLogin(path: string, before: readonly string[], command: string, cwd = home): Buffer {
  const options: SpawnSyncOptionsWithBufferEncoding & { detached: boolean } = {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/x' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as sshd gives every command.
    detached: true,
  };
  const result = spawnSync(path, [...before, '-c', command], options);
  // Where the folder is missing nothing is marked, since nothing starts.
  if (!['', `${launchMark}\n`].includes(result.stderr.toString()))
    throw new Error(`${path}: ${result.stderr.toString()} for ${command}`);
  return result.stdout;
}

/** Splits what `printf '%s\0'` printed after the launch line. */
function argvOf(output: Buffer): string[] {
  const lineEnd = output.indexOf('\n');
  expect(output.subarray(0, lineEnd).toString()).toMatch(new RegExp(`^${launchMark}\\d+( /bin/x)?$`));
  return output
    .subarray(lineEnd + 1)
    .toString()
    .split('\0')
    .slice(0, -1);
}

describe.each(installed)('the launch form in %s', (path, before) => {
  it('hands every nasty word over unchanged', () => {
    const argv = ['printf', '%s\\0', ...nasty];
    expect(argvOf(runLogin(path, before, toLaunchCommand({ form: 'argv', argv }, null)))).toEqual(nasty);
  });

  it('hands each nasty word over unchanged when it is alone', () => {
    for (const word of nasty.filter((each) => each.length < 100).slice(0, 24)) {
      const command = toLaunchCommand({ form: 'argv', argv: ['printf', '%s\\0', word] }, null);
      expect(argvOf(runLogin(path, before, command))).toEqual([word]);
    }
  });

  it('hands random printable words over unchanged', () => {
    const word = fc.string({ unit: fc.constantFrom(...`'"\\!$\`%=~#*?[]{}()<>|;&^@:, \n\tabc019-é`), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 60 }), (words) => {
        const command = toLaunchCommand({ form: 'argv', argv: ['printf', '%s\\0', ...words] }, null);
        expect(argvOf(runLogin(path, before, command))).toEqual(words);
      }),
      { numRuns: 8 },
    );
  });

  it('prints the process group, which is that of the command', () => {
    const output = runLogin(
      path,
      before,
      // Small systems come without ps.
      toLaunchCommand({ form: 'line', line: "ps -o pgid= -p $$ 2>&- || cut -d ' ' -f 5 /proc/$$/stat" }, null),
    ).toString();
    const [mark, group] = output.trim().split('\n');
    expect(mark).toBe(`${launchMark}${group?.trim()} /bin/x`);
  });

  it('runs a line that is not simple as shown, with its line feeds', () => {
    const line = `for i in 1 2; do\n  printf '%s-' "$i!"\ndone; printf '%s\\n' 'a\\b'`;
    const output = runLogin(path, before, toLaunchCommand({ form: 'line', line }, null)).toString();
    expect(output.slice(output.indexOf('\n') + 1)).toBe('1!-2!-a\\b\n');
  });

  it.each(["it's a folder", 'new\nline', '-n', '!x', 'ä'])('starts in the folder %j', (name) => {
    const folder = join(home, name);
    execFileSync('mkdir', ['-p', folder]);
    const output = runLogin(path, before, toLaunchCommand({ form: 'argv', argv: ['pwd', '-P'] }, folder)).toString();
    expect(output.slice(output.indexOf('\n') + 1)).toBe(`${realpathSync(folder)}\n`);
  });

  it('runs nothing when the folder is missing', () => {
    const command = toLaunchCommand({ form: 'argv', argv: ['touch', join(home, 'ran')] }, '/no/such folder');
    expect(runLogin(path, before, command).toString()).toBe(`${launchMark}no-folder\n`);
    expect(existsSync(join(home, 'ran'))).toBe(false);
  });

  it('ends a command at its time limit on the server', () => {
    const command = toLaunchCommand({ form: 'line', line: 'sleep 30; echo late' }, null, 1);
    expect(runLogin(path, before, command).toString()).toMatch(new RegExp(`^${launchMark}\\d+ /bin/x\\n$`));
  });
});

const direct = installed.filter(([path]) => startsDirectly(path) || path.endsWith('busybox'));
describe.each(direct)('the direct form in %s', (path, before) => {
  const plain = nasty.filter((word) => /^[\x20-\x7e]*$/.test(word));

  it('hands every nasty word that is plain over unchanged', () => {
    const command = toDirectLaunch({ form: 'argv', argv: ['printf', '%s\\0', ...plain] }, null);
    expect(argvOf(runLogin(path, before, command ?? ''))).toEqual(plain);
  });

  it('hands random plain words over unchanged', () => {
    const word = fc.string({ unit: fc.constantFrom(...`'"\\!$\`%=~#*?[]{}()<>|;&^@:, abc019-`), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 60 }), (words) => {
        const command = toDirectLaunch({ form: 'argv', argv: ['printf', '%s\\0', ...words] }, null);
        expect(argvOf(runLogin(path, before, command ?? ''))).toEqual(words);
      }),
      { numRuns: 8 },
    );
  });

  it('prints the process group, and starts in the folder, whatever functions stand before', () => {
    const folder = join(home, "it's !x");
    execFileSync('mkdir', ['-p', folder]);
    const line = "pwd -P; ps -o pgid= -p $$ 2>&- || cut -d ' ' -f 5 /proc/$$/stat";
    const command = `cd() { echo moved; }; echo() { :; }; ${toDirectLaunch({ form: 'line', line }, folder)}`;
    const [mark, where, group] = runLogin(path, before, command).toString().trim().split('\n');
    expect(where).toBe(realpathSync(folder));
    expect(mark).toBe(`${launchMark}${group?.trim()}`);
  });

  it('runs nothing when the folder is missing', () => {
    const command = toDirectLaunch({ form: 'argv', argv: ['touch', join(home, 'ran')] }, '/no/such folder');
    expect(runLogin(path, before, command ?? '').toString()).toBe(`${launchMark}no-folder\n`);
    expect(existsSync(join(home, 'ran'))).toBe(false);
  });
});

describe.each(installed.filter(([path]) => /fish|tcsh|zsh/.test(path)))('the direct form in %s', (path, before) => {
  it('runs nothing, and leaves no file', () => {
    const cwd = mkdtempSync(join(home, 'empty-'));
    const command = toDirectLaunch({ form: 'argv', argv: ['touch', join(home, 'ran')] }, null) ?? '';
    const { stdout } = spawnSync(path, [...before, '-c', command], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: home },
    });
    expect(stdout.toString()).toBe('');
    expect(existsSync(join(home, 'ran'))).toBe(false);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('the launch form', () => {
  it.each([
    ['no word', []],
    ['an empty program', ['']],
    ['an option as program', ['-a', 'x']],
    ['an assignment as program', ['A=b']],
    ['a NUL byte', ['echo', 'a\0b']],
    ['a lone surrogate', ['echo', '\ud800']],
    ['a reversed pair', ['echo', '\udc00\ud800']],
    ['more than 128 KiB', ['echo', 'x'.repeat(128 * 1024)]],
  ])('refuses %s', (_name, argv) => {
    expect(() => toLaunchCommand({ form: 'argv', argv }, null)).toThrow(OperationError);
  });

  it.each(['a\0b', '\ud800'])('refuses the folder %j', (cwd) => {
    expect(() => toLaunchCommand({ form: 'argv', argv: ['ls'] }, cwd)).toThrow(OperationError);
  });

  it.each([['line\nfeed'], ['ä'], ['\t']])('is never direct with the word %j', (word) => {
    expect(toDirectLaunch({ form: 'argv', argv: ['echo', word] }, null)).toBeNull();
    expect(toDirectLaunch({ form: 'argv', argv: ['echo'] }, `/${word}`)).toBeNull();
  });

  it('refuses in its direct form what it refuses in the other', () => {
    for (const argv of [[], [''], ['-a'], ['A=b'], ['echo', 'a\0b'], ['echo', 'x'.repeat(128 * 1024)]])
      expect(() => toDirectLaunch({ form: 'argv', argv }, null)).toThrow(OperationError);
  });

  it('is direct for shells of POSIX alone', () => {
    const yes = ['/bin/bash', '/usr/bin/bash', '/bin/sh', '/bin/dash', '/bin/ash', '/bin/ksh', '/usr/bin/mksh'];
    const no = [
      '/bin/zsh',
      '/usr/bin/fish',
      '/bin/tcsh',
      '/bin/csh',
      '/bin/rbash',
      '/sbin/nologin',
      'bash',
      '',
      '/bin/bash ',
    ];
    expect([...yes, ...no].filter(startsDirectly)).toEqual(yes);
  });

  it.runIf(['/bin/bash', '/bin/dash'].every(existsSync))(
    'passes by what start-up files export where /bin/sh is bash',
    () => {
      const form = { form: 'argv', argv: ['dash', '-c', 'pwd -P; printf %s "$@"', 'sh', 'grün', "it's"] } as const;
      const [, script = '', words = ''] =
        /^exec \/bin\/sh -c '(.*?)' sh (.*)$/s.exec(toLaunchCommand(form, home)) ?? [];
      const names = ['echo', 'printf', 'cd', 'test'].map((name) => [`BASH_FUNC_${name}%%`, '() { :; }']);
      const env = { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/x', ...Object.fromEntries(names) };
      const posix = `exec /bin/bash --posix -c '${script}' sh ${words}`;
      const { stdout } = spawnSync('/bin/bash', ['-c', posix], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      expect(stdout.toString()).toMatch(new RegExp(`^${launchMark}\\d+ /bin/x\n${realpathSync(home)}\ngrünit's$`));
    },
  );

  it('runs nothing once nobody is there to hear of it', () => {
    const form = { form: 'argv', argv: ['touch', join(home, 'unheard')] } as const;
    for (const command of [toLaunchCommand(form, null), toDirectLaunch(form, home), toDirectLaunch(form, null)])
      expect(spawnSync('/bin/sh', ['-c', `exec >&-; ${command}`]).status).not.toBe(0);
    expect(existsSync(join(home, 'unheard'))).toBe(false);
  });

  it('reads no option out of a line that begins with a dash', () => {
    expect(toLaunchCommand({ form: 'line', line: '-x' }, null)).toContain("' -x'");
  });
});
