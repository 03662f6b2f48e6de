/** `signalbox commands …`: the commands that go on without us (`exec --durable`, or an agent's): listed, followed again, ended and cleared away. */
import type { Command } from 'commander';
import { OperationError } from '../../core/codes.ts';
import type { DurableNote } from '../../core/durable.ts';
import { createDurableNotes } from '../../runtime/durable/create-durable-notes.ts';
import { toPaths } from '../../runtime/paths.ts';
import { toMilliseconds } from '../options.ts';
import { type CliIo, ioOf, printJson, printLine, printTable } from '../output.ts';
import { toReadableLine, toSafeLine } from '../safe-text.ts';
import { toSpan } from '../spans.ts';
import { performShown, withStatus } from './exec.ts';

interface FollowOptions {
  readonly timeout?: number;
  readonly json?: true;
}

export function register(program: Command): void {
  const commands = program
    .command('commands')
    .description('list, follow and end commands that go on without signalbox')
    .addHelpText('after', examples);
  commands
    .command('list')
    .description('those that go on or have not been read to their end, and for a day those that have; oldest first')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  signalbox commands list --json\n')
    .action(async (options: { json?: true }, command: Command) => list(ioOf(command), options));
  for (const { act, description, hasTimeout } of acts) {
    const registered = commands
      .command(act)
      .argument('<id>')
      .description(description)
      .option('--json', 'print the result envelope instead of the output')
      .addHelpText('after', `\nExample:\n  signalbox commands ${act} mg3k2h1x-7fq2k\n`)
      .action(async (id: string, options: FollowOptions, command: Command) => perform(ioOf(command), id, act, options));
    if (hasTimeout)
      registered.option('--timeout <seconds>', 'leave it after so many seconds; it goes on', toMilliseconds);
  }
}

type Act = 'look' | 'follow' | 'stop' | 'remove';

/** What can be done with one that is known. */
const acts: readonly { readonly act: Act; readonly description: string; readonly hasTimeout?: true }[] = [
  { act: 'look', description: 'look on its server whether it runs, or with which status it has ended' },
  {
    ...{ act: 'follow', hasTimeout: true },
    description: 'show its output from where it was read to, until it ends; its status is passed on',
  },
  { act: 'stop', description: 'end it with all it has started, and show the rest of its output' },
  { act: 'remove', description: 'forget it, and remove what it printed from its server; it is not ended' },
];

const examples = `
A durable command keeps its output in a private folder of its account (~/.cache/signalbox/commands) until it was read to its end, or for a
week after it ended. The list is what is known here; only looking after one asks its server.

Examples:
  signalbox exec --durable web-1 -- apt-get -y dist-upgrade
  signalbox commands list
  signalbox commands follow mg3k2h1x-7fq2k
`;

async function list(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const notes = await createDurableNotes(toPaths(io.env).commandsFolder).list();
  if (options.json) return printJson(io, notes);
  if (notes.length === 0) return printLine(io, 'No durable commands.');
  const nowMs = Date.now();
  printTable(
    io,
    ['ID', 'SERVER', 'STATE', 'STARTED', 'READ', 'COMMAND'],
    notes.map((note) => toRow(note, nowMs)),
  );
}

function toRow({ id, server, startedAt, title, ...note }: DurableNote, nowMs: number): readonly string[] {
  const { state, exitCode, stdoutBytes, stderrBytes, doneAt } = note;
  const ago = `${toSpan(nowMs - Date.parse(startedAt))} ago`;
  const standing = exitCode === null ? state : `${state} (${exitCode})`;
  const read = doneAt === null ? `${stdoutBytes + stderrBytes} B` : 'all';
  return [id, toSafeLine(server), standing, ago, read, toReadableLine(title)];
}

async function perform(io: CliIo, id: string, act: Act, { timeout, ...options }: FollowOptions): Promise<void> {
  io.exitCode = await withStatus(io, 'durable_command', options, async () => {
    const note = await createDurableNotes(toPaths(io.env).commandsFolder).find(id);
    if (note === null)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `No durable command "${id}" is known here; \`signalbox commands list\` shows those there are.`,
      );
    const input = { server: note.server, command: id, act, ...(timeout === undefined ? {} : { timeoutMs: timeout }) };
    return await performShown(io, 'durable_command', input, options);
  });
}
