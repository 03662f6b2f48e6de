/** `diff` and `cmp`, which read two files at once, or all that two folders have. What runs, or takes names from a file, is not on the lists. */
import { command } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
  integer,
  oneOf,
  optional,
  type ParsedWords,
  type Reading,
  type Refusal,
  refuse,
  valued,
  width,
} from '../command-rule.ts';
import { grepExcludes } from '../sensitive-paths.ts';

const about = flags('--help', '--version');
const files = { kind: 'paths', use: 'read', without: 'refused' } as const;

/** Not here: --from-file, --to-file, -X (names from a file), -l (runs pr), -D and formats. */
const diff = command('diff', {
  options: [
    ...flags(
      '-u',
      '-c',
      '-q --brief',
      '-s --report-identical-files',
      '-y --side-by-side',
      '-r --recursive',
      '-N --new-file',
    ),
    ...flags(
      '-i --ignore-case',
      '-w --ignore-all-space',
      '-b --ignore-space-change',
      '-B --ignore-blank-lines',
      '-a --text',
    ),
    ...flags('-E --ignore-tab-expansion', '-Z --ignore-trailing-space', '-p --show-c-function', '-t --expand-tabs'),
    ...flags('--suppress-common-lines', '--no-dereference', '-d --minimal'),
    ...valued('-U --unified', integer),
    ...valued('-C --context', integer),
    ...valued('-W --width', width),
    ...optional('--color', oneOf('never', 'always', 'auto')),
    ...valued('-x --exclude', any),
    ...about,
  ],
  operands: files,
  cuts: ['--side-by-side', '--color=always'],
  refine: readDiff,
  refinement: 'two files, also as folder and file; always with excludes, because both may be folders',
});

/**
 * Of a file and a folder, diff reads the file of the same name in the folder; of two folders, also without -r, every file that both
 * have. Nobody can tell from here which they are, so what is sensitive is always left out.
 */
function readDiff(words: ParsedWords, reading: Reading): Reading | Refusal {
  const [one = '', other = '', ...more] = words.operands;
  if (words.operands.length !== 2 || more.length > 0) return refuse('operand', 'diff compares two files; name both.');
  if ([one, other].includes('-')) return refuse('operand', 'diff cannot read a standard input that is closed.');
  // The one device that is ordinary in a comparison is no folder.
  const folders = [one, other].filter((path) => path !== '/dev/null');
  const inside = [`${one}/${lastPart(other)}`, `${other}/${lastPart(one)}`].filter(
    (path) => !path.startsWith('/dev/null/'),
  );
  const excludes = grepExcludes().map((option) => option.replace(/^--exclude-dir=/, '--exclude='));
  const options = words.options.flatMap((option) => option.words);
  return {
    ...reading,
    args: [...options, ...excludes, '--', one, other],
    uses: [
      ...[one, other, ...inside].map((path) => ({ path, use: 'read' as const })),
      ...folders.map((path) => ({ path, use: 'search' as const })),
    ],
  };
}

function lastPart(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

const cmp = command('cmp', {
  options: [
    ...flags('-s --quiet', '--silent', '-l --verbose', '-b --print-bytes'),
    ...valued('-n --bytes', integer),
    ...about,
  ],
  operands: files,
  cuts: ['--verbose', '--print-bytes'],
  refine: (words, reading) =>
    words.operands.length === 2 && !words.operands.includes('-')
      ? reading
      : refuse('operand', 'cmp compares two files; name both.'),
  refinement: 'two-files',
});

export const comparerCommands: readonly CommandRule[] = [diff, cmp];
