/** `signalbox policy`: what the gate would say of a command, and the rules behind it; without a host and without touching a server. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf, printExact, printLine } from '../output.ts';
import {
  answerCheck,
  type CheckAnswer,
  type CheckedCommand,
  type CheckRequest,
  checkRequestSchema,
  refuseRequest,
} from '../policy/check-request.ts';
import { openPolicyDesk } from '../policy/policy-desk.ts';
import { requestLines } from '../policy/request-lines.ts';
import { type ShowOptions, showPolicy } from '../policy/show-policy.ts';
import { type TrustPolicyOptions, trustPolicy } from '../policy/trust-policy.ts';
import { type ValidateOptions, validatePolicy } from '../policy/validate-policy.ts';
import { toSafeJson, toSafeLine } from '../safe-text.ts';

interface CheckOptions {
  readonly server?: string;
  readonly cwd?: string;
  readonly json?: true;
  readonly stdin?: true;
}

export function register(program: Command): void {
  const policy = program.command('policy').description('explain what may run without a question, and what may not');
  policy
    .command('check')
    .argument('[command...]', 'one argument is a shell line; after --, words are an argv')
    .description('explain the decision on a command; needs no host and contacts no server')
    .option('--server <id>', 'as on this registered server')
    .option('--cwd <folder>', 'as in this folder, absolute')
    .option('--json', 'print the answer as JSON')
    // Options of the command to check land among the words, where the sentence below says how to write them.
    .allowUnknownOption()
    .option('--stdin', 'read one JSON object a line ({"command","server"?,"cwd"?}) and answer one a line, in order')
    .addHelpText('after', examples)
    .action(async (words: string[], options: CheckOptions, command: Command) => {
      const io = ioOf(command);
      if (options.stdin) await checkStream(words, options, io);
      else await checkOne(toQuestion(words, options, command), options, io);
    });
  policy
    .command('show')
    .description('list the rules in force, each with its file and line')
    .option('--server <id>', 'only those about this registered server')
    .option('--json', 'print them as JSON')
    .action((options: ShowOptions, command: Command) => showPolicy(ioOf(command), options));
  policy
    .command('validate')
    .argument('[file]', 'default: your policy.json and the one of this workspace')
    .description('check rule files with their own examples; status 2 when something is wrong')
    .option('--workspace', "as a workspace's file, which may only narrow")
    .option('--json', 'print what was found as JSON')
    .action((file: string | undefined, options: ValidateOptions, command: Command) =>
      validatePolicy(ioOf(command), file, options),
    );
  policy
    .command('trust')
    .description("show the rules of this workspace's .signalbox/policy.json and trust them as they are now")
    .option('--yes', 'do not ask')
    .action((options: TrustPolicyOptions, command: Command) => trustPolicy(ioOf(command), options));
}

export { register as registerPolicy };

const examples = `
Examples:
  signalbox policy check 'tail -n 100 /var/log/syslog'
  signalbox policy check --server web-1 -- systemctl restart nginx
  echo '{"command":"cat /etc/shadow"}' | signalbox policy check --stdin

The exit status is 0 for an answer, and 3 when a single command is rejected.
`;

async function checkOne(question: CheckedCommand, options: CheckOptions, io: CliIo): Promise<void> {
  const desk = openPolicyDesk(io);
  const target = options.server === undefined ? null : await desk.target(options.server);
  const answer = answerCheck(await desk.policy(), question, target);
  if (options.json) io.stdout.write(`${toSafeJson(answer)}\n`);
  else printAnswer(answer, io);
  if (answer.decision === 'reject') io.exitCode = exitCodes.rejected;
}

function printAnswer(answer: CheckAnswer, io: CliIo): void {
  printLine(io, `${answer.decision} (${answer.rule})`);
  printLine(io, '');
  for (const line of answer.display) printExact(io.stdout, line);
  printLine(io, '');
  printLine(io, 'Links are not looked at here; on the server, where a path really leads is judged, too.');
}

/** The words after `--` are an argv; before it there may be one shell line. */
function toQuestion(words: readonly string[], options: CheckOptions, command: Command): CheckedCommand {
  const shared = { cwd: options.cwd ?? null, hasStdin: false };
  const after = wordsAfterDashes(command);
  if (after !== null && after.length === words.length && words.length > 0) {
    return { kind: 'argv', argv: words, ...shared };
  }
  const [line] = words;
  if (line === undefined) {
    throw new OperationError('INVALID_ARGUMENT', 'Name a command to check, or use --stdin to read requests.');
  }
  if (line.startsWith('-')) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `There is no option ${toSafeLine(line)}; see \`signalbox policy check --help\`, and put -- before the words of a command.`,
    );
  }
  if (words.length > 1) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Give the command as one quoted argument, or put -- before its words: signalbox policy check -- ${words.map(toSafeLine).join(' ')}`,
    );
  }
  return { kind: 'line', line, ...shared };
}

/** Null when there is no `--`. The parser drops it, so it is looked up in the words as they were typed. */
function wordsAfterDashes(command: Command): readonly string[] | null {
  let root: Command = command;
  while (root.parent !== null) root = root.parent;
  const { rawArgs } = root as Command & { readonly rawArgs?: readonly string[] };
  const at = rawArgs?.indexOf('--') ?? -1;
  return rawArgs === undefined || at < 0 ? null : rawArgs.slice(at + 1);
}

/** Answers each line as soon as it is read; a line that cannot be understood is answered with a reject, in its place. */
async function checkStream(words: readonly string[], options: CheckOptions, io: CliIo): Promise<void> {
  if (words.length > 0) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'With --stdin the commands are read from standard input; leave the argument out.',
    );
  }
  const desk = openPolicyDesk(io);
  for await (const line of requestLines(io.stdin)) {
    const request = readRequest(line);
    const answer = 'decision' in request ? request : await answerRequest(request);
    io.stdout.write(`${toSafeJson(answer)}\n`);
  }

  async function answerRequest(request: CheckRequest): Promise<CheckAnswer> {
    const server = request.server ?? options.server;
    const cwd = request.cwd ?? options.cwd ?? null;
    let policy: Policy;
    try {
      policy = await desk.policy();
    } catch (error) {
      // A bad rule file refuses everything, as the gate does.
      if (error instanceof OperationError) return refuseRequest('policy.invalid', error.message);
      throw error;
    }
    try {
      const target = server === undefined ? null : await desk.target(server);
      return answerCheck(policy, { kind: 'line', line: request.command, cwd, hasStdin: false }, target);
    } catch (error) {
      if (error instanceof OperationError) return refuseRequest('request.server', error.message);
      throw error;
    }
  }
}

function readRequest(line: string | null): CheckRequest | CheckAnswer {
  if (line === null) return refuseRequest('request.malformed', 'The line is too long to be a request.');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refuseRequest('request.malformed', 'The line is not JSON; send one object a line.');
  }
  const parsed = checkRequestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0];
  const problem =
    where === undefined ? 'it does not fit' : `${[...where.path].join('.') || 'the object'}: ${where.message}`;
  return refuseRequest('request.malformed', `The request must be {"command", "server"?, "cwd"?}; ${problem}.`);
}
