/** Commands that run another command. What is inside is found to explain a question and to reject; it is never a reason to allow. */

export type Inner =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  /** A line for a shell. */
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'unknown' };

interface WrapperSpec {
  /** Options whose value is the next word. */
  readonly valued: readonly string[];
  /** Words of its own between the options and the command. */
  readonly operands: number;
  /** `NAME=value` words may come before the command. */
  readonly assignments?: true;
  /** An option that is followed by a line for a shell. */
  readonly lineOption?: string;
  /** Everything after its operands is joined to one line for a shell. */
  readonly joins?: true;
}

const shell: WrapperSpec = { valued: ['-o', '-O', '--rcfile', '--init-file'], operands: 0, lineOption: '-c' };

export const wrappers: Readonly<Record<string, WrapperSpec>> = {
  sudo: {
    valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U', '-r', '-t', '--user', '--group', '--chdir'],
    operands: 0,
    assignments: true,
  },
  doas: { valued: ['-u', '-C'], operands: 0 },
  env: { valued: ['-u', '-C', '--unset', '--chdir'], operands: 0, assignments: true, lineOption: '-S' },
  nice: { valued: ['-n', '--adjustment'], operands: 0 },
  ionice: { valued: ['-c', '-n', '-p', '--class', '--classdata'], operands: 0 },
  chrt: { valued: [], operands: 1 },
  taskset: { valued: [], operands: 1 },
  timeout: { valued: ['-k', '-s', '--kill-after', '--signal'], operands: 1 },
  xargs: {
    valued: ['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--max-args', '--max-procs', '--replace'],
    operands: 0,
  },
  parallel: { valued: ['-j', '-a'], operands: 0 },
  nohup: { valued: [], operands: 0 },
  setsid: { valued: [], operands: 0 },
  stdbuf: { valued: ['-i', '-o', '-e'], operands: 0 },
  time: { valued: ['-f', '-o', '--format', '--output'], operands: 0 },
  command: { valued: [], operands: 0 },
  builtin: { valued: [], operands: 0 },
  exec: { valued: ['-a'], operands: 0 },
  busybox: { valued: [], operands: 0 },
  toybox: { valued: [], operands: 0 },
  strace: { valued: ['-e', '-o', '-p', '-s', '-u'], operands: 0 },
  ltrace: { valued: ['-e', '-o', '-p', '-s', '-u'], operands: 0 },
  flock: { valued: ['-w', '--timeout'], operands: 1, lineOption: '-c' },
  chroot: { valued: [], operands: 1 },
  unshare: { valued: [], operands: 0 },
  nsenter: { valued: ['-t', '--target', '-S', '-G'], operands: 0 },
  'systemd-run': { valued: ['-u', '-p', '--unit', '--property'], operands: 0 },
  runuser: { valued: ['-u', '-g', '-G'], operands: 0, lineOption: '-c' },
  su: { valued: ['-g', '-G', '-s', '-w'], operands: 0, lineOption: '-c' },
  script: { valued: ['-E', '-I', '-O', '-T'], operands: 0, lineOption: '-c' },
  watch: { valued: ['-n', '--interval'], operands: 0, joins: true },
  ssh: { valued: [...'BbcDEeFIiJLlmOopQRSWw'].map((letter) => `-${letter}`), operands: 1, joins: true },
  eval: { valued: [], operands: 0, joins: true },
  sh: shell,
  bash: shell,
  dash: shell,
  ash: shell,
  zsh: shell,
  ksh: shell,
  fish: shell,
  csh: shell,
  tcsh: shell,
};

/** What a wrapper runs; null when the command is none. */
export function unwrap(name: string, args: readonly string[]): Inner | null {
  if (name === 'find') return unwrapFind(args);
  const spec = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (spec === undefined) return null;
  const line = lineOf(spec, args);
  if (line !== null) return { kind: 'line', line };
  let index = skipOptions(spec, args);
  index += spec.operands;
  while (spec.assignments === true && /^[A-Za-z_][A-Za-z0-9_]*=/.test(args[index] ?? '')) index += 1;
  const rest = args.slice(index);
  if (rest.length === 0 || spec === shell) return { kind: 'unknown' };
  return spec.joins === true ? { kind: 'line', line: rest.join(' ') } : { kind: 'argv', argv: rest };
}

/** `find` is a wrapper only when one of its actions runs a command. */
function unwrapFind(args: readonly string[]): Inner | null {
  const action = args.findIndex((arg) => /^-(exec|execdir|ok|okdir)$/.test(arg));
  if (action < 0) return null;
  const rest = args.slice(action + 1);
  const end = rest.findIndex((arg) => arg === ';' || arg === '+');
  const argv = end < 0 ? rest : rest.slice(0, end);
  return argv.length === 0 ? { kind: 'unknown' } : { kind: 'argv', argv };
}

function lineOf(spec: WrapperSpec, args: readonly string[]): string | null {
  const letter = spec.lineOption?.slice(1);
  if (letter === undefined) return null;
  const long = args.find((arg) => /^--(command|split-string)=/.test(arg));
  if (long !== undefined) return long.slice(long.indexOf('=') + 1);
  const at = args.findIndex((arg) => /^-[A-Za-z0]+$/.test(arg) && arg.includes(letter));
  const exact = args.findIndex((arg) => arg === '--command' || arg === '--split-string');
  const found = at < 0 ? exact : at;
  if (found >= 0) return args.slice(found + 1).join(' ') || attachedLine(args[found] ?? '', letter);
  const attached = args.find((arg) => arg.startsWith(`-${letter}`) && arg.length > 2);
  return attached === undefined ? null : attached.slice(2);
}

function attachedLine(word: string, letter: string): string | null {
  const rest = word.slice(word.indexOf(letter) + 1);
  return rest === '' ? null : rest;
}

function skipOptions(spec: WrapperSpec, args: readonly string[]): number {
  let index = 0;
  while (index < args.length) {
    const word = args[index] ?? '';
    if (word === '--') return index + 1;
    if (!word.startsWith('-') || word === '-') return index;
    index += spec.valued.includes(word) ? 2 : 1;
  }
  return index;
}
