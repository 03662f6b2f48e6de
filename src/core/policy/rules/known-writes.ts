/**
 * Forms of commands that change files, or run text as a program, without the built-in rules saying so by name: what they ask about is an
 * unknown option, and no rule may lift these. Nothing here allows.
 */
import { familyOf } from '../families.ts';
import { unwrap } from '../wrappers.ts';
import { nameOf } from './program-name.ts';

interface WritingForm {
  readonly names: readonly string[];
  /** Long options, also abbreviated or with a value attached. */
  readonly long?: readonly string[];
  /** Letters of short options, also in a cluster; `all` stands for the command as a whole. */
  readonly short?: string;
  readonly all?: true;
  /** More operands than these name an output. */
  readonly operandsMax?: number;
}

const forms: readonly WritingForm[] = [
  { names: ['uniq', 'xxd'], operandsMax: 1 },
  { names: ['xxd'], short: 'r' },
  {
    names: ['journalctl'],
    long: [
      ...['--vacuum-size', '--vacuum-time', '--vacuum-files', '--rotate', '--flush', '--setup-keys', '--force'],
      ...['--relinquish-var', '--smart-relinquish-var', '--update-catalog', '--cursor-file'],
    ],
  },
  { names: ['file'], short: 'C', long: ['--compile'] },
  { names: ['sort'], short: 'o', long: ['--output', '--compress-program'] },
  {
    names: ['curl'],
    short: 'oOJDcKT',
    long: [
      ...['--output', '--output-dir', '--remote-name', '--remote-name-all', '--remote-header-name', '--dump-header'],
      ...['--cookie-jar', '--config', '--trace', '--trace-ascii', '--stderr', '--libcurl', '--hsts', '--alt-svc'],
      ...['--etag-save', '--create-dirs', '--upload-file', '--xattr'],
    ],
  },
  { names: ['tcpdump', 'tshark', 'dumpcap'], short: 'wzC' },
  { names: ['lsof'], short: 'D' },
  { names: ['ip'], short: 'b', long: ['--batch'] },
  {
    names: ['openssl', 'ssh-keygen', 'gpg', 'gdb', 'strace', 'ltrace', 'script', 'nohup', 'parallel', 'xargs'],
    all: true,
  },
];

/** Wrappers that only change how a command runs, not what it does. */
const plainWrappers: readonly string[] = [
  'sudo',
  'doas',
  'nice',
  'ionice',
  'timeout',
  'stdbuf',
  'chrt',
  'taskset',
  'command',
];

/** Whether the words are known to change files, or hold a program as text. */
export function isKnownWrite(argv: readonly string[]): boolean {
  const [program = '', ...args] = argv;
  const name = nameOf(program);
  const inner = unwrap(name, args);
  if (inner !== null) return inner.kind !== 'argv' || !plainWrappers.includes(name) || isKnownWrite(inner.argv);
  if (familyOf(name)?.rule === 'command.interpreter') return !isScript(args);
  return forms.some((form) => form.names.includes(name) && isForm(args, form));
}

/** A file that stands on the server can be read before it is allowed; text in the words cannot be told apart from a write. */
function isScript([first = '']: readonly string[]): boolean {
  return first.startsWith('/');
}

function isForm(args: readonly string[], { all, long = [], short = '', operandsMax }: WritingForm): boolean {
  if (all === true) return true;
  const operands = args.filter((word) => !word.startsWith('-') || word === '-');
  if (operandsMax !== undefined && operands.length > operandsMax) return true;
  return args.some((word) => {
    if (!word.startsWith('--')) return /^-[^-]/.test(word) && [...short].some((letter) => word.includes(letter));
    const written = word.split('=')[0] ?? '';
    return written.length > 2 && long.some((option) => option.startsWith(written));
  });
}
