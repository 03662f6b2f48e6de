/** Commands that print files: cat, head, tail, wc, grep. What follows a file or takes names from one is not on the lists. */
import { command, optionsFirst } from '../command.ts';
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
  shape,
  valued,
} from '../command-rule.ts';
import { heavyPattern, isHeavyPattern } from '../heavy-pattern.ts';
import { grepExcludes } from '../sensitive-paths.ts';

const about = flags('--help', '--version');
const count = shape('^[+-]?[0-9]{1,12}([kKMGTP](i?B)?|b)?$', 'a count');

const cat = command('cat', {
  options: [
    ...flags('-A --show-all', '-b --number-nonblank', '-e', '-E --show-ends', '-n --number'),
    ...flags('-s --squeeze-blank', '-t', '-T --show-tabs', '-u', '-v --show-nonprinting'),
    ...about,
  ],
  operands: { kind: 'paths', use: 'read', without: 'input' },
});

const headOptions = [
  ...valued('-n -NUMBER --lines', count),
  ...valued('-c --bytes', count),
  ...flags('-q --quiet', '--silent', '-v --verbose', '-z --zero-terminated'),
  ...about,
];

const head = command('head', {
  options: headOptions,
  operands: { kind: 'paths', use: 'read', without: 'input' },
  cuts: ['--bytes'],
});

/** `tail +5f` once meant "follow": an operand with a plus sign is not taken for a file. */
const tail = command('tail', {
  options: headOptions,
  operands: { kind: 'paths', use: 'read', without: 'input' },
  cuts: ['--bytes'],
  refine: (words, reading) =>
    words.operands.some((operand) => operand.startsWith('+'))
      ? refuse('operand', 'A word that starts with + is an old option of tail; use -n.')
      : reading,
  refinement: 'no-plus-operands',
});

const wc = command('wc', {
  options: [
    ...flags('-c --bytes', '-m --chars', '-l --lines', '-L --max-line-length', '-w --words'),
    ...valued('--total', oneOf('auto', 'always', 'only', 'never')),
    ...about,
  ],
  operands: { kind: 'paths', use: 'read', without: 'input' },
});

const grepOptions = [
  ...flags('-E --extended-regexp', '-F --fixed-strings', '-G --basic-regexp', '-P --perl-regexp'),
  ...valued('-e --regexp', any),
  ...flags('-i -y --ignore-case', '--no-ignore-case', '-v --invert-match', '-w --word-regexp', '-x --line-regexp'),
  ...flags('-c --count', '-L --files-without-match', '-l --files-with-matches', '-o --only-matching'),
  ...flags('-q --quiet', '--silent', '-s --no-messages', '-b --byte-offset', '-H --with-filename', '-h --no-filename'),
  ...flags('-n --line-number', '-T --initial-tab', '-Z --null', '-a --text', '-I', '-U --binary', '-z --null-data'),
  ...flags('--line-buffered', '-r --recursive', '-V --version', '--help'),
  ...optional('--color', oneOf('never', 'always', 'auto')),
  ...optional('--colour', oneOf('never', 'always', 'auto')),
  ...valued('-m --max-count', integer),
  ...valued('-A --after-context', integer),
  ...valued('-B --before-context', integer),
  ...valued('-C -NUMBER --context', integer),
  ...valued('--label', any),
  ...valued('--binary-files', oneOf('binary', 'text', 'without-match')),
  ...valued('--include', any),
  ...valued('--exclude', any),
  ...valued('--exclude-dir', any),
] as const;

const grepNames = ['grep', 'egrep', 'fgrep'] as const;

const greps = grepNames.map((name) =>
  command(name, {
    options: grepOptions,
    operands: { kind: 'words', value: any, max: 1000 },
    cuts: ['--only-matching', '--color=always', '--colour=always'],
    refine: readGrep,
    refinement: 'pattern-then-files; recursive: excludes in any case last, then --',
  }),
);

/** The first operand is the pattern unless -e gave one. A recursive search gets our excludes after all of the caller's options. */
function readGrep(words: ParsedWords, reading: Reading): Reading | Refusal {
  const isInformation = words.options.some(({ name }) => name === '--help' || name === '--version');
  if (isInformation) return words.operands.length === 0 ? reading : refuse('operand', 'No words are expected here.');
  const hasPattern = words.options.some(({ name }) => name === '--regexp');
  if (!hasPattern && words.operands.length === 0) return refuse('operand', 'It names no pattern.');
  const patterns = words.options.filter(({ name }) => name === '--regexp').map(({ value }) => value ?? '');
  if ((hasPattern ? patterns : words.operands.slice(0, 1)).some(isHeavyPattern)) return refuse('operand', heavyPattern);
  const files = words.operands.slice(hasPattern ? 0 : 1);
  if (files.includes('')) return refuse('operand', 'A file name is empty.');
  const isRecursive = words.options.some(({ name }) => name === '--recursive');
  if (!isRecursive) {
    const args = words.isMixed ? optionsFirst(words) : reading.args;
    return { ...reading, args, uses: files.filter((path) => path !== '-').map((path) => ({ path, use: 'read' })) };
  }
  if (files.includes('-')) return refuse('operand', 'A recursive search of the standard input makes no sense.');
  const options = words.options.flatMap((option) => option.words);
  return {
    ...reading,
    args: [...options, ...grepExcludes(), '--', ...words.operands],
    uses: (files.length === 0 ? [''] : files).map((path) => ({ path, use: 'search' })),
  };
}

export const textCommands: readonly CommandRule[] = [cat, head, tail, wc, ...greps];
