/** Reveals secrets at the moment they are needed, from where their record says. Keeps none, prints none, runs no shell. */
import { execFile } from 'node:child_process';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Secrets } from '../../core/ports.ts';
import type { SecretSource } from '../../core/server.ts';
import type { Vault } from '../../core/vault.ts';

export interface SecretsOptions {
  readonly vault: Pick<Vault, 'reveal'>;
  /** Learns every value before anybody else. */
  readonly redactor: Pick<Redactor, 'hold'>;
  /** Where {"env"} looks, and what {"command"} runs with; default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: `limits.secretCommandTimeoutMs`. */
  readonly commandTimeoutMs?: number;
}

/** A source is `{"env"}`, `{"command"}` (its first line of output), `{"vault"}` or the plain text itself. */
export function createSecrets(options: SecretsOptions): Secrets {
  const env = options.env ?? process.env;
  return {
    async reveal(source, what, asker) {
      if (typeof source === 'object' && 'vault' in source) return await options.vault.reveal(source.vault, what, asker);
      const value = await valueOf(source, what, env, options.commandTimeoutMs ?? limits.secretCommandTimeoutMs);
      options.redactor.hold(value);
      return value;
    },
  };
}

async function valueOf(
  source: Exclude<SecretSource, { readonly vault: string }>,
  what: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string> {
  if (typeof source === 'string') return source;
  if ('env' in source) {
    const value = env[source.env];
    if (value !== undefined && value !== '') return value;
    throw unavailable(
      what,
      `the environment variable ${source.env} is ${value === '' ? 'empty' : 'not set'}`,
      `set it`,
    );
  }
  return await firstLineOf(source.command, what, env, timeoutMs);
}

/** No shell: the argv runs as it stands. Its stdin is closed; what it prints to stderr may hold anything and is not repeated. */
function firstLineOf(
  argv: readonly string[],
  what: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: outputBytesMax, windowsHide: true },
      (error, stdout) => {
        const line = stdout.split('\n', 1)[0]?.replace(/\r$/, '') ?? '';
        const why = error ? reasonOf(error, timeoutMs) : line === '' ? 'printed nothing' : null;
        if (why === null) resolve(line);
        // The error itself quotes the whole command line, and its output follows it: neither becomes the cause.
        else if (error?.code === 'ENOENT') reject(unavailable(what, ...notFound(argv)));
        else reject(unavailable(what, `the command \`${program}\` ${why}`, `run it yourself to see why`));
      },
    );
    child.stdin?.end();
  });
}

/** A secret is one line; a program that prints megabytes is the wrong one. */
const outputBytesMax = 64 * 1024;

/** One word that is no program may be the secret itself, written where its command belongs: it is not repeated. */
function notFound([program = '', ...args]: readonly string[]): readonly [why: string, next: string] {
  const command =
    args.length === 0 && !program.includes('/') ? 'the command of its record' : `the command \`${program}\``;
  return [`${command} was not found`, 'name a program of this machine that prints it, not the secret itself'];
}

function reasonOf(error: Error & { code?: unknown; killed?: boolean; signal?: unknown }, timeoutMs: number): string {
  if (error.code === 'EACCES') return 'may not be executed';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed too much';
  if (error.killed) return `took longer than ${timeoutMs / 1000} s`;
  if (typeof error.code === 'number') return `failed with exit status ${error.code}`;
  return error.signal ? `was ended by ${String(error.signal)}` : 'could not be started';
}

function unavailable(what: string, why: string, next: string): OperationError {
  return new OperationError('CREDENTIALS_UNAVAILABLE', `There is no ${what}: ${why}; ${next}.`);
}
