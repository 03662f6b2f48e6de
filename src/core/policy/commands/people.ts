/** Commands that show who is there and who one is: id, whoami, groups, w, who, last. */
import { command } from '../command.ts';
import { type CommandRule, flags, integer, oneOf, refuse, shape, valued } from '../command-rule.ts';

const about = flags('--help', '--version');
const account = shape('^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\\$?$', 'an account name');
const noted = shape('^[A-Za-z0-9_][A-Za-z0-9_./:-]{0,63}$', 'an account or terminal');

const id = command('id', {
  options: [
    ...flags('-a', '-g --group', '-G --groups', '-n --name', '-r --real', '-u --user', '-z --zero', '-Z --context'),
    ...about,
  ],
  operands: { kind: 'words', value: account, max: 16 },
});

const whoami = command('whoami', { options: about, operands: { kind: 'none' } });

const groups = command('groups', { options: about, operands: { kind: 'words', value: account, max: 16 } });

const w = command('w', {
  options: flags(
    '-h --no-header',
    '-s --short',
    '-f --from',
    '-o --old-style',
    '-i --ip-addr',
    '-u --no-current',
    '-V --version',
    '--help',
  ),
  operands: { kind: 'words', value: account, max: 1 },
  redactOutput: true,
});

/** Operands of who name another log file, so there are none but `am i`. */
const who = command('who', {
  options: [
    ...flags('-a --all', '-b --boot', '-d --dead', '-H --heading', '-l --login', '-m', '-p --process', '-q --count'),
    ...flags('-r --runlevel', '-s --short', '-t --time', '-T -w --mesg', '-u --users', '--message', '--writable'),
    ...about,
  ],
  operands: { kind: 'words', value: oneOf('am', 'i'), max: 2 },
  refine: ({ operands }, reading) =>
    operands.length === 0 || operands.join(' ') === 'am i'
      ? reading
      : refuse('operand', 'who reads another file when it is given one name.'),
  refinement: 'am i',
});

/** -f reads another file and -d asks name servers: neither is on the list. */
const last = command('last', {
  options: [
    ...flags(
      '-a --hostlast',
      '-F --fulltimes',
      '-i --ip',
      '-R --nohostname',
      '-w --fullnames',
      '-x --system',
      '-V --version',
    ),
    ...flags('-h --help'),
    ...valued('-n -NUMBER --limit', integer),
    ...valued('-s --since', shape('^[0-9A-Za-z :+-]{1,40}$', 'a time')),
    ...valued('-t --until', shape('^[0-9A-Za-z :+-]{1,40}$', 'a time')),
    ...valued('-p --present', shape('^[0-9A-Za-z :+-]{1,40}$', 'a time')),
  ],
  operands: { kind: 'words', value: noted, max: 8 },
});

export const peopleCommands: readonly CommandRule[] = [id, whoami, groups, w, who, last];
