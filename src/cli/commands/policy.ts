/** `signalbox policy check`: explains what the gate would say of a command, without a host and without touching a server. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { createPolicy } from '../../core/policy/create-policy.ts';
import type { Registry } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf, printLine } from '../output.ts';
import {
  answerCheck,
  type CheckAnswer,
  type CheckedCommand,
  type CheckRequest,
  checkRequestSchema,
  refuseRequest,
} from '../policy/check-request.ts';
import { requestLines } from '../policy/request-lines.ts';
import { toSafeJson } from '../safe-text.ts';

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
    .option('--stdin', 'read one JSON object a line ({"command","server"?,"cwd"?}) and answer one a line, in order')
    .addHelpText('after', examples)
    .action(async (words: string[], options: CheckOptions, command: Command) => {
      const io = ioOf(command);
      if (options.stdin) await checkStream(words, options, io);
      else await checkOne(toQuestion(words, options, command), options, io);
    });
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
  const target = options.server === undefined ? null : await targets(io)(options.server);
  const answer = answerCheck(createPolicy(), question, target);
  if (options.json) io.stdout.write(`${toSafeJson(answer)}\n`);
  else printAnswer(answer, io);
  if (answer.decision === 'reject') io.exitCode = exitCodes.rejected;
}

function printAnswer(answer: CheckAnswer, io: CliIo): void {
  printLine(io, `${answer.decision} (${answer.rule})`);
  printLine(io, '');
  for (const line of answer.display) printLine(io, line);
  printLine(io, '');
  printLine(io, 'realPath: unchecked (links are resolved on the server, when the command runs)');
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
  if (words.length > 1) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Give the command as one quoted argument, or put -- before its words.',
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
  const policy = createPolicy();
  const findTarget = targets(io);
  for await (const line of requestLines(io.stdin)) {
    const request = readRequest(line);
    const answer = 'decision' in request ? request : await answerRequest(request);
    io.stdout.write(`${toSafeJson(answer)}\n`);
  }

  async function answerRequest(request: CheckRequest): Promise<CheckAnswer> {
    const server = request.server ?? options.server;
    const cwd = request.cwd ?? options.cwd ?? null;
    try {
      const target = server === undefined ? null : await findTarget(server);
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

/** Resolves servers of the caller's workspace; the registry is loaded when the first one is asked for, and each is asked once. */
function targets(io: CliIo): (id: string) => Promise<Target> {
  let registry: Promise<{ readonly registry: Registry; readonly workspace: string | null }> | null = null;
  const known = new Map<string, Promise<Target>>();
  return (id) => {
    registry ??= loadRegistry(io);
    const found = known.get(id) ?? registry.then((loaded) => loaded.registry.resolve(id, loaded.workspace));
    known.set(id, found);
    return found;
  };
}

async function loadRegistry(io: CliIo): Promise<{ readonly registry: Registry; readonly workspace: string | null }> {
  const [{ createRegistry }, { findWorkspace }, { toPaths }] = await Promise.all([
    import('../../runtime/registry/create-registry.ts'),
    import('../../runtime/registry/find-workspace.ts'),
    import('../../runtime/paths.ts'),
  ]);
  return { registry: createRegistry({ paths: toPaths(io.env), env: io.env }), workspace: findWorkspace(io.cwd) };
}
