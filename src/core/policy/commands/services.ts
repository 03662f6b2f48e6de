/** `systemctl` (questions only) and `journalctl` (bounded only), both without their pager. */
import { command } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
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

/** Subcommands that ask, and how many units they take. */
const questions: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  status: { min: 0, max: 32 },
  'list-units': { min: 0, max: 32 },
  'list-unit-files': { min: 0, max: 32 },
  'list-timers': { min: 0, max: 32 },
  'list-sockets': { min: 0, max: 32 },
  'list-dependencies': { min: 0, max: 32 },
  'list-jobs': { min: 0, max: 32 },
  'is-active': { min: 1, max: 32 },
  'is-enabled': { min: 1, max: 32 },
  'is-failed': { min: 0, max: 32 },
  'is-system-running': { min: 0, max: 0 },
  'get-default': { min: 0, max: 0 },
  show: { min: 0, max: 32 },
};

/** Properties of a unit that hold no environment and no command line. */
const properties: readonly string[] = [
  'ActiveState ActiveEnterTimestamp CPUUsageNSec Description ExecMainCode ExecMainPID ExecMainStatus',
  'ExecMainStartTimestamp ExecMainExitTimestamp StateChangeTimestamp InactiveExitTimestamp ActiveExitTimestamp',
  'FragmentPath Id InactiveEnterTimestamp LoadState MainPID MemoryCurrent MemoryMax NRestarts Names',
  'NextElapseUSecRealtime Result Restart StatusText SubState TasksCurrent TasksMax Type UnitFileState After',
  'Before Requires Wants WantedBy TriggeredBy Triggers User Group WorkingDirectory',
].flatMap((line) => line.split(' '));

const unit = /^[A-Za-z0-9@:._*?[\]\\+-]{1,255}$/;
const format = oneOf(
  ...[
    'short',
    'short-full',
    'short-iso',
    'short-iso-precise',
    'short-precise',
    'short-monotonic',
    'short-unix',
    'with-unit',
  ],
  ...['verbose', 'export', 'json', 'json-pretty', 'cat'],
);
const lines = shape('^[0-9]{1,6}$', 'a number of lines');
const wordList = shape('^[A-Za-z-]+(,[A-Za-z-]+)*$', 'a list of words');

/** Not here: -H and -M (another machine), --root, --image, --now, --force, --wait. */
const systemctl = command('systemctl', {
  options: [
    ...flags(
      '--no-pager',
      '-l --full',
      '-a --all',
      '-q --quiet',
      '--no-legend',
      '--plain',
      '--failed',
      '-r --recursive',
    ),
    ...flags(
      '--reverse',
      '--after',
      '--before',
      '--system',
      '--user',
      '--show-types',
      '--value',
      '-V --version',
      '-h --help',
    ),
    ...valued('-n --lines', lines),
    ...valued('-o --output', format),
    ...valued('-t --type', wordList),
    ...valued('--state', wordList),
    ...valued(
      '-p --property',
      shape(`^(${properties.join('|')})(,(${properties.join('|')}))*$`, 'properties without secrets'),
    ),
  ],
  operands: { kind: 'words', value: any, max: 33 },
  redactOutput: true,
  refine: readSystemctl,
  refinement: `questions ${JSON.stringify(questions)}; adds --no-pager`,
});

function readSystemctl(words: ParsedWords, reading: Reading): Reading | Refusal {
  const [verb = 'list-units', ...units] = words.operands;
  const limits = Object.hasOwn(questions, verb) ? questions[verb] : undefined;
  if (limits === undefined) return refuse('operand', `systemctl ${verb} is not one of the subcommands that only read.`);
  if (units.length < limits.min || units.length > limits.max) {
    return refuse('operand', `systemctl ${verb} takes ${limits.min} to ${limits.max} units.`);
  }
  const odd = units.find((name) => !unit.test(name));
  if (odd !== undefined) return refuse('operand', `systemctl: ${odd} is not the name of a unit.`);
  if (verb === 'show' && !words.options.some(({ name }) => name === '--property')) {
    return refuse('option', 'systemctl show without -p shows environments; name the properties.');
  }
  return { ...reading, args: withoutPager(words, reading.args) };
}

