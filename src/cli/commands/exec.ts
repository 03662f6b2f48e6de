/** `signalbox exec SERVER -- COMMAND…`: one command of the operator's own, through the gate, with its output and status passed on. */
import { constants } from 'node:os';
import type { Command } from 'commander';
import { escapeExact } from '../../base/display/escape.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { EnvelopeView } from '../../protocol/methods.ts';
import { exitCodes, toExecExitCode } from '../exit-codes.ts';
import { toEnvelopeError } from '../host-client.ts';
import { toMilliseconds } from '../options.ts';
import { type CliIo, ioOf, printJson, printNote } from '../output.ts';
import { performOperation } from '../perform.ts';
import { readInput } from '../read-input.ts';
import { toByteWriter, toSafeSentence } from '../safe-text.ts';

interface ExecOptions {
  readonly cwd?: string;
  readonly timeout?: number;
  readonly stdin?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('exec')
    .argument('<server>', 'id of a registered server')
    .argument('<command...>', 'after `--`: one word is a shell line, several are the words of a command')
    .passThroughOptions()
    .description('run one command on a server, through the gate')
    .option('--cwd <folder>', 'absolute folder on the server to run in')
    .option('--timeout <seconds>', 'end the command after so many seconds', toMilliseconds)
    .option('--stdin', 'give it what is on standard input (it is shown on the card)')
    .option('--json', 'print the result envelope instead of the output')
    .addHelpText('after', examples)
    .action(async (server: string, words: string[], options: ExecOptions, command: Command) => {
      const io = ioOf(command);
      // Words after SERVER are passed through as they are, so the separator is among them.
      const commandWords = words[0] === '--' ? words.slice(1) : words;
      if (commandWords.length === 0)
        throw new OperationError('INVALID_ARGUMENT', 'There is no command after `--`; see `signalbox exec --help`.');
      // No command begins with a dash: it is an option of ours in the wrong place, and must not be sent to the server.
      if (words[0] !== '--' && words[0]?.startsWith('-'))
        throw new OperationError(
          'INVALID_ARGUMENT',
          `Put ${escapeExact(words[0])} before the server; what follows the server is the command, see \`signalbox exec --help\`.`,
        );
      io.exitCode = await exec(io, server, commandWords, options);
    });
}

const examples = `
Options come before SERVER. The status is that of the remote command; failures of signalbox itself are 240 + its exit codes
(124 timed out and 130 cancelled stay as they are). On a terminal the approval card appears right here.

Examples:
  signalbox exec web-1 -- uptime
  signalbox exec web-1 -- 'journalctl -u nginx | tail -20'
  signalbox exec --cwd /srv --json web-1 -- ls -l
`;

async function exec(io: CliIo, server: string, words: readonly string[], options: ExecOptions): Promise<number> {
  const writers = { stdout: toByteWriter(io.stdout), stderr: toByteWriter(io.stderr) };
  try {
    const envelope = await performOperation(io, {
      operation: 'remote_exec',
      input: await toInput(io, server, words, options),
      ...(options.json ? {} : { onOutput: (stream, bytes) => writers[stream].write(bytes) }),
      ...(options.stdin ? { stdinIsTaken: true } : {}),
    });
    writers.stdout.end();
    writers.stderr.end();
    if (options.json) printJson(io, envelope);
    return finish(io, envelope);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    printNote(io, `signalbox: ${toSafeSentence(error.message)}`);
    if (options.json) printJson(io, { status: 'error', tool: 'remote_exec', code: error.code, message: error.message });
    return toExecExitCode(error.code, error);
  }
}

async function toInput(
  io: CliIo,
  server: string,
  words: readonly string[],
  options: ExecOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const [line] = words;
  const stdin = options.stdin
    ? Buffer.from(await readInput(io, undefined, limits.stdinBytesMax)).toString('utf8')
    : null;
  return {
    server,
    ...(words.length === 1 ? { command: line } : { argv: words }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    ...(stdin === null ? {} : { stdin }),
  };
}

/** The remote status where there is one, as a shell would give it; ours otherwise, with one sentence. */
function finish(io: CliIo, envelope: EnvelopeView): number {
  const { exitCode, signal } = envelope.execution;
  if (envelope.code === undefined || envelope.code === 'NON_ZERO_EXIT') {
    if (typeof signal === 'string') return 128 + (signalNumber(signal) ?? 0);
    return exitCode ?? exitCodes.done;
  }
  const error = toEnvelopeError(envelope);
  if (!error) return exitCodes.done;
  printNote(io, `signalbox: ${toSafeSentence(error.message)}`);
  return toExecExitCode(error.code, error);
}

function signalNumber(name: string): number | undefined {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name.startsWith('SIG') ? name : `SIG${name}`];
}
