/** Knows where programs take secrets on their command line: `--password x`, `mysql -pSECRET`, `curl -u user:SECRET`. Judges words, not text. */
import { isSecretName } from './secret-names.ts';

interface CommandRule {
  /** The next word, or the rest of the same word, is the secret. */
  readonly next?: readonly string[];
  /** Only the rest of the same word is. */
  readonly attached?: readonly string[];
  /** A pair; the secret follows the separator. */
  readonly pair?: { readonly flags: readonly string[]; readonly separator: string };
  /** The rule holds only when this word is among the arguments. */
  readonly only?: string;
}

const mysql: CommandRule = { attached: ['-p'] };
const mongo: CommandRule = { next: ['-p'] };
const ldap: CommandRule = { next: ['-w', '-y'] };
const login: CommandRule = { next: ['-p'], only: 'login' };
const archive: CommandRule = { attached: ['-p'] };

const rules: ReadonlyMap<string, CommandRule> = new Map<string, CommandRule>([
  ...[
    'mysql',
    'mysqldump',
    'mysqladmin',
    'mysqlcheck',
    'mysqlimport',
    'mysqlshow',
    'mariadb',
    'mariadb-dump',
    'mariadb-admin',
  ].map((name) => [name, mysql] as const),
  ...['mongo', 'mongosh', 'mongodump', 'mongorestore', 'mongoexport', 'mongoimport'].map(
    (name) => [name, mongo] as const,
  ),
  ...['ldapsearch', 'ldapmodify', 'ldapadd', 'ldapdelete', 'ldapwhoami', 'ldappasswd'].map(
    (name) => [name, ldap] as const,
  ),
  ...['docker', 'podman', 'buildah', 'nerdctl', 'helm', 'oc', 'az'].map((name) => [name, login] as const),
  ...['7z', '7za', '7zz', 'rar', 'unrar'].map((name) => [name, archive] as const),
  ['sshpass', { next: ['-p'] }],
  [
    'curl',
    {
      pair: { flags: ['-u', '--user', '-U', '--proxy-user'], separator: ':' },
      next: ['-b', '--oauth2-bearer', '--pass'],
    },
  ],
  ['skopeo', { pair: { flags: ['--creds', '--src-creds', '--dest-creds'], separator: ':' } }],
  ['http', { pair: { flags: ['-a', '--auth'], separator: ':' } }],
  ['https', { pair: { flags: ['-a', '--auth'], separator: ':' } }],
  ['redis-cli', { next: ['-a', '--pass'] }],
  ['smbclient', { pair: { flags: ['-U', '--user'], separator: '%' } }],
  ['rpcclient', { pair: { flags: ['-U', '--user'], separator: '%' } }],
  ['lftp', { pair: { flags: ['-u', '--user'], separator: ',' } }],
  ['openssl', { next: ['-k', '-K'], pair: { flags: ['-pass', '-passin', '-passout'], separator: 'pass:' } }],
  ['useradd', { next: ['-p'] }],
  ['usermod', { next: ['-p'] }],
  ['sqlcmd', { next: ['-P'] }],
  ['bcp', { next: ['-P'] }],
  ['ipmitool', { next: ['-P'] }],
  ['zip', { next: ['-P'] }],
  ['unzip', { next: ['-P'] }],
]);

export const commandsWithSecrets: readonly string[] = [...rules.keys(), 'rabbitmqctl', 'htpasswd', 'chpasswd'];

const wordsAfterUser = new Set(['add_user', 'change_password', 'authenticate_user']);

/** For each word the offset from which it is secret, to its end; null for a word that is not. */
export function toSecretOffsets(argv: readonly string[]): (number | null)[] {
  const offsets: (number | null)[] = argv.map(() => null);
  let rule: CommandRule | undefined;
  const mark = (index: number, offset: number): void => {
    const word = argv[index];
    if (word !== undefined && offset < word.length) offsets[index] = Math.min(offset, offsets[index] ?? offset);
  };
  argv.forEach((word, index) => {
    const base = word.slice(word.lastIndexOf('/') + 1);
    rule = rules.get(base) ?? rule;
    const own = rule?.only !== undefined && !argv.includes(rule.only) ? undefined : rule;
    if (own !== undefined) markRule(own, argv, index, mark);
    markNamed(argv, index, mark);
    if (base === 'rabbitmqctl') {
      const at = argv.findIndex((candidate) => wordsAfterUser.has(candidate));
      if (at > index) mark(at + 2, 0);
    }
    if (base === 'htpasswd' && argv.some((candidate) => /^-[A-Za-z]{0,8}b[A-Za-z]{0,8}$/.test(candidate)))
      mark(argv.length - 1, 0);
  });
  return offsets;
}

type Mark = (index: number, offset: number) => void;

function markRule(rule: CommandRule, argv: readonly string[], index: number, mark: Mark): void {
  const word = argv[index] ?? '';
  for (const flag of rule.next ?? []) {
    if (word === flag) mark(index + 1, 0);
    else if (!flag.startsWith('--') && word.startsWith(flag)) mark(index, flag.length);
  }
  for (const flag of rule.attached ?? []) if (word.startsWith(flag) && !word.startsWith('--')) mark(index, flag.length);
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
  return /^["']?(?:\$[A-Z_][A-Z0-9_]*|\$\{[^}]{1,128}\}|\$\([^)]{0,256}\)|\{\{[^}]{1,256}\}\})["']?$/.test(value);
}
