/** Knows where programs take secrets on their command line: `--password x`, `mysql -pSECRET`, `curl -u user:SECRET`. Judges words, not text. */
import { type CommandRule, commandRules } from './secret-command-rules.ts';
import { isSecretName } from './secret-names.ts';

/** For each word the offset from which it is secret, to its end; null for a word that is not. */
export function toSecretOffsets(argv: readonly string[]): (number | null)[] {
  const offsets: (number | null)[] = argv.map(() => null);
  let rules: readonly CommandRule[] = [];
  const mark = (index: number, offset: number): void => {
    const word = argv[index];
    if (word !== undefined && offset < word.length) offsets[index] = Math.min(offset, offsets[index] ?? offset);
  };
  argv.forEach((word, index) => {
    const base = word.slice(word.lastIndexOf('/') + 1);
    const found = commandRules.get(base);
    // A program's name may be an argument of another, too: `sudo mysql`, but not `docker login`'s `login`.
    if (found !== undefined && (rules.length === 0 || !isArgument(argv, index))) rules = found;
    for (const rule of rules)
      if (rule.only === undefined || argv.includes(rule.only)) markRule(rule, argv, index, mark);
    markNamed(argv, index, mark);
    if (base === 'htpasswd' && argv.some((candidate) => /^-[A-Za-z]{0,8}b[A-Za-z]{0,8}$/.test(candidate)))
      mark(argv.length - 1, 0);
  });
  return offsets;
}

/** Behind a flag or a word that takes a value stands no program. */
function isArgument(argv: readonly string[], index: number): boolean {
  return /^-[A-Za-z]$|^--[a-z]/.test(argv[index - 1] ?? '');
}

type Mark = (index: number, offset: number) => void;

function markRule(rule: CommandRule, argv: readonly string[], index: number, mark: Mark): void {
  const word = argv[index] ?? '';
  for (const flag of rule.next ?? []) {
    if (word === flag) mark(index + 1, 0);
    else if (!flag.startsWith('--') && word.startsWith(flag)) mark(index, flag.length);
  }
  for (const flag of rule.attached ?? []) if (word.startsWith(flag) && !word.startsWith('--')) mark(index, flag.length);
  for (const [before, distance] of rule.after ?? [])
    if (word === before && !(argv[index + distance] ?? '-').startsWith('-')) mark(index + distance, 0);
  if (rule.slash !== undefined) {
    const login = /^["']?[A-Za-z_][\w$#.]{0,63}\/(?=[^/@\s])/.exec(word)?.[0];
    if (login !== undefined) mark(index, login.length);
  }
  if (rule.pair === undefined) return;
  const { flags, separator } = rule.pair;
  for (const flag of flags) {
    if (word === flag) markPair(argv, index + 1, 0, separator, mark);
    else if (flag.startsWith('--') && word.startsWith(`${flag}=`))
      markPair(argv, index, flag.length + 1, separator, mark);
    else if (flag.length === 2 && word.startsWith(flag)) markPair(argv, index, 2, separator, mark);
  }
}

function markPair(argv: readonly string[], index: number, from: number, separator: string, mark: Mark): void {
  const at = (argv[index] ?? '').indexOf(separator, from);
  if (at !== -1) mark(index, at + separator.length);
}

/** Flags, settings and headers that any program may have, known by name. */
function markNamed(argv: readonly string[], index: number, mark: Mark): void {
  const word = argv[index] ?? '';
  const next = argv[index + 1] ?? '';
  const flag = /^--?([A-Za-z][A-Za-z0-9_.-]{1,63})$/.exec(word)?.[1];
  if (flag !== undefined && isSecretName(flag) && !flag.startsWith('no-') && !/^--?[A-Za-z]/.test(next))
    mark(index + 1, 0);
  const assigned = /^(?:-D|--?)?([A-Za-z_][A-Za-z0-9_.-]{0,63})=/.exec(word);
  if (assigned !== null && isSecretName(assigned[1] ?? '') && !isReference(word.slice(assigned[0].length)))
    mark(index, assigned[0].length);
  // `aws configure set aws_secret_access_key X`, `redis-cli config set requirepass X`
  if (/^set$/i.test(argv[index - 1] ?? '') && isSecretName(word.slice(-64).replace(/^.*[:/]/, ''))) mark(index + 1, 0);
  const header = /^([A-Za-z][A-Za-z0-9-]{1,63}):$/.exec(word)?.[1];
  if (header !== undefined && isSecretName(header))
    mark(/^(?:bearer|basic|token)$/i.test(next) ? index + 2 : index + 1, 0);
}

/** A variable's name stands for a secret and is none. */
export function isReference(value: string): boolean {
  return /^["']?(?:\$[A-Z_][A-Z0-9_]*|\$\{[^}]{1,128}\}|\$?\$\([^)]{0,256}\)|\$?\{\{[^}]{1,256}\}\}|%[A-Z_][A-Z0-9_]{1,64}%|\$env:\w{1,64})["']?$/.test(
    value,
  );
}
