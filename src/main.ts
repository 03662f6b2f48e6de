#!/usr/bin/env node
/** The program: argv to one file in cli/. It loads nothing that the asked-for path does not need, since start-up time is felt. */

const argv = process.argv.slice(2);

// A reader that went away (`| head`) is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await run();
// What was written must arrive, but a forgotten handle must not keep the process.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit();

async function run(): Promise<number> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    process.stderr.write('signalbox: this system is not supported; use Linux or macOS (on Windows: WSL).\n');
    return 2;
  }
  const screen = toScreenWords(argv);
  if (screen !== null) {
    const { runScreen } = await import('./cli/commands/screen.ts');
    return await runScreen(screen);
  }
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
