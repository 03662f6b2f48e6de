/** Commands that read files in other ways than cat: diff, cmp, sort, uniq, cut, nl, tac, column, strings, od, hexdump, file, zcat, zgrep. What writes or takes names from a file is not on the lists. */
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
  shape,
  valued,
} from '../command-rule.ts';
import { grepExcludes } from '../sensitive-paths.ts';

const about = flags('--help', '--version');
const files = { kind: 'paths', use: 'read', without: 'refused' } as const;
const positions = shape('^[0-9]{0,4}(-[0-9]{0,4})?(,[0-9]{0,4}(-[0-9]{0,4})?)*$', 'a list of positions');
const sortKey = shape(
  '^[0-9]{1,4}(\\.[0-9]{1,4})?[bdfgiMhnRrV]*(,[0-9]{1,4}(\\.[0-9]{1,4})?[bdfgiMhnRrV]*)?$',
  'a sort key',
);

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
    ...valued('-W --width', integer),
    ...optional('--color', oneOf('never', 'always', 'auto')),
    ...valued('-x --exclude', any),
    ...about,
  ],
  operands: files,
  refine: readDiff,
  refinement: 'two files, also as folder and file; of folders never what is sensitive',
});

/** Of a file and a folder, diff reads the file of the same name in the folder; of two folders, every file that both have. */
function readDiff(words: ParsedWords, reading: Reading): Reading | Refusal {
  const [one = '', other = '', ...more] = words.operands;
  if (words.operands.length !== 2 || more.length > 0) return refuse('operand', 'diff compares two files; name both.');
  if ([one, other].includes('-')) return refuse('operand', 'diff cannot read a standard input that is closed.');
  const use = words.options.some(({ name }) => name === '--recursive') ? 'search' : 'read';
  const paths = [one, other, `${one}/${lastPart(other)}`, `${other}/${lastPart(one)}`];
  const excludes = grepExcludes().map((option) => option.replace(/^--exclude-dir=/, '--exclude='));
  const options = words.options.flatMap((option) => option.words);
  const isRecursive = use === 'search';
  return {
    args: isRecursive ? [...options, ...excludes, '--', one, other] : reading.args,
    uses: [
      ...paths.map((path) => ({ path, use: 'read' as const })),
      ...(isRecursive ? [one, other] : []).map((path) => ({ path, use: 'search' as const })),
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
  refine: (words, reading) =>
    words.operands.length === 2 && !words.operands.includes('-')
      ? reading
      : refuse('operand', 'cmp compares two files; name both.'),
  refinement: 'two-files',
});

/** Not here: -o and -T (write), --compress-program (runs), --files0-from (names from a file), -S, --parallel. */
const sort = command('sort', {
  options: [
    ...flags(
      '-n --numeric-sort',
      '-r --reverse',
      '-u --unique',
      '-h --human-numeric-sort',
      '-V --version-sort',
      '-f --ignore-case',
    ),
    ...flags(
      '-b --ignore-leading-blanks',
      '-d --dictionary-order',
      '-g --general-numeric-sort',
      '-M --month-sort',
      '-s --stable',
    ),
    ...flags('-i --ignore-nonprinting', '-c --check', '-z --zero-terminated', '-m --merge'),
    ...valued('-k --key', sortKey),
    ...valued('-t --field-separator', any),
    ...about,
  ],
  operands: files,
});

/** A second operand is written. */
const uniq = command('uniq', {
  options: [
    ...flags('-c --count', '-d --repeated', '-D', '-u --unique', '-i --ignore-case', '-z --zero-terminated'),
    ...valued('-f --skip-fields', integer),
    ...valued('-s --skip-chars', integer),
    ...valued('-w --check-chars', integer),
    ...about,
  ],
  operands: files,
  refine: (words, reading) =>
    words.operands.length === 1 ? reading : refuse('operand', 'uniq writes to its second file; name one.'),
  refinement: 'one-file',
});

const cut = command('cut', {
  options: [
    ...valued('-d --delimiter', any),
    ...valued('-f --fields', positions),
    ...valued('-c --characters', positions),
    ...valued('-b --bytes', positions),
    ...valued('--output-delimiter', any),
    ...flags('-s --only-delimited', '--complement', '-z --zero-terminated'),
    ...about,
  ],
  operands: files,
});

const nl = command('nl', {
  options: [
    ...valued('-b --body-numbering', oneOf('a', 't', 'n')),
    ...valued('-w --number-width', integer),
    ...valued('-s --number-separator', any),
    ...about,
  ],
  operands: files,
});

const tac = command('tac', {
  options: [...flags('-b --before'), ...valued('-s --separator', any), ...about],
  operands: files,
});

const column = command('column', {
  options: [
    ...flags('-t --table', '-x --fillrows'),
    ...valued('-s --separator', any),
    ...valued('-c --output-width', integer),
    ...about,
  ],
  operands: files,
});

/** A word that starts with @ names a file of further options. */
const strings = command('strings', {
  options: [
    ...flags('-a --all', '-f --print-file-name'),
    ...valued('-n -NUMBER --bytes', integer),
    ...valued('-t --radix', oneOf('o', 'd', 'x')),
    ...about,
  ],
  operands: files,
  refine: (words, reading) =>
    words.operands.some((operand) => operand.startsWith('@'))
      ? refuse('operand', 'strings reads options from a file after @.')
      : reading,
  refinement: 'no-at-files',
});

const od = command('od', {
  options: [
    ...flags('-c', '-x', '-b', '-d', '-v --output-duplicates'),
    ...valued('-A --address-radix', oneOf('d', 'o', 'x', 'n')),
    ...valued('-t --format', shape('^[acdfoux][0-9CSILFDL]?z?([acdfoux][0-9]?z?)*$', 'a format')),
    ...valued('-N --read-bytes', integer),
    ...valued('-j --skip-bytes', integer),
    ...about,
  ],
  operands: files,
});

/** -f reads its format from a file. */
const hexdump = command('hexdump', {
  options: [
    ...flags('-C --canonical', '-c', '-d', '-x', '-b', '-v'),
    ...valued('-n --length', integer),
    ...valued('-s --skip', integer),
  ],
  operands: files,
});

/** Not here: -f (names from a file), -m (other rules), -C (writes), -z and -Z (run decompressors). */
const file = command('file', {
  options: [
    ...flags(
      '-b --brief',
      '-i --mime',
      '--mime-type',
      '--mime-encoding',
      '-L --dereference',
      '-h --no-dereference',
      '-k --keep-going',
      '--help',
      '-v --version',
    ),
  ],
  operands: files,
});

/** Also tried with the ending: zcat /srv/a reads /srv/a.gz. */
const withEndings = (paths: readonly string[]): Reading['uses'] =>
  paths.flatMap((path) =>
    ['', '.gz', '.z', '.Z'].map((ending) => ({ path: `${path}${ending}`, use: 'read' as const })),
  );

const zcat = command('zcat', {
  options: [...flags('-f --force', '-q --quiet'), ...about],
  operands: files,
  refine: (words, reading) => ({ ...reading, uses: withEndings(words.operands) }),
  refinement: 'with-endings',
});

/** A script that reads its words in an own way: options first, then `--`, is read the same by everybody. No -e, no -f. */
const zgrep = command('zgrep', {
  options: [
    ...flags(
      '-i --ignore-case',
      '-c --count',
      '-n --line-number',
      '-E --extended-regexp',
      '-F --fixed-strings',
      '-v --invert-match',
    ),
    ...flags(
      '-o --only-matching',
      '-w --word-regexp',
      '-l --files-with-matches',
      '-h --no-filename',
      '-H --with-filename',
    ),
    ...valued('-m', integer),
    ...valued('-A', integer),
    ...valued('-B', integer),
    ...valued('-C', integer),
  ],
  operands: { kind: 'words', value: shape('^[^-]', 'a word that does not start with a dash'), max: 200 },
  refine: (words) => {
    const [pattern, ...named] = words.operands;
    if (pattern === undefined || named.length === 0 || named.includes(''))
      return refuse('operand', 'zgrep takes a pattern and files.');
    return {
      args: [...words.options.flatMap((option) => option.words), '--', ...words.operands],
      uses: withEndings(named),
    };
  },
  refinement: 'options, then --, then pattern and files with-endings',
});

const sums = ['cksum', 'b2sum'].map((name) => command(name, { options: about, operands: files }));

export const readerCommands: readonly CommandRule[] = [
  diff,
  cmp,
  sort,
  uniq,
  cut,
  nl,
  tac,
  column,
  strings,
  od,
  hexdump,
  file,
  zcat,
  zgrep,
  ...sums,
];
