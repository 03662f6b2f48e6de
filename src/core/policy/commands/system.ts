/** Commands that show the state of the machine: uname, df, free, uptime, nproc, date, hostname. Date and hostname could also set it. */
import { command } from '../command.ts';
import {
  type CommandRule,
  flags,
  integer,
  moment,
  oneOf,
  optional,
  refuse,
  shape,
  sizeUnit,
  valued,
  word,
} from '../command-rule.ts';

const about = flags('--help', '--version');

const uname = command('uname', {
  options: [
    ...flags(
      '-a --all',
      '-s --kernel-name',
      '-n --nodename',
      '-r --kernel-release',
      '-v --kernel-version',
      '-m --machine',
    ),
    ...flags('-p --processor', '-i --hardware-platform', '-o --operating-system'),
    ...about,
  ],
  operands: { kind: 'none' },
});

const df = command('df', {
  options: [
    ...flags('-a --all', '-h --human-readable', '-H --si', '-i --inodes', '-k', '-l --local', '--no-sync'),
    ...flags('-P --portability', '-T --print-type', '--total'),
    ...valued('-B --block-size', sizeUnit),
    ...valued('-t --type', word),
    ...valued('-x --exclude-type', word),
    ...optional('--output', shape('^[a-z]+(,[a-z]+)*$', 'a list of columns')),
    ...about,
  ],
  operands: { kind: 'paths', use: 'name', without: 'nothing' },
});

/** -s repeats for ever, unless -c says how often. */
const free = command('free', {
  options: [
    ...flags('-b --bytes', '-k --kibi', '-m --mebi', '-g --gibi', '--kilo', '--mega', '--giga', '--tera', '--tebi'),
    ...flags(
      '-h --human',
      '--si',
      '-l --lohi',
      '-L --line',
      '-t --total',
      '-v --committed',
      '-w --wide',
      '-V --version',
    ),
    ...flags('--help'),
    ...valued('-c --count', shape('^[1-9][0-9]?$', 'a number below 100')),
    ...valued('-s --seconds', shape('^[1-9][0-9]?$', 'a number of seconds below 100')),
  ],
  operands: { kind: 'none' },
  refine: ({ options }, reading) => {
    const names = options.map(({ name }) => name);
    return names.includes('--seconds') && !names.includes('--count')
      ? refuse('form', 'free -s repeats for ever; add -c with a number.')
      : reading;
  },
  refinement: 'seconds-need-a-count',
});

const uptime = command('uptime', {
  options: flags('-p --pretty', '-s --since', '-h --help', '-V --version'),
  operands: { kind: 'none' },
});

const nproc = command('nproc', {
  options: [...flags('--all'), ...valued('--ignore', integer), ...about],
  operands: { kind: 'none' },
});

/** An operand without `+` sets the clock, and so does -s; -f reads a file. */
const date = command('date', {
  options: [
    ...flags('-u --utc', '--universal', '-R --rfc-email', '--rfc-2822', '--resolution'),
    ...optional('-I --iso-8601', oneOf('date', 'hours', 'minutes', 'seconds', 'ns', 'd', 'h', 'm', 's')),
    ...valued('--rfc-3339', oneOf('date', 'seconds', 'ns')),
    ...valued('-d --date', moment),
    ...valued('-r --reference', { kind: 'path', use: 'name' }),
    ...about,
  ],
  operands: { kind: 'words', value: shape('^\\+(?!.*%[-_0#+^:.0-9]*[0-9]{4})', 'a format that starts with +'), max: 1 },
});

/** An operand sets the name, and so do -b and -F; -A, -d and -f may ask name servers and are fine. */
const hostname = command('hostname', {
  options: [
    ...flags(
      '-a --alias',
      '-A --all-fqdns',
      '-d --domain',
      '-f --fqdn',
      '--long',
      '-i --ip-address',
      '-I --all-ip-addresses',
    ),
    ...flags('-s --short', '-y --yp', '--nis', '-V --version', '-h --help'),
  ],
  operands: { kind: 'none' },
});

const printenvNames = ['HOME', 'LANG', 'LOGNAME', 'PATH', 'PWD', 'SHELL', 'TERM', 'TZ', 'USER'] as const;

/** Only names that hold no secret; without a name it would show the whole environment. */
const printenv = command('printenv', {
  options: about,
  operands: { kind: 'words', value: oneOf(...printenvNames), max: printenvNames.length },
  refine: (words, reading) =>
    words.options.length + words.operands.length === 0
      ? refuse('operand', 'Without a name it shows the whole environment, which may hold secrets.')
      : reading,
  refinement: 'needs-a-name',
});

export const systemCommands: readonly CommandRule[] = [uname, df, free, uptime, nproc, date, hostname, printenv];
