/** `ps`, which reads three dialects of options at once. The letter e of the BSD dialect shows environments, and is not here. */
import { command } from '../command.ts';
import {
  any,
  type CommandRule,
  flags,
  type OptionRule,
  type ParsedWords,
  type Reading,
  type Refusal,
  refuse,
  shape,
  valued,
} from '../command-rule.ts';

/** Columns that hold no environment. */
const columns: readonly string[] = [
  '%cpu %mem args blocked bsdstart bsdtime c cgroup class cls cmd comm command cp cputime cputimes drs egid',
  'egroup etime etimes euid euser exe f fgid flags fname gid group lstart lwp majflt maj_flt minflt min_flt',
  'ni nice nlwp nwchan oom pcpu pgid pgrp pid pmem ppid pri psr rgid rgroup rss rssize rsz rtprio ruid ruser',
  's sched sess sid sgid size slice spid start start_time stat state stime suid sz tgid thcount tid time',
  'times tname tpgid trs tt tty ucmd ucomm uid uname unit user uunit vsize vsz wchan',
].flatMap((line) => line.split(' '));

const numbers = shape('^[0-9]{1,10}(,[0-9]{1,10})*$', 'process ids');
const names = shape('^[A-Za-z0-9_][A-Za-z0-9_.-]*(,[A-Za-z0-9_][A-Za-z0-9_.-]*)*$', 'names');
const sortKeys = shape(`^[+-]?(${columns.join('|')})(,[+-]?(${columns.join('|')}))*$`, 'known columns');
const column = `(${columns.join('|')})(:[0-9]{1,4})?(=[A-Za-z %_-]*)?`;
const formats = shape(`^${column}([, ]+${column})*$`, 'known columns');

const options: readonly OptionRule[] = [
  ...flags(
    '-A',
    '-a',
    '-c',
    '-d',
    '-e',
    '-f',
    '-F',
    '-H',
    '-j',
    '-l',
    '-L',
    '-m',
    '-N --deselect',
    '-P',
    '-T',
    '-w',
    '-y',
  ),
  ...flags('-M', '-Z --context', '--forest', '--headers', '--no-headers', '--no-heading', '--help', '-V --version'),
  ...valued('-o --format', formats),
  ...valued('-O', formats),
  ...valued('-p --pid', numbers),
  ...valued('--ppid', numbers),
  ...valued('-q --quick-pid', numbers),
  ...valued('-s --sid', numbers),
  ...valued('-C', names),
  ...valued('-u --user', names),
  ...valued('-U --User', names),
  ...valued('-g --group', names),
  ...valued('-G --Group', names),
  ...valued('-t --tty', shape('^[A-Za-z0-9/]+(,[A-Za-z0-9/]+)*$', 'terminals')),
  ...valued('--sort', sortKeys),
  ...valued('-k', sortKeys),
  ...valued('--cols', shape('^[0-9]{1,5}$', 'a width')),
  ...valued('--columns', shape('^[0-9]{1,5}$', 'a width')),
  ...valued('--width', shape('^[0-9]{1,5}$', 'a width')),
  ...valued('--rows', shape('^[0-9]{1,5}$', 'a height')),
  ...valued('--lines', shape('^[0-9]{1,5}$', 'a height')),
];

/** Letters of the BSD dialect without a value: no `e` (environment), no `o`, `k`, `p`, `t`, `U` (values). */
const bsdLetters = /^[aTrxcfhHjlmnsuvwSX]+$/;

export const ps: CommandRule = command('ps', {
  options: options,
  operands: { kind: 'words', value: any, max: 4 },
  redactOutput: true,
  refine: readPs,
  refinement: `bsd ${bsdLetters.source}; -u never clustered; aux with a dash; -A for -e`,
});

function readPs(words: ParsedWords, reading: Reading): Reading | Refusal {
  for (const operand of words.operands) {
    if (!bsdLetters.test(operand) && !/^[0-9]{1,10}$/.test(operand)) {
      return refuse('operand', `ps: ${operand} is not a list of option letters that is known to hide environments.`);
    }
  }
  // A value that procps cannot use makes it read all words again as BSD letters, in which -e shows environments.
  const glued = reading.args.find((arg) => /^-[A-Za-z]*[uUgGCt][A-Za-z]/.test(arg) && !isPlainAux(arg));
  if (glued !== undefined)
    return refuse('option', `ps: write the value of an option as its own word, not as in ${glued}.`);
  const selectsAll = words.options.some(({ name }) => name === '-e');
  const selectsNames = words.options.some(({ name }) =>
    ['--user', '--User', '--group', '--Group', '--tty'].includes(name),
  );
  if (selectsAll && selectsNames && !reading.args.some(isPlainAux)) {
    return refuse('option', 'ps: -e selects everything; leave it out when selecting by name.');
  }
  return selectsAll ? { ...reading, args: withoutE(words) } : reading;
}

/** Options that contradict each other (`-eT -H`) are read again as BSD letters, too. `-A` means what `-e` means, and is none of them. */
function withoutE({ options, operands }: ParsedWords): readonly string[] {
  return [...options.flatMap((option) => (option.name === '-e' ? ['-A'] : option.words)), ...operands];
}

/** What everybody types; procps reads it as the BSD letters when there is no user called "x". */
function isPlainAux(word: string): boolean {
  return /^-aux(w{0,2}|f)$/.test(word);
}

export const processCommands: readonly CommandRule[] = [ps];
