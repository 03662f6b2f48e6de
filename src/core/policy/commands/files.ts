/** Commands that show facts about files and folders: ls, pwd, stat, du, readlink, realpath, checksums. */
import { command } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
  format,
  integer,
  oneOf,
  optional,
  shape,
  sizeUnit,
  valued,
} from '../command-rule.ts';

const about = flags('--help', '--version');

const ls = command('ls', {
  options: [
    ...flags(
      '-a --all',
      '-A --almost-all',
      '--author',
      '-b --escape',
      '-B --ignore-backups',
      '-c',
      '-C',
      '-d --directory',
    ),
    ...flags(
      '-f',
      '-F',
      '-g',
      '-G --no-group',
      '-h --human-readable',
      '--si',
      '-H --dereference-command-line',
      '-i --inode',
    ),
    ...flags(
      '-k --kibibytes',
      '-l',
      '-L --dereference',
      '-m',
      '-n --numeric-uid-gid',
      '-N --literal',
      '-o',
      '-p',
      '-q',
    ),
    ...flags('--hide-control-chars', '--show-control-chars', '-Q --quote-name', '-r --reverse', '-R --recursive'),
    ...flags('-s --size', '-S', '-t', '-u', '-U', '-v', '-x', '-X', '-Z --context', '-1', '--zero', '--full-time'),
    ...flags('--group-directories-first', '--file-type', '--dereference-command-line-symlink-to-dir'),
    ...optional('--color', oneOf('never', 'always', 'auto')),
    ...optional('--classify', oneOf('never', 'always', 'auto')),
    ...valued('--format', oneOf('across', 'commas', 'horizontal', 'long', 'single-column', 'verbose', 'vertical')),
    ...valued('--sort', oneOf('none', 'size', 'time', 'version', 'extension', 'name', 'width')),
    ...valued(
      '--time',
      oneOf('atime', 'access', 'use', 'ctime', 'status', 'birth', 'creation', 'mtime', 'modification'),
    ),
    ...valued(
      '--time-style',
      shape('^(full-iso|long-iso|iso|locale|\\+(?!.*%[-_0#+^:.0-9]*[0-9]{4}).{0,80})$', 'a time style'),
    ),
    ...valued('--indicator-style', oneOf('none', 'slash', 'file-type', 'classify')),
    ...valued('--quoting-style', oneOf('literal', 'locale', 'shell', 'shell-always', 'shell-escape', 'c', 'escape')),
    ...valued('-I --ignore', any),
    ...valued('--hide', any),
    ...valued('-w --width', integer),
    ...valued('-T --tabsize', integer),
    ...valued('--block-size', sizeUnit),
    ...about,
  ],
  operands: { kind: 'paths', use: 'name', without: 'cwd' },
  // Recursion is judged like that of find: where it starts matters.
  refine: (words, reading) =>
    words.options.some(({ name }) => name === '--recursive')
      ? { args: reading.args, uses: reading.uses.map(({ path }) => ({ path, use: 'walk' })) }
      : reading,
  refinement: 'recursive-walks',
});

const pwd = command('pwd', {
  options: [...flags('-L --logical', '-P --physical'), ...about],
  operands: { kind: 'none' },
});

const stat = command('stat', {
  options: [
    ...flags('-L --dereference', '-f --file-system', '-t --terse'),
    ...valued('-c --format', format),
    ...valued('--printf', format),
    ...valued('--cached', oneOf('always', 'never', 'default')),
    ...about,
  ],
  operands: { kind: 'paths', use: 'name', without: 'refused' },
});

const du = command('du', {
  options: [
    ...flags('-0 --null', '-a --all', '--apparent-size', '-b --bytes', '-c --total', '-h --human-readable', '-H'),
    ...flags('-D --dereference-args', '--inodes', '-k', '-l --count-links', '-m', '-P --no-dereference', '--si'),
    ...flags('-S --separate-dirs', '-s --summarize', '-x --one-file-system'),
    ...valued('-d --max-depth', integer),
    ...valued('-B --block-size', sizeUnit),
    ...valued('-t --threshold', shape('^-?[0-9]{1,12}([KMGT](B|iB)?)?$', 'a size')),
    ...valued('--exclude', any),
    ...optional('--time', oneOf('atime', 'access', 'use', 'ctime', 'status')),
    ...valued('--time-style', oneOf('full-iso', 'long-iso', 'iso')),
    ...about,
  ],
  operands: { kind: 'paths', use: 'walk', without: 'cwd' },
});

const readlink = command('readlink', {
  options: [
    ...flags('-f --canonicalize', '-e --canonicalize-existing', '-m --canonicalize-missing', '-n --no-newline'),
    ...flags('-q --quiet', '-s --silent', '-v --verbose', '-z --zero'),
    ...about,
  ],
  operands: { kind: 'paths', use: 'name', without: 'refused' },
});

const realpath = command('realpath', {
  options: [
    ...flags('-e --canonicalize-existing', '-m --canonicalize-missing', '-L --logical', '-P --physical', '-q --quiet'),
    ...flags('-s --strip', '--no-symlinks', '-z --zero'),
    ...about,
  ],
  operands: { kind: 'paths', use: 'name', without: 'refused' },
});

/** Checking mode (-c) reads the names of more files from a file, and is not on the list. */
const checksums = ['md5sum', 'sha1sum', 'sha256sum', 'sha512sum'].map((name) =>
  command(name, {
    options: [...flags('-b --binary', '-t --text', '--tag', '-z --zero'), ...about],
    operands: { kind: 'paths', use: 'read', without: 'input' },
  }),
);

export const fileCommands: readonly CommandRule[] = [ls, pwd, stat, du, readlink, realpath, ...checksums];
