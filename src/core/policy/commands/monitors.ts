/** Commands that show what runs, what is open and how busy the machine is, each of them only as far as it ends by itself. */
import { command } from '../command.ts';
import {
  type CommandRule,
  flags,
  integer,
  type OptionRule,
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

const none = { kind: 'none' } as const;
const numbers = shape('^[0-9]{1,10}(,[0-9]{1,10})*$', 'process ids');
const names = shape('^[A-Za-z0-9_][A-Za-z0-9_.-]*(,[A-Za-z0-9_][A-Za-z0-9_.-]*)*$', 'names');
const levels = shape('^[a-z]+(,[a-z]+)*$', 'a list of words');
const repeatsMax = 60;

/** An interval without a count never ends; both are small here. */
function readInterval(words: ParsedWords, reading: Reading): Reading | Refusal {
  const [interval, count] = words.operands;
  if (interval === undefined) return reading;
  if (count === undefined) return refuse('form', 'An interval without a count never ends; add a count.');
  return Number(interval) <= repeatsMax && Number(count) <= repeatsMax
    ? reading
    : refuse('operand', `At most ${repeatsMax} times and seconds are known to end soon.`);
}

/** Addresses that others chose are not looked up: that would send something out. */
function withoutNames(words: ParsedWords, reading: Reading): Reading {
  const isNumeric = words.options.some(({ name }) => name === '-n' || name === '--numeric');
  return isNumeric ? reading : { ...reading, args: ['-n', ...reading.args] };
}

function samples(name: string, options: readonly OptionRule[]): CommandRule {
  return command(name, {
    options,
    operands: { kind: 'words', value: integer, max: 2 },
    refine: readInterval,
    refinement: `interval-needs-a-count, both up to ${repeatsMax}`,
  });
}

/** Not here: -c and -C (clear), -D, -E and -n (console), -w (never ends), -F (another file). */
const dmesg = command('dmesg', {
  options: [
    ...flags(
      '-T --ctime',
      '-t --notime',
      '-k --kernel',
      '-u --userspace',
      '-x --decode',
      '-r --raw',
      '-d --show-delta',
      '-e --reltime',
    ),
    ...flags('-H --human', '-P --nopager', '-J --json', '-h --help', '-V --version'),
    ...valued('-l --level', levels),
    ...valued('-f --facility', levels),
    ...valued('--since', shape('^[0-9A-Za-z :+-]{1,40}$', 'a time')),
    ...valued('--until', shape('^[0-9A-Za-z :+-]{1,40}$', 'a time')),
  ],
  operands: none,
  redactOutput: true,
  refine: (words, reading) =>
    words.options.some(({ name }) => name === '--human') && !words.options.some(({ name }) => name === '--nopager')
      ? { ...reading, args: ['--nopager', ...reading.args] }
      : reading,
  refinement: 'human adds --nopager',
});

/** Not here: -c (never ends). */
const netstat = command('netstat', {
  options: flags(
    '-t --tcp',
    '-u --udp',
    '-l --listening',
    '-n --numeric',
    '-p --programs',
    '-a --all',
    '-r --route',
    '-s --statistics',
    '-i --interfaces',
    '-e --extend',
    '-o --timers',
    '-W --wide',
    '-w --raw',
    '-x --unix',
    '-4',
    '-6',
    '-V --version',
    '-h --help',
  ),
  operands: none,
  redactOutput: true,
  refine: withoutNames,
  refinement: 'adds -n',
});

/** Not here: -r and words with + (repeat, options), -D (writes a cache), -k, -m, -A (other files).  */
const lsof = command('lsof', {
  options: [
    ...flags('-n', '-P', '-l', '-t', '-a', '-b', '-U', '-w', '-v', '-h'),
    ...optional('-i', shape('^[46]?(TCP|UDP|tcp|udp)?(:[0-9,-]{1,64})?$', 'a protocol and ports')),
    ...valued('-p', numbers),
    ...valued('-u', names),
    ...valued('-c', names),
    ...valued('-s', shape('^(TCP|UDP|tcp|udp):[A-Z_^,]+$', 'a protocol and states')),
  ],
  operands: { kind: 'words', value: shape('^[/:TU46t]', 'a file, or a protocol and port'), max: 32 },
  redactOutput: true,
  refine: (words, reading) => {
    const paths = words.operands.filter((operand) => operand.startsWith('/'));
    const addresses = words.operands.filter((operand) => !operand.startsWith('/'));
    const isLone = words.options.some(({ name, value }) => name === '-i' && value === null);
    if (
      addresses.length > (isLone ? 1 : 0) ||
      addresses.some((one) => !/^[46]?(TCP|UDP|tcp|udp)?(:[0-9,-]{1,64})?$/.test(one))
    )
      return refuse('operand', 'lsof: after -i one protocol and port is known, without a host name.');
    return { ...withoutNames(words, reading), uses: paths.map((path) => ({ path, use: 'name' })) };
  },
  refinement: 'paths; one address after a lone -i; adds -n',
});

const pattern = shape('^[^-]', 'a pattern');

/** Not here: -F (reads a file), --signal. */
const pgrep = command('pgrep', {
  options: [
    ...flags(
      '-a --list-full',
      '-l --list-name',
      '-f --full',
      '-x --exact',
      '-c --count',
      '-n --newest',
      '-o --oldest',
      '-i --ignore-case',
      '-v --inverse',
      '-h --help',
      '-V --version',
    ),
    ...valued('-u --euid', names),
    ...valued('-U --uid', names),
    ...valued('-P --parent', numbers),
    ...valued('-d --delimiter', shape('^[ ,;:]$', 'a separator')),
  ],
  operands: { kind: 'words', value: pattern, max: 1 },
  redactOutput: true,
  refine: (words, reading) => (words.operands.some(isHeavyPattern) ? refuse('operand', heavyPattern) : reading),
  refinement: 'no heavy pattern',
});
const pidof = command('pidof', { options: flags('-s', '-x', '-q'), operands: { kind: 'words', value: names, max: 8 } });
const pstree = command('pstree', {
  options: flags(
    '-p --show-pids',
    '-a --arguments',
    '-u --uid-changes',
    '-n --numeric-sort',
    '-g --show-pgids',
    '-s --show-parents',
    '-t --thread-names',
    '-l --long',
    '-A --ascii',
    '-U --unicode',
    '-c --compact-not',
    '-T --hide-threads',
    '-V --version',
  ),
  operands: { kind: 'words', value: names, max: 1 },
  redactOutput: true,
});

/** Only with -b (no terminal) and a count of frames. */
const top = command('top', {
  options: [
    ...flags('-b', '-c', '-H', '-i', '-1', '-S'),
    ...valued('-n', shape('^[1-9]$', 'a count below ten')),
    ...valued('-d', shape('^[0-9](\\.[0-9])?$', 'seconds')),
    ...valued('-o', shape('^[+-]?[%A-Za-z+]{1,16}$', 'a column')),
    ...valued('-p', numbers),
    ...valued('-u', names),
    ...optional('-w', integer),
  ],
  operands: none,
  redactOutput: true,
  refine: (words, reading) =>
    ['-b', '-n'].every((needed) => words.options.some(({ name }) => name === needed))
      ? reading
      : refuse('form', 'top ends by itself only with -b and -n.'),
  refinement: 'needs -b and -n',
});

/** -C and -S change the log. */
const lastlog = command('lastlog', {
  options: [
    ...valued('-u --user', names),
    ...valued('-t --time', integer),
    ...valued('-b --before', integer),
    ...flags('-h --help'),
  ],
  operands: none,
});

export const monitorCommands: readonly CommandRule[] = [
  dmesg,
  netstat,
  lsof,
  pgrep,
  pidof,
  pstree,
  top,
  lastlog,
  samples('vmstat', [
    ...flags(
      '-a --active',
      '-s --stats',
      '-d --disk',
      '-m --slabs',
      '-n --one-header',
      '-t --timestamp',
      '-w --wide',
      '-D --disk-sum',
      '-V --version',
      '-h --help',
    ),
    ...valued('-S --unit', oneOf('k', 'K', 'm', 'M')),
  ]),
  samples('iostat', flags('-c', '-d', '-x', '-k', '-m', '-h', '-N', '-t', '-y', '-z', '-V')),
  samples('mpstat', [...flags('-A', '-u', '-V'), ...valued('-P', shape('^(ALL|[0-9,-]{1,32})$', 'processors'))]),
  samples('sar', [
    ...flags('-u', '-r', '-q', '-b', '-d', '-w', '-B', '-S', '-W', '-V'),
    ...valued('-n', oneOf('DEV', 'EDEV', 'SOCK', 'TCP', 'UDP', 'IP')),
    ...valued('-P', shape('^(ALL|[0-9,-]{1,32})$', 'processors')),
  ]),
];
