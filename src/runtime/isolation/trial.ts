/** Looks for a program and tries a command line once, since a file that is there proves little. It knows no sandbox. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** Long enough for a busy machine; a trial that hangs means that it does not work. */
const trialTimeoutMs = 10_000;

/** First match on a search path like PATH, as it is found there: some programs decide by their name what they are. Null when there is none. */
export async function findInPath(name: string, searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(':')) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/** Null when the command line ends with status 0; else the first line of what it complained of. The environment is empty. */
export async function tryCommand(argv: readonly string[]): Promise<string | null> {
  const [program = '', ...args] = argv;
  try {
    const running = promisify(execFile)(program, args, { env: {}, timeout: trialTimeoutMs });
    // One that reads its input must not wait for ours.
    running.child.stdin?.end();
    await running;
    return null;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr ?? '').split('\n').filter((line) => line.trim() !== '' && !line.includes('syslog'));
    return lines[0]?.trim() ?? message.split('\n')[0] ?? 'it failed without a word';
  }
}
