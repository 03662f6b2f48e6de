#!/usr/bin/env node
/** The program: argv to one file in cli/. It loads nothing that the asked-for path does not need, since start-up time is felt. */

// Built, this file alone is CommonJS, since Node takes 10 ms for the first ES module: so nothing here is awaited outside of a function.
import { isatty } from 'node:tty';

const argv = process.argv.slice(2);

void main();

async function main(): Promise<void> {
  endWithTerminal();
  endWithReader(process.stdout);
  process.exitCode = await run();
  // What was written must arrive, but a forgotten handle must not keep the process.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit();
}

/**
 * Node sets the terminals it began with to what they were then, and aborts, with a core file, where one is gone: it is left before that, by what a
 * terminal that goes ends programs with.
 */
function endWithTerminal(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', (status) => {
    if (terminals.every((descriptor) => isatty(descriptor))) return;
    // What others do at the end comes first.
    process.emit('exit', status);
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** A reader that went away (`| head`) is no failure of ours; nor is a terminal, which tells everyone by SIGHUP. */
function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (error.code !== 'EIO') throw error;
  });
}

async function run(): Promise<number> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    process.stderr.write('signalbox: this system is not supported; use Linux or macOS (on Windows: WSL).\n');
    return 2;
  }
  const screen = toScreenWords(argv);
  if (screen !== null) {
    // Node makes this stream when it is first asked for, which can wait until the first frame is drawn.
    setImmediate(() => endWithReader(process.stderr));
    const { runScreen } = await import('./cli/commands/screen.ts');
    return await runScreen(screen);
  }
  endWithReader(process.stderr);
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const { readVersion } = await import('./cli/version.ts');
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const { runCli } = await import('./cli/program.ts');
  return await runCli(argv);
}

/** What a call without a command says about the screen; null for every other call. */
function toScreenWords(words: readonly string[]): { readonly ascii: boolean; readonly theme?: string } | null {
  let theme: string | undefined;
  let ascii = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--ascii') ascii = true;
    else if (word.startsWith('--theme=')) theme = word.slice('--theme='.length);
    else if (word === '--theme' && at + 1 < words.length) {
      at += 1;
      theme = words[at];
    } else return null;
  }
  return { ascii, ...(theme === undefined ? {} : { theme }) };
}
