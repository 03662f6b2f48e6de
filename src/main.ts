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
  if (argv.every((word) => word === '--ascii')) {
    const { runScreen } = await import('./cli/commands/screen.ts');
    return await runScreen({ ascii: argv.length > 0 });
  }
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const { readVersion } = await import('./cli/version.ts');
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const { runCli } = await import('./cli/program.ts');
  return await runCli(argv);
}
