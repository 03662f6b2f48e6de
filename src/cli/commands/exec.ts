/** `signalbox exec SERVERS -- COMMAND…`: one command of the operator's own, through the gate, with its output and status passed on. */
import { constants } from 'node:os';
import type { Command } from 'commander';
import { escapeExact } from '../../base/display/escape.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { EnvelopeView } from '../../protocol/methods.ts';
import { type EachResult, runOnEach } from '../exec/run-on-each.ts';
import { exitCodes, toExecExitCode } from '../exit-codes.ts';
import { toEnvelopeError } from '../host-client.ts';
import { collectWords, toMilliseconds } from '../options.ts';
import { type CliIo, ioOf, printJson, printNote } from '../output.ts';
import { performOperation } from '../perform.ts';
import { readInput } from '../read-input.ts';
import { toByteWriter, toSafeSentence } from '../safe-text.ts';

interface ExecOptions {
  readonly cwd?: string;
  readonly timeout?: number;
  readonly stdin?: true;
  readonly durable?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('exec')
    .argument('<servers>', 'id of a registered server, or several with commas')
    .argument('<command...>', 'after `--`: one word is a shell line, several are the words of a command')
    .passThroughOptions()
    .description('run one command on one or several servers, through the gate')
    .option('--cwd <folder>', 'absolute folder on the server to run in')
    .option('--timeout <seconds>', 'end the command after so many seconds', toMilliseconds)
    .option('--stdin', 'give it what is on standard input (it is shown on the card)')
    .option('--durable', 'let it go on there when the connection, or this command, ends')
    .option('--json', 'print the result envelope instead of the output, one for each server')
    .addHelpText('after', examples)
    .action(async (list: string, words: string[], options: ExecOptions, command: Command) => {
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
      io.exitCode = await exec(io, toServers(list), commandWords, options);
    });
}

const examples = `
Options come before SERVERS. The status is that of the remote command; failures of signalbox itself are 240 + its exit codes
(124 timed out and 130 cancelled stay as they are). On a terminal the approval card appears right here.

On several servers, at most ${limits.serversAtOnceMax} at once, each line of output begins with the id of its server, and each server has its own approval
and record. The status is 0 when all were 0, else that of the first in your list that was not. Ctrl-C ends them all (130).

Examples:
  signalbox exec web-1 -- uptime
  signalbox exec web-1 -- 'journalctl -u nginx | tail -20'
  signalbox exec --cwd /srv --json web-1 -- ls -l
  signalbox exec --durable web-1 -- apt-get -y dist-upgrade
  signalbox exec web-1,web-2 -- systemctl is-active nginx
`;

/** Each once, in the order of the list. */
function toServers(list: string): readonly string[] {
  const servers = [...new Set(collectWords(list, []))];
  if (servers.length > 0) return servers;
  throw new OperationError('INVALID_ARGUMENT', 'Name at least one server; `signalbox server list` shows them.');
}

async function exec(
  io: CliIo,
  servers: readonly string[],
  words: readonly string[],
  options: ExecOptions,
): Promise<number> {
  return await withStatus(io, 'remote_exec', options, async () => {
    const input = await toInput(io, words, options);
    const [server = ''] = servers;
    return servers.length === 1
      ? await performShown(io, 'remote_exec', { server, ...input }, options)
      : await execOnEach(io, servers, input, options);
  });
}

type Shown = Pick<ExecOptions, 'json' | 'stdin'>;

/** The status, also where nothing came of it: then with its sentence. */
export async function withStatus(
  io: CliIo,
  tool: string,
  options: Shown,
  task: () => Promise<number>,
): Promise<number> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    printNote(io, `signalbox: ${toSafeSentence(error.message)}`);
    if (options.json) printJson(io, { status: 'error', tool, code: error.code, message: error.message });
    return toExecExitCode(error.code, error);
  }
}

