/** `signalbox file …`: the operator's own file operations, through the gate. Content goes in and out as bytes. */
import type { Command } from 'commander';
import { limits } from '../../core/limits.ts';
import type { EnvelopeView } from '../../protocol/methods.ts';
import { toExitCode } from '../exit-codes.ts';
import { printEntries, printFile, printMatches, printStat, printWritten } from '../file-output.ts';
import { toEnvelopeError } from '../host-client.ts';
import { toCount } from '../options.ts';
import { type CliIo, ioOf, printJson, printNote } from '../output.ts';
import { performOperation } from '../perform.ts';
import { readInput, toContent } from '../read-input.ts';
import { toSafeSentence } from '../safe-text.ts';

interface FileOptions {
  readonly json?: true;
  readonly from?: string;
}

export function register(program: Command): void {
  const file = program
    .command('file')
    .description('read, write, patch, list, look at and find files on a server, through the gate')
    .addHelpText('after', examples);
  registerReads(file);
  registerWrites(file);
  registerSearches(file);
}

const examples = `
Examples:
  signalbox file read web-1 /etc/nginx/nginx.conf
  signalbox file write web-1 /etc/motd --from motd.txt
  signalbox file patch web-1 /etc/nginx/nginx.conf < change.diff
  signalbox file find web-1 /etc/nginx --pattern worker_connections
`;

function registerReads(file: Command): void {
  subcommand(file, 'read', 'print a file', 'file read web-1 /etc/nginx/nginx.conf --line 1 --limit 20')
    .option('--offset <bytes>', 'first byte, from 0', toCount)
    .option('--length <bytes>', 'how many bytes', toCount)
    .option('--line <number>', 'first line, from 1', toCount)
    .option('--limit <lines>', 'how many lines', toCount)
    .action(async (server: string, path: string, options: FileOptions, command: Command) => {
      const { json: _json, ...range } = options;
      await run(ioOf(command), options, 'remote_read_file', { server, path, ...range }, printFile);
    });
  subcommand(file, 'stat', 'tell what a path is', 'file stat web-1 /etc/nginx').action(
    async (server: string, path: string, options: FileOptions, command: Command) => {
      await run(ioOf(command), options, 'remote_stat', { server, path }, printStat);
    },
  );
}

function registerWrites(file: Command): void {
  subcommand(
    file,
    'write',
    'write a whole file, from a local file or standard input',
    'file write web-1 /etc/motd --from motd.txt',
  )
    .option('--from <file>', 'local file with the content; without it, standard input')
    .option('--mode <octal>', 'mode of the file, such as 0644')
    .action(async (server: string, path: string, options: FileOptions & { mode?: string }, command: Command) => {
      const io = ioOf(command);
      const content = toContent(await readInput(io, options.from, limits.writeBytesMax));
      const mode = options.mode === undefined ? {} : { mode: options.mode };
      await run(io, options, 'remote_write_file', { server, path, ...content, ...mode }, printWritten);
    });
  subcommand(
    file,
    'patch',
    'apply a unified diff to a file',
    'file patch web-1 /etc/nginx/nginx.conf --from change.diff',
  )
    .option('--from <file>', 'local file with the diff; without it, standard input')
    .action(async (server: string, path: string, options: FileOptions, command: Command) => {
      const io = ioOf(command);
      const patch = Buffer.from(await readInput(io, options.from, limits.writeBytesMax)).toString('utf8');
      await run(io, options, 'remote_patch_file', { server, path, patch }, printWritten);
    });
}

function registerSearches(file: Command): void {
  subcommand(file, 'list', 'list a folder', 'file list web-1 /etc/nginx')
    .option('--recursive', 'with everything below it')
    .option('--limit <entries>', 'at most so many entries', toCount)
    .action(async (server: string, path: string, options: FileOptions, command: Command) => {
      const { json: _json, ...how } = options;
      await run(ioOf(command), options, 'remote_list_dir', { server, path, ...how }, printEntries);
    });
  subcommand(
    file,
    'find',
    'find lines by pattern, or files by name, below a folder',
    'file find web-1 /etc/nginx --pattern worker_connections',
  )
    .option('--pattern <expression>', 'extended regular expression that a line matches')
    .option('--glob <pattern>', 'pattern that a file name matches')
    .option('--limit <matches>', 'at most so many matches', toCount)
    .action(async (server: string, path: string, options: FileOptions, command: Command) => {
      const { json: _json, ...how } = options;
      await run(ioOf(command), options, 'remote_find', { server, path, ...how }, printMatches);
    });
}

function subcommand(file: Command, name: string, description: string, example: string): Command {
  return file
    .command(name)
    .argument('<server>', 'id of a registered server')
    .argument('<path>', 'absolute path on the server')
    .description(description)
    .option('--json', 'print the result envelope')
    .addHelpText('after', `\nExample:\n  signalbox ${example}\n`);
}

/** Failures are thrown, so that they end as one sentence and the exit status of their code. */
async function run(
  io: CliIo,
  options: FileOptions,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  print: (io: CliIo, data: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const readsTerminal = (operation === 'remote_write_file' || operation === 'remote_patch_file') && !options.from;
  const envelope: EnvelopeView = await performOperation(io, {
    ...{ operation, input },
    ...(readsTerminal ? { stdinIsTaken: true } : {}),
  });
  const error = toEnvelopeError(envelope);
  if (options.json) {
    printJson(io, envelope);
    if (error) {
      printNote(io, `signalbox: ${toSafeSentence(error.message)}`);
      io.exitCode = toExitCode(error.code, error);
    }
    return;
  }
  if (error) throw error;
  print(io, envelope.data ?? {});
}
