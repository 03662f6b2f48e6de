/** Commands that list hardware, mounts, kernel objects, settings and names, and print their own words. What sets, mounts or runs is not on the lists. */
import { type CommandSpec, command } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
  integer,
  type OptionRule,
  oneOf,
  optional,
  refuse,
  shape,
  valued,
} from '../command-rule.ts';

const about = flags('--help', '--version');
const columns = shape('^[A-Za-z0-9_%+:-]+(,[A-Za-z0-9_%+:-]+)*$', 'a list of columns');
const plain = shape('^[A-Za-z0-9_][A-Za-z0-9_.+:-]{0,127}$', 'a plain name');
const none = { kind: 'none' } as const;
const listing = flags(
  '-a --all',
  '-b --bytes',
  '-l --list',
  '-n --noheadings',
  '-r --raw',
  '-J --json',
  '-P --pairs',
  '-h --help',
  '-V --version',
);
const noPager = flags('--no-pager', '-l --full', '--no-legend', '--help', '--version');

function shows(name: string, options: readonly OptionRule[], operands: CommandSpec['operands'] = none): CommandRule {
  return command(name, { options, operands });
}

/** Subcommands that only show, with at most `max` plain words behind them. */
function asks(name: string, verbs: readonly string[], options: readonly OptionRule[], max: number): CommandRule {
  return command(name, {
    options,
    operands: { kind: 'words', value: plain, max: max + 1 },
    refine: (words, reading) =>
      verbs.includes(words.operands[0] ?? '')
        ? reading
        : refuse('operand', `${name} ${words.operands[0] ?? ''} is not one of the subcommands that only show.`),
    refinement: `verbs ${verbs.join(' ')}`,
  });
}

/** -s reads another root. */
const lscpu = shows('lscpu', [
  ...flags(
    '-a --all',
    '-b --online',
    '-c --offline',
    '-J --json',
    '-x --hex',
    '-y --physical',
    '-h --help',
    '-V --version',
  ),
  ...optional('-e --extended', columns),
  ...optional('-p --parse', columns),
]);
const lsblk = shows(
  'lsblk',
  [
    ...listing,
    ...flags(
      '-f --fs',
      '-d --nodeps',
      '-p --paths',
      '-m --perms',
      '-t --topology',
      '-S --scsi',
      '-i --ascii',
      '-s --inverse',
      '-O --output-all',
    ),
    ...valued('-o --output', columns),
    ...valued('-e --exclude', shape('^[0-9,]+$', 'numbers')),
  ],
  { kind: 'paths', use: 'name', without: 'nothing' },
);
/** Not here: -p (never ends), -F (another file), -N (another process). */
const findmnt = shows(
  'findmnt',
  [
    ...flags(
      '-l --list',
      '-n --noheadings',
      '-r --raw',
      '-J --json',
      '-D --df',
      '-a --ascii',
      '-u --notruncate',
      '-h --help',
      '-V --version',
    ),
    ...valued('-o --output', columns),
    ...valued('-t --types', plain),
    ...valued('-T --target', { kind: 'path', use: 'name' }),
  ],
  { kind: 'paths', use: 'name', without: 'nothing' },
);
const kernelLists = ['lslocks', 'lsipc'].map((name) => shows(name, [...listing, ...valued('-o --output', columns)]));
const lsns = shows('lsns', [
  ...listing,
  ...valued('-o --output', columns),
  ...valued('-p --task', integer),
  ...valued('-t --type', oneOf('mnt', 'net', 'ipc', 'user', 'pid', 'uts', 'cgroup', 'time')),
]);
/** Without an option that changes the card: -s, -K, -A, -G, -p (blinks) and the like are not here. */
const ethtool = shows(
  'ethtool',
  flags('-i --driver', '-S --statistics', '-k --show-features', '-a --show-pause', '-g --show-ring', '-T', '-P', '-c'),
  { kind: 'words', value: plain, max: 1 },
);
/** A name with `=` in it would be set; -a would show the keys of TCP Fast Open, and so would their names. */
const sysctl = shows('sysctl', flags('-n --values', '-e --ignore', '-N --names', '-b --binary'), {
  kind: 'words',
  value: shape(
    '^(?!.*(fastopen_key|stable_secret))(kernel|vm|fs|net|dev|user)(\\.[A-Za-z0-9_-]+)+$',
    'the name of a setting, without a value',
  ),
  max: 16,
});
/** -R would walk a tree. */
const getfacl = shows('getfacl', flags('-a --access', '-c --omit-header', '-e --all-effective', '-n --numeric', '-p'), {
  kind: 'paths',
  use: 'name',
  without: 'refused',
});
const namei = shows('namei', flags('-l --long', '-m --modes', '-o --owners', '-x --mountpoints', '-n --nosymlinks'), {
  kind: 'paths',
  use: 'name',
  without: 'refused',
});
/** Not here: -q and -Q (ask name servers), -i, -p, -O, -A, -F, -H. */
const lspci = shows('lspci', [
  ...flags('-v', '-vv', '-vvv', '-k', '-n', '-nn', '-mm', '-t', '-D', '--version'),
  ...valued('-s', shape('^[0-9A-Fa-f:.*]{1,16}$', 'a slot')),
]);
const lsusb = shows('lsusb', flags('-t --tree', '-v --verbose', '-V --version', '-h --help'));

