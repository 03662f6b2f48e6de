/** Runs the operator's own notification program: an argv without a shell, a short environment, a time limit. Decides nothing about when. */
import { spawn } from 'node:child_process';
import { limits } from '../core/limits.ts';

export interface NotifyCommandOptions {
  /** The program, then its arguments; an argument that is exactly `{text}` becomes the text. Never empty. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Default: `limits.notifyCommandTimeoutMs`. */
  readonly timeoutMs?: number;
}

/** What desktop and mail programs need, and no secret of the operator's shell. */
const passed = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'XDG_SESSION_TYPE',
  'DBUS_SESSION_BUS_ADDRESS',
] as const;

/** The text also comes on standard input, with a line end. Rejects with one sentence when the program cannot start, fails, or takes too long. */
export function createNotifyCommand(options: NotifyCommandOptions): (text: string) => Promise<void> {
  const env: Record<string, string> = {};
  for (const name of passed) {
    const value = options.env[name];
    if (value !== undefined) env[name] = value;
  }
  return (text) => run({ ...options, env }, text);
}

function run(options: NotifyCommandOptions, text: string): Promise<void> {
  const { env, timeoutMs = limits.notifyCommandTimeoutMs } = options;
  const [program = '', ...args] = options.argv.map((word) => (word === '{text}' ? text : word));
  return new Promise((resolve, reject) => {
    // A process group of its own, so that what the program started ends with it.
    const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endGroup(child.pid);
    }, timeoutMs);
    const finish = (problem: string | null): void => {
      clearTimeout(timer);
      if (problem === null) resolve();
      else reject(new Error(`The notification command \`${program}\` ${problem}.`));
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      finish(`could not be started (${error.code ?? error.message})`),
    );
    child.once('exit', (code, signal) => {
      if (isLate) finish(`took longer than ${timeoutMs / 1000} s and was ended`);
      else if (code === 0) finish(null);
      else finish(code === null ? `was ended by ${signal}` : `failed with exit status ${code}`);
    });
    // A program that does not read its input closes it; the text was an offer.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${text}\n`);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in this moment.
  }
}
