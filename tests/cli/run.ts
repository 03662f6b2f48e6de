/** Runs the command line inside the test process: arguments in, status and text out. */
import { PassThrough, Writable } from 'node:stream';
import type { CliIo } from '../../src/cli/output.ts';
import { runCli } from '../../src/cli/program.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin?: string;
  /** Answers typed at a terminal, one a question; `<code>` is the code the question names, `<wait>` is never typed. Without them there is no terminal. */
  readonly answers?: readonly string[];
  readonly stdoutIsTerminal?: boolean;
  /** Called with each question, before it is answered. */
  readonly onQuestion?: (question: string) => void;
}

export async function runInProcess(argv: readonly string[], options: CliRunOptions): Promise<CliRun> {
  const out = { stdout: '', stderr: '' };
  const stdin = new PassThrough();
  const answers = [...(options.answers ?? [])];
  const isTTY = options.answers !== undefined;
  const collect = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        out[name] += chunk.toString();
        // A question ends with a space and without a line end; then its answer is typed.
        if (name === 'stderr' && isTTY && / $/.test(chunk.toString())) {
          options.onQuestion?.(chunk.toString());
          const answer = answers.shift();
          const code = /type ([a-z]{4}): $/.exec(chunk.toString())?.[1] ?? '';
          if (answer === undefined) stdin.end();
          else if (answer !== '<wait>') stdin.write(`${answer.replace('<code>', code)}\n`);
        }
        done();
      },
    });
  if (!isTTY) stdin.end(options.stdin ?? '');
  const io: CliIo = {
    stdin: Object.assign(stdin, { isTTY }),
    stdout: Object.assign(collect('stdout'), { isTTY: options.stdoutIsTerminal === true, columns: 100 }),
    stderr: Object.assign(collect('stderr'), { isTTY, columns: 100 }),
    env: options.env,
    cwd: options.cwd,
    exitCode: 0,
  };
  const code = await runCli(argv, io);
  return { code, ...out };
}
