/** The frame of the command line: help, versions, mistakes and failures, the same for every command. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { reportFailure } from '../../src/cli/failure.ts';
import { ioOf, processIo } from '../../src/cli/output.ts';
import { buildProgram, descendants } from '../../src/cli/program.ts';
import { OperationError } from '../../src/core/codes.ts';
import { openWorkbench, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, runInProcess } from './run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());
const signalbox = (...argv: string[]): Promise<CliRun> => runInProcess(argv, { env: bench.env, cwd: bench.folder });

describe('help and version', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await signalbox('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('names every command but the hidden ones', async () => {
    const { code, stdout } = await signalbox('--help');
    expect(code).toBe(0);
    for (const { name, hidden } of commandTable)
      expect(new RegExp(`^  ${name}\\b`, 'm').test(stdout)).toBe(hidden !== true);
  });

  it('is the same with `help NAME` and `NAME --help`', async () => {
    expect(await signalbox('help', 'server', 'add')).toEqual(await signalbox('server', 'add', '--help'));
    expect((await signalbox('help')).stdout).toBe((await signalbox('--help')).stdout);
  });

  it('has a summary for every command', async () => {
    for (const command of descendants(await buildProgram('all', processIo))) {
      expect([command.name(), command.description()]).not.toEqual([command.name(), '']);
    }
  });

  it.each(['server', 'doctor', 'info', 'completion'])('has examples for %s and what is below it', async (name) => {
    const program = await buildProgram(name, processIo);
    for (const command of descendants(program)) {
      const path = pathOf(command);
      if (path[0] !== name) continue;
      const help = await signalbox(...path, '--help');
      expect([path, /Examples?:/.test(help.stdout)]).toEqual([path, true]);
    }
  });

  it('registers each command under the name and summary of the table', async () => {
    for (const row of commandTable) {
      const command = (await buildProgram(row.name, processIo)).commands.filter((one) => one.name() === row.name);
      expect([row.name, command.length]).toEqual([row.name, 1]);
      expect(ioOf(command[0] as never)).toBe(processIo);
    }
  });
});

function pathOf(command: { name(): string; parent: unknown }): string[] {
  const parent = command.parent as { name(): string; parent: unknown } | null;
  return parent ? [...pathOf(parent), command.name()] : [];
}

describe('mistakes are one sentence on stderr and status 2', () => {
  it.each([
    [['sevrer'], "unknown command 'sevrer' (did you mean server?); see `signalbox --help`."],
    [['server', 'lst'], "unknown command 'lst' (did you mean list?); see `signalbox server --help`."],
    [
      ['server', 'list', '--jsno'],
      "unknown option '--jsno' (did you mean --json?); see `signalbox server list --help`.",
    ],
    [['--nonsense'], "unknown option '--nonsense'"],
    [['server', 'show'], "missing required argument 'id'"],
    [['server', 'show', 'a', 'b'], 'too many arguments'],
    [['completion', 'csh'], 'Allowed choices are bash, zsh, fish'],
    [['completion'], 'Name the shell: `signalbox completion bash`, `signalbox completion zsh`'],
    [['file', 'search'], "unknown command 'search'; see `signalbox file --help`."],
    [['zzzzzz'], "unknown command 'zzzzzz'; see `signalbox --help`."],
    [['server', 'show', 'web-1'], 'No server "web-1" is registered'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await signalbox(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.startsWith('signalbox: ')).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('failures', () => {
  const report = (error: unknown, json: boolean): { code: number; stdout: string; stderr: string } => {
    const out = { stdout: '', stderr: '' };
    const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (out[name] += text) });
    const io = { ...processIo, env: {}, stdout: sink('stdout'), stderr: sink('stderr') } as never;
    return { code: reportFailure(error, io, { json }), ...out };
  };

  it('are a sentence, and JSON where that was asked for', () => {
    const error = new OperationError('HOST_KEY_UNKNOWN', 'The key is not known.', {
      data: { fingerprint: 'SHA256:x' },
    });
    expect(report(error, false)).toEqual({ code: 7, stdout: '', stderr: 'signalbox: The key is not known.\n' });
    expect(JSON.parse(report(error, true).stdout)).toEqual({
      status: 'error',
      code: 'HOST_KEY_UNKNOWN',
      message: 'The key is not known.',
      data: { fingerprint: 'SHA256:x' },
    });
  });

  it('show no control character of what they quote', () => {
    expect(report(new OperationError('CONFIG_INVALID', 'a\u001b[2Jb\nc'), false).stderr).toBe(
      'signalbox: a\\x1b[2Jb / c\n',
    );
  });

  it.each([new Error('boom'), 'boom', null])('that are bugs say so: %s', (error) => {
    const { code, stderr } = report(error, false);
    expect([code, stderr]).toEqual([1, expect.stringContaining('SIGNALBOX_DEBUG=1')]);
  });
});
