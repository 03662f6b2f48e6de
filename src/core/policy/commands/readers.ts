/** Commands that read files in other ways than cat: sort, uniq, cut, nl, tac, column, strings, od, hexdump, file, zcat, zgrep. What writes or takes names from a file is not on the lists. */
import { command, optionsFirst } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
  integer,
  oneOf,
  type Reading,
  refuse,
  shape,
  valued,
  width,
} from '../command-rule.ts';
import { heavyPattern, isHeavyPattern } from '../heavy-pattern.ts';

const about = flags('--help', '--version');
const files = { kind: 'paths', use: 'read', without: 'refused' } as const;
const positions = shape('^[0-9]{0,4}(-[0-9]{0,4})?(,[0-9]{0,4}(-[0-9]{0,4})?)*$', 'a list of positions');
const sortKey = shape(
  '^[0-9]{1,4}(\\.[0-9]{1,4})?[bdfgiMhnRrV]*(,[0-9]{1,4}(\\.[0-9]{1,4})?[bdfgiMhnRrV]*)?$',
  'a sort key',
);

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
  cuts: 'always',
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
  cuts: 'always',
});

const nl = command('nl', {
  options: [
    ...valued('-b --body-numbering', oneOf('a', 't', 'n')),
    ...valued('-w --number-width', width),
    ...valued('-s --number-separator', any),
    ...about,
  ],
  operands: files,
});

const tac = command('tac', {
  options: [...flags('-b --before'), ...valued('-s --separator', any), ...about],
  operands: files,
  cuts: 'always',
});

const column = command('column', {
  options: [
    ...flags('-t --table', '-x --fillrows'),
    ...valued('-s --separator', any),
    ...valued('-c --output-width', width),
    ...about,
  ],
  operands: files,
  cuts: 'always',
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
  cuts: 'always',
  // Older ones take an object file apart unless told not to, and what they do that with was never meant for what strangers wrote.
  refine: (words, reading) =>
    words.operands.some((operand) => operand.startsWith('@'))
      ? refuse('operand', 'strings reads options from a file after @.')
      : { ...reading, args: ['-a', ...reading.args] },
  refinement: 'no-at-files; adds -a',
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
  cuts: 'always',
});

/** -f reads its format from a file. */
const hexdump = command('hexdump', {
  options: [
    ...flags('-C --canonical', '-c', '-d', '-x', '-b', '-v'),
    ...valued('-n --length', integer),
    ...valued('-s --skip', integer),
  ],
  operands: files,
  cuts: 'always',
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
    ['', '.gz', '.z', '-z', '.Z'].map((ending) => ({ path: `${path}${ending}`, use: 'read' as const })),
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
  cuts: ['--only-matching'],
  refine: (words, reading) => {
    const [pattern, ...named] = words.operands;
    if (pattern === undefined || named.length === 0 || named.includes(''))
      return refuse('operand', 'zgrep takes a pattern and files.');
    if (isHeavyPattern(pattern)) return refuse('operand', heavyPattern);
    return { ...reading, args: optionsFirst(words), uses: withEndings(named) };
  },
  refinement: 'options, then --, then pattern and files with-endings',
});

const sums = ['cksum', 'b2sum'].map((name) => command(name, { options: about, operands: files }));

export const readerCommands: readonly CommandRule[] = [
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