const journalOptions: readonly OptionRule[] = [
  ...flags(
    '--no-pager',
    '-a --all',
    '-q --quiet',
    '-r --reverse',
    '-x --catalog',
    '-e --pager-end',
    '--utc',
    '--no-hostname',
    '-l --full',
  ),
  ...flags(
    '--no-full',
    '-k --dmesg',
    '--system',
    '-m --merge',
    '--no-tail',
    '--disk-usage',
    '--list-boots',
    '--header',
  ),
  ...flags('--version', '-h --help'),
  ...optional('-n --lines', lines),
  ...optional('-b --boot', shape('^([+-]?[0-9]{1,6}|[0-9a-f]{32}([+-][0-9]{1,6})?)$', 'a boot')),
  ...valued('-u --unit', shape(unit.source, 'the name of a unit')),
  ...valued('-t --identifier', shape('^[A-Za-z0-9_./:@ -]{1,128}$', 'an identifier')),
  ...valued('-p --priority', shape('^[a-z0-7]{1,8}(\\.\\.[a-z0-7]{1,8})?$', 'a priority')),
  ...valued('--facility', wordList),
  ...valued('-S --since', any),
  ...valued('-U --until', any),
  ...valued('-g --grep', any),
  ...optional('--case-sensitive', oneOf('true', 'false', 'yes', 'no')),
  ...valued('-o --output', format),
  ...valued('--output-fields', shape('^[A-Z_,]{1,255}$', 'field names')),
  ...valued('-c --cursor', any),
];

/** Not here: -f (never ends), --vacuum-*, --rotate, --flush and the like (write), -D, --file, --root, -M (other journals), --cursor-file. */
const journalctl = command('journalctl', {
  options: journalOptions,
  operands: { kind: 'words', value: any, max: 16 },
  redactOutput: true,
  refine: readJournalctl,
  refinement:
    'bounded by -n or --since, or by 1000 lines when filtered; -n and -b may take the next word; adds --no-pager',
});

const linesAdded = 1_000;
/** With one of these a question is meant, and the newest lines answer it. */
const filters: ReadonlySet<string> = new Set([
  ...['--unit', '--boot', '--priority', '--dmesg', '--identifier', '--grep', '--facility', '--until'],
]);
const boundless: ReadonlySet<string> = new Set(['--disk-usage', '--list-boots', '--header', '--version', '--help']);

function readJournalctl(words: ParsedWords, reading: Reading): Reading | Refusal {
  const [first, ...others] = words.operands;
  // journalctl takes the word after a lone -n or -b for its value when that is a number.
  const takesNext = words.options.some(
    (option) => ['--lines', '--boot'].includes(option.name) && option.value === null,
  );
  const matches = takesNext && first !== undefined && /^-?[0-9]{1,6}$/.test(first) ? others : words.operands;
  const odd = matches.find((match) => !/^([A-Z_][A-Z0-9_]{0,63}=[\x20-\x7e]{0,255}|\+)$/.test(match));
  if (odd !== undefined) return refuse('operand', `journalctl: ${odd} is not a match of the form FIELD=value.`);
  const isBounded = words.options.some(({ name }) => ['--lines', '--since'].includes(name) || boundless.has(name));
  const isEndless = words.options.some(({ name }) => name === '--no-tail');
  const isUnfiltered = !words.options.some(({ name }) => filters.has(name)) && matches.length === 0;
  if (isEndless || (!isBounded && isUnfiltered))
    return refuse('form', 'journalctl without a bound prints everything there is; add -n or --since.');
  // What is asked for is bounded by us: the newest lines are what everybody looks for.
  const bound = isBounded ? [] : [`--lines=${linesAdded}`];
  return { ...reading, args: [...bound, ...withoutPager(words, reading.args)] };
}

function withoutPager(words: ParsedWords, args: readonly string[]): readonly string[] {
  return words.options.some(({ name }) => name === '--no-pager') ? args : ['--no-pager', ...args];
}

export const serviceCommands: readonly CommandRule[] = [systemctl, journalctl];
