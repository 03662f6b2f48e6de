/** The plans of searches and recursive listings: built as an argv of grep or find, judged like a command, parsed from NUL-separated output. */
import { assert } from '../../base/assert.ts';
import { toNameBytes } from '../../base/byte-names.ts';
import { limits } from '../limits.ts';
import type { OperationInput } from '../operations/table.ts';
import type { ExecOutcome, PerformOutcome } from '../ports.ts';
import type { Finding, Plan, Prepared, Reader } from './plan.ts';
import { type CommandInput, planCommand, toEnding, toExecution } from './plan-command.ts';
import { toIso, toNameWarnings, toOctal } from './plan-look.ts';
import { showNames } from './text.ts';

export function planFind(input: OperationInput<'remote_find'>): Plan {
  const argv =
    input.pattern !== undefined
      ? ['grep', '-rnIE', '--null', '-e', input.pattern, '--', input.path]
      : ['find', input.path, '-name', input.glob ?? '*', '-print0'];
  const byText = input.pattern !== undefined;
  return asCommand(
    'remote_find',
    `find ${input.pattern ?? input.glob} below ${input.path}`,
    input.path,
    argv,
    (outcome, reader) => {
      // grep: 1 is "no match", 2 with matches is "some could not be read". find: 1 is the latter.
      const lines = byText ? parseGrep(outcome, reader) : parseNames(outcome, reader);
      return {
        data: {
          matches: lines.slice(0, input.limit),
          truncated: lines.length > input.limit || isCut(outcome),
          warnings: toWarnings(outcome, reader),
        },
        ...toSearchEnding(outcome, reader, input.path),
      };
    },
  );
}

export function planListRecursive(input: OperationInput<'remote_list_dir'>): Plan {
  const argv = ['find', input.path, '-mindepth', '1', '-printf', '%y\\t%s\\t%m\\t%u\\t%Ts\\t%P\\0'];
  return asCommand('remote_list_dir', `list ${input.path} recursively`, input.path, argv, (outcome, reader) => {
    const entries = splitNul(outcome, reader).map(toEntry);
    return {
      data: {
        entries: entries.slice(0, input.limit),
        truncated: entries.length > input.limit || isCut(outcome),
        warnings: [...toNameWarnings(entries.slice(0, input.limit)), ...toWarnings(outcome, reader)],
      },
      ...toSearchEnding(outcome, reader, input.path),
    };
  });
}

function asCommand(
  tool: 'remote_find' | 'remote_list_dir',
  summary: string,
  path: string,
  argv: string[],
  toFound: (outcome: ExecOutcome, reader: Reader) => Pick<Finding, 'data' | 'code' | 'message'>,
): Plan {
  const input: CommandInput = { server: '', argv, timeoutMs: limits.commandTimeoutMsDefault };
  const command = planCommand(input);
  const entry = { argv, path };
  const finding = (outcome: PerformOutcome, reader: Reader): Finding => {
    assert(outcome.kind === 'exec', 'A search ends as a command.');
    return { ...toFound(outcome, reader), execution: toExecution(outcome) };
  };
  return {
    ...command,
    tool,
    summary,
    entry,
    prepare: async (look) => {
      const prepared = await command.prepare(look);
      // An edited search is a plain command: its output is the operator's, not a list of matches.
      return { ...prepared, summary, entry, finding } satisfies Prepared;
    },
  };
}

function parseGrep(outcome: ExecOutcome, reader: Reader): { path: string; line: number; text: string }[] {
  const matches: { path: string; line: number; text: string }[] = [];
  for (const record of showNames(outcome.stdout, reader).split('\n')) {
    const found = /^([^\0]+)\0(\d+):(.*)$/s.exec(record);
    if (found?.[1] === undefined) continue;
    // Of a line only what can be read counts; a name is given back.
    const text = new TextDecoder().decode(toNameBytes(found[3] ?? ''));
    matches.push({ path: found[1], line: Number(found[2]), text });
  }
  return matches;
}

function parseNames(outcome: ExecOutcome, reader: Reader): { path: string }[] {
  return splitNul(outcome, reader).map((path) => ({ path }));
}

function toEntry(record: string): { name: string } & Record<string, unknown> {
  const [kind = '', size = '0', mode = '0', owner = '', seconds = '0', ...name] = record.split('\t');
  const type = kind === 'f' ? 'file' : kind === 'd' ? 'directory' : kind === 'l' ? 'link' : 'other';
  return {
    name: name.join('\t'),
    type,
    size: Number(size),
    mode: toOctal(Number.parseInt(mode, 8)),
    owner,
    mtime: toIso(Number.parseInt(seconds, 10)),
  };
}

/** Complete records only: what follows the last NUL was cut at the output bound. */
function splitNul(outcome: ExecOutcome, reader: Reader): string[] {
  return showNames(outcome.stdout, reader).split('\0').slice(0, -1);
}

function isCut(outcome: ExecOutcome): boolean {
  return outcome.stdoutBytes > outcome.stdout.byteLength;
}

function toSearchEnding(outcome: ExecOutcome, reader: Reader, path: string): Pick<Finding, 'code' | 'message'> {
  if (isWarningOnly(outcome)) return {};
  const complaint = Buffer.from(outcome.stderr).toString('utf8').trim();
  if (complaint.endsWith('No such file or directory') && !complaint.includes('\n')) {
    return {
      code: 'FILE_NOT_FOUND',
      message: `${path} does not exist on ${reader.target.id}; list its parent folder to find the right name.`,
    };
  }
  if (outcome.exitCode !== 0 && unknownOption.test(complaint)) {
    return {
      code: 'UNSUPPORTED',
      message:
        `The search programs of ${reader.target.id} are smaller ones (busybox, or those of a BSD) without an option that this needs. ` +
        'Find names with "glob", list folder by folder, or search with remote_exec: `find FOLDER -type f -exec grep -n -e PATTERN {} +`.',
    };
  }
  return toEnding(outcome, reader.target);
}

const unknownOption =
  /^(?:\S*grep|find): (?:(?:invalid|unrecognized|unknown|illegal) option|unrecognized: |.*unknown (?:primary|predicate|option))/;

/** Unreadable folders make grep end with 2 and find with 1, though the rest was searched. */
function isWarningOnly(outcome: ExecOutcome): boolean {
  if (outcome.ended !== 'exit' || outcome.exitCode === null) return false;
  if (outcome.exitCode === 0 || outcome.stderrBytes === 0) return outcome.exitCode <= 1;
  const lines = Buffer.from(outcome.stderr)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (lines.every((line) => /: (Permission denied|binary file matches|warning: .*)$/.test(line))) return true;
  // In other languages the reason says nothing here: where something was found, what is complained about is the rest.
  return outcome.stdoutBytes > 0 && lines.every((line) => /^(?:\S*grep|find): .*\/.*: [^:]+$/.test(line));
}

function toWarnings(outcome: ExecOutcome, reader: Reader): string[] {
  // What follows such a complaint is a page of usage.
  if (unknownOption.test(Buffer.from(outcome.stderr).toString('utf8'))) return [];
  return showNames(outcome.stderr, reader)
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, limits.entriesDefault);
}