/** A command's output as it comes, or with `json` its envelope at the end; gives its status. */
export async function performShown(io: CliIo, operation: string, input: Input, options: Shown): Promise<number> {
  const writers = { stdout: toByteWriter(io.stdout), stderr: toByteWriter(io.stderr) };
  const envelope = await performOperation(io, {
    ...{ operation, input },
    ...(options.json ? {} : { onOutput: (stream, bytes) => writers[stream].write(bytes) }),
    ...(options.stdin ? { stdinIsTaken: true } : {}),
  });
  writers.stdout.end();
  writers.stderr.end();
  if (options.json) printJson(io, envelope);
  const { status, sentence } = toEnd(envelope);
  if (sentence !== null) printNote(io, `signalbox: ${sentence}`);
  return status;
}

async function execOnEach(io: CliIo, servers: readonly string[], input: Input, options: ExecOptions): Promise<number> {
  const each = {
    ...{ operation: 'remote_exec', servers, toInput: (server: string) => ({ server, ...input }) },
    output: options.json ? ('drop' as const) : ('show' as const),
    ...(options.stdin ? { stdinIsTaken: true as const } : {}),
  };
  const results = await runOnEach(io, each, {
    onEnd: (result, lines) => {
      const { sentence } = toEachEnd(result);
      if (sentence !== null) lines.note(result.server, `signalbox: ${sentence}`);
      if (options.json) printJson(io, toEnvelope(result));
    },
  });
  const ends = results.map((result) => ({ server: result.server, status: toEachEnd(result).status }));
  const failed = ends.filter(({ status }) => status !== exitCodes.done);
  if (failed.length > 0) {
    const which = failed.map(({ server, status }) => `${server} (${status})`).join(', ');
    printNote(io, `signalbox: ${failed.length} of ${servers.length} servers did not end with 0: ${which}.`);
  }
  // Whoever pressed Ctrl-C did not let the rest tell.
  if (results.some((result) => codeOf(result) === 'CANCELLED')) return exitCodes.cancelled;
  return failed[0]?.status ?? exitCodes.done;
}

type Input = Readonly<Record<string, unknown>>;

/** All but the server. */
async function toInput(io: CliIo, words: readonly string[], options: ExecOptions): Promise<Input> {
  const [line] = words;
  const stdin = options.stdin
    ? Buffer.from(await readInput(io, undefined, limits.stdinBytesMax)).toString('utf8')
    : null;
  return {
    ...(words.length === 1 ? { command: line } : { argv: words }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    ...(stdin === null ? {} : { stdin }),
    ...(options.durable ? { durable: true } : {}),
  };
}

interface End {
  readonly status: number;
  /** What to do next, where the remote command does not say it itself. */
  readonly sentence: string | null;
}

/** The remote status where there is one, as a shell would give it; ours otherwise, with one sentence. */
function toEnd(envelope: EnvelopeView): End {
  const { exitCode, signal } = envelope.execution;
  if (envelope.code === undefined || envelope.code === 'NON_ZERO_EXIT') {
    const advice = envelope.data?.['advice'];
    const sentence = typeof advice === 'string' ? toSafeSentence(advice) : null;
    if (typeof signal === 'string') return { status: 128 + (signalNumber(signal) ?? 0), sentence: null };
    return { status: exitCode ?? exitCodes.done, sentence };
  }
  const error = toEnvelopeError(envelope);
  return error ? toFailure(error) : { status: exitCodes.done, sentence: null };
}

function toFailure(error: OperationError): End {
  return { status: toExecExitCode(error.code, error), sentence: toSafeSentence(error.message) };
}

function toEachEnd(result: EachResult): End {
  return 'envelope' in result ? toEnd(result.envelope) : toFailure(result.error);
}

function codeOf(result: EachResult): string | undefined {
  return 'envelope' in result ? result.envelope.code : result.error.code;
}

/** Each document names its server, also where there was no answer. */
function toEnvelope(result: EachResult): object {
  const { server } = result;
  if ('envelope' in result) return { ...result.envelope, server };
  const { code, message } = result.error;
  return { status: 'error', tool: 'remote_exec', server, code, message };
}

function signalNumber(name: string): number | undefined {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name.startsWith('SIG') ? name : `SIG${name}`];
}