/** With an operand or -a, -o, -B and the like it mounts. */
const mount = shows('mount', [
  ...flags('-l --show-labels', '-V --version', '-h --help'),
  ...valued('-t --types', plain),
]);
const swapon = command('swapon', {
  options: [
    ...optional('--show', columns),
    ...flags('-s --summary', '--noheadings', '--raw', '--bytes', '-V --version', '-h --help'),
  ],
  operands: none,
  refine: (words, reading) =>
    words.options.length > 0 ? reading : refuse('form', 'swapon shows with --show; add it.'),
  refinement: 'needs-an-option',
});

const testOperators = ['-f', '-d', '-e', '-r', '-w', '-x', '-s', '-L', '-h', '-S', '-p', '-b', '-c'];
const test: CommandRule = {
  name: 'test',
  redactOutput: false,
  description: { testOperators },
  read: (args) => {
    const [operator = '', path = '', ...more] = args;
    return testOperators.includes(operator) && path !== '' && more.length === 0
      ? { args, uses: [{ path, use: 'name' }] }
      : refuse('form', 'test is known with one operator and one file.');
  },
};

/** Not here: -o and -R (write files), -l (follows links), --fromfile. */
const tree = shows(
  'tree',
  [
    ...flags(
      '-a',
      '-d',
      '-f',
      '-h',
      '-p',
      '-s',
      '-u',
      '-g',
      '-D',
      '-i',
      '-n',
      '-t',
      '-r',
      '--noreport',
      '--dirsfirst',
      '--du',
      '--version',
      '--help',
    ),
    ...valued('-L', integer),
    ...valued('-P', any),
    ...valued('-I', any),
  ],
  { kind: 'paths', use: 'walk', without: 'cwd' },
);

const words = { kind: 'words', value: any, max: 100 } as const;

export const machineCommands: readonly CommandRule[] = [
  lscpu,
  lsblk,
  findmnt,
  ...kernelLists,
  lsns,
  ethtool,
  sysctl,
  getfacl,
  namei,
  lspci,
  lsusb,
  mount,
  swapon,
  test,
  tree,
  shows('lsmod', []),
  shows('arch', about),
  shows('tty', [...flags('-s --silent'), ...about]),
  shows('true', []),
  shows('false', []),
  shows('echo', [...flags('-n', '-e', '-E')], words),
  shows('basename', [...flags('-a --multiple', '-z --zero'), ...valued('-s --suffix', any), ...about], words),
  shows('dirname', [...flags('-z --zero'), ...about], words),
  shows('which', flags('-a'), { kind: 'words', value: plain, max: 32 }),
  shows('whereis', flags('-b', '-m', '-s', '-u'), { kind: 'words', value: plain, max: 32 }),
  shows('getconf', flags('-a'), { kind: 'words', value: plain, max: 1 }),
  shows('locale', [...flags('-a --all-locales', '-m --charmaps'), ...about]),
  shows(
    'lsb_release',
    flags('-a --all', '-d --description', '-c --codename', '-r --release', '-i --id', '-s --short', '-h --help'),
  ),
  shows('cal', flags('-1', '-3', '-y', '-m', '-j', '-w'), { kind: 'words', value: integer, max: 3 }),
  asks('timedatectl', ['', 'status', 'show', 'timesync-status', 'list-timezones'], noPager, 0),
  asks('hostnamectl', ['', 'status'], [...noPager, ...valued('--json', oneOf('short', 'pretty', 'off'))], 0),
  asks('loginctl', ['', 'list-sessions', 'list-users', 'list-seats'], noPager, 0),
];
