/** `signalbox session …`: what `ls`, `attach`, `rename` and `kill` leave out: earlier sessions, exports, search, and the agent of a session. */
import { type Command, Option } from 'commander';
import { OperationError } from '../../core/codes.ts';
import { withHost } from '../host-client.ts';
import { toCount } from '../options.ts';
import { type CliIo, ioOf, printLine, printNote } from '../output.ts';
import { toSafeLine, toSafeSentence } from '../safe-text.ts';
import { type ExportOptions, exportSession } from '../session/export-session.ts';
import { findTranscript } from '../session/find-transcript.ts';
import { listSessions } from '../session/list-sessions.ts';
import { type SearchOptions, searchSessions } from '../session/search-sessions.ts';
import { toAbsoluteWords } from '../to-absolute-words.ts';
import { toArgv } from '../to-argv.ts';

interface AgentOptions {
  readonly command?: string;
}

export function register(program: Command): void {
  const session = program
    .command('session')
    .description('list, search and export sessions, also ended ones; change and start their agents')
    .addHelpText('after', examples);
  registerReading(session);
  session
    .command('agent')
    .argument('<session>', 'id of the session')
    .argument('[agent]', 'id of the agent that answers from here on')
    .option('--command <argv>', 'instead: a program that is not in the catalogue, as words or a JSON array')
    .description('let another agent answer; the one before can be gone back to')
    .addHelpText('after', '\nExample:\n  signalbox session agent k3fd codex\n')
    .action(async (id: string, agent: string | undefined, options: AgentOptions, command: Command) =>
      switchAgent(ioOf(command), id, agent, options),
    );
  session
    .command('start')
    .argument('<session>', 'id of the session')
    .description('start the agent of a session that rests or failed')
    .addHelpText('after', '\nExample:\n  signalbox session start k3fd\n')
    .action(async (id: string, _options: object, command: Command) => {
      const io = ioOf(command);
      await withHost(io, 'if-needed', (client) => client.call('session.start', { session: id }));
      printLine(io, `The agent of session ${id} runs.`);
    });
  session
    .command('resend')
    .argument('<session>', 'id of the session')
    .option('--drop', 'drop them instead')
    .description('send the prompts that were not sent before an earlier host ended')
    .addHelpText('after', '\nExample:\n  signalbox session resend k3fd\n')
    .action(async (id: string, options: { drop?: true }, command: Command) =>
      resendPrompts(ioOf(command), id, options.drop ? 'drop' : 'send'),
    );
  session
    .command('confirm')
    .argument('<session>', 'id of the session')
    .argument('<server...>', 'servers whose records were changed since the session began')
    .description('these servers are meant as they are registered now; the agent starts again with them')
    .addHelpText('after', '\nExample:\n  signalbox session confirm k3fd web-1\n')
    .action(async (id: string, servers: string[], _options: object, command: Command) => {
      const io = ioOf(command);
      await withHost(io, 'if-needed', (client) => client.call('session.confirmServers', { session: id, servers }));
      printLine(io, `Session ${id} works on ${toSafeLine(servers.join(', '))} as registered now.`);
    });
  session
    .command('rename')
    .argument('<session>', 'id of the session')
    .argument('<title...>', 'its new title')
    .description('rename a session')
    .addHelpText('after', '\nExample:\n  signalbox session rename k3fd upload limit\n')
    .action(async (id: string, words: string[], _options: object, command: Command) => {
      const title = words.join(' ');
      await withHost(ioOf(command), 'if-needed', (client) => client.call('session.rename', { session: id, title }));
    });
}

function registerReading(session: Command): void {
  session
    .command('list')
    .description('sessions that run or rest, newest first')
    .option('--all', 'also those that ended')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox session list --all\n')
    .action(async (options: { all?: true; json?: true }, command: Command) => listSessions(ioOf(command), options));
  session
    .command('export')
    .argument('<session>', 'id of the session')
    .description('a whole session as Markdown or JSON, redacted as its transcript is')
    .addOption(new Option('--format <format>', 'md or json').choices(['md', 'json']).default('md'))
    .option('--output <file>', 'write it there; a file that exists is left alone')
    .addHelpText('after', '\nExample:\n  signalbox session export k3fd --output upload-limit.md\n')
    .action(async (id: string, options: ExportOptions, command: Command) => {
      const io = ioOf(command);
      await exportSession(io, await findTranscript(io, id), options);
    });
  session
    .command('search')
    .argument('<words...>', 'all of them must be in one message or tool call')
    .description('look through all sessions, newest first')
    .option('--limit <count>', 'matches shown', toCount, 50)
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox session search client_max_body_size\n')
    .action(async (words: string[], options: SearchOptions, command: Command) =>
      searchSessions(ioOf(command), words, options),
    );
}

async function switchAgent(io: CliIo, session: string, id: string | undefined, options: AgentOptions): Promise<void> {
  if ((id === undefined) === (options.command === undefined))
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Give either the id of an agent or --command, see `session agent --help`.',
    );
  const agent =
    options.command === undefined
      ? { id: id ?? '' }
      : { command: toAbsoluteWords(io, toArgv(options.command, '--command')) };
  await withHost(io, 'if-needed', (client) => client.call('session.switchAgent', { session, agent }));
  printLine(io, `${toSafeLine('id' in agent ? agent.id : (agent.command[0] ?? ''))} answers in session ${session}.`);
}

async function resendPrompts(io: CliIo, session: string, how: 'send' | 'drop'): Promise<void> {
  const { answered, left } = await withHost(io, 'if-needed', (client) =>
    client.call('session.resend', { session, how }),
  );
  const what = `${answered} ${answered === 1 ? 'prompt' : 'prompts'}`;
  printLine(io, how === 'drop' ? `Dropped ${what}.` : `Session ${session} has ${what} now that were not sent before.`);
  for (const text of left)
    printNote(
      io,
      `Not sent, since it was not kept whole (a secret, files, or its length); write it again: ${toSafeSentence(text)}`,
    );
}

const examples = `
Examples:
  signalbox session list --all
  signalbox session export k3fd --format json --output k3fd.json
  signalbox session search nginx reload
  signalbox session agent k3fd codex
`;
