/**
 * Programs that a key of the screen starts: on the terminal that the screen has given away, or quietly. Knows no view and no key; what starts
 * them is loaded then, since the first frame needs it not.
 */
import { constants } from 'node:os';
import { toCommandWords } from '../tui/command-words.ts';
import type { LocalPrograms } from '../tui/local-programs.ts';
import { exitCodes } from './exit-codes.ts';
import { toSafeLine } from './safe-text.ts';

/** Editing a file takes a moment; a program that takes longer is stuck. */
const quietMs = 30_000;
/** Room for the hosts of a long ~/.ssh/config. */
const outputCharactersMax = 262_144;

/** @param main the file of this program. `env` names the editor. */
export function createScreenPrograms(main: string, env: NodeJS.ProcessEnv = {}): LocalPrograms {
  return {
    self: [process.execPath, main],
    editor: toEditorArgv(env),
    runOnTerminal: async (argv, after = 'wait') => {
      if (after === 'return') return await runOnTerminal(argv);
      process.stdout.write(`\n$ ${toSafeLine(toShownWords(argv).join(' '))}\n\n`);
      const status = await runOnTerminal(argv);
      // Whoever said no has read what there was to read.
      if (status === exitCodes.cancelled) return status;
      process.stdout.write(`\n${status === 0 ? 'It has ended.' : `It has ended with status ${status}.`}`);
      process.stdout.write(' Enter goes back to signalbox.\n');
      await untilEnter();
      return status;
    },
    runQuietly,
  };
}

/** VISUAL, else EDITOR, else vi (POSIX.1-2024, Environment Variables). Arguments in it are taken as a shell would split them. */
export function toEditorArgv(env: NodeJS.ProcessEnv): readonly string[] {
  for (const line of [env['VISUAL'], env['EDITOR']]) {
    const words = line === undefined ? null : toCommandWords(line);
    if (words !== null && words.length > 0) return words;
  }
  return ['vi'];
}

/** Our own program is called by its name. */
function toShownWords(argv: readonly string[]): readonly string[] {
  return argv[0] === process.execPath ? ['signalbox', ...argv.slice(2)] : argv;
}

async function runOnTerminal([program = '', ...args]: readonly string[]): Promise<number> {
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', (error) => {
      process.stdout.write(`${toSafeLine(`It could not be started (${error.message}).`)}\n`);
      resolve(-1);
    });
    child.once('close', (status, signal) => resolve(toStatus(status, signal)));
  });
}

/** As a shell counts it: 130 for Ctrl-C. */
function toStatus(status: number | null, signal: NodeJS.Signals | null): number {
  return status ?? (signal === null ? -1 : 128 + constants.signals[signal]);
}

function untilEnter(): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    // A terminal that is gone answers nothing any more.
    const end = (): void => {
      stdin.off('data', end);
      stdin.off('end', end);
      stdin.pause();
      resolve();
    };
    stdin.on('data', end);
    stdin.on('end', end);
    stdin.resume();
  });
}

async function runQuietly(
  [program = '', ...args]: readonly string[],
  input?: string,
): ReturnType<LocalPrograms['runQuietly']> {
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: quietMs });
    let words = '';
    let output = '';
    const keep = (chunk: string): void => {
      words = `${words}${chunk}`.slice(-outputCharactersMax);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      keep(chunk);
      output = `${output}${chunk}`.slice(-outputCharactersMax);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ status: -1, words: error.message }));
    // A program that ended without reading it has said why.
    child.stdin.on('error', () => undefined).end(input ?? '');
    child.once('close', (status, signal) =>
      resolve({ status: toStatus(status, signal), words: toLastLine(words), output }),
    );
  });
}

/** Without the name that errors begin with. */
function toLastLine(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').replace(/^signalbox: /, '');
}
