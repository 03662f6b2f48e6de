/** Questions to package managers: dpkg, rpm, apt. Their other half installs, removes and runs scripts, and is not on the lists. */
import { command } from '../command.ts';
import { type CommandRule, flags, refuse, shape } from '../command-rule.ts';

const pattern = shape('^[A-Za-z0-9/][A-Za-z0-9+._~:*?/-]{0,127}$', 'a package, pattern or file');
const packageName = shape('^[A-Za-z0-9][A-Za-z0-9+._~:*-]{0,127}$', 'a package');
const words = { kind: 'words', value: pattern, max: 32 } as const;

/** Exactly one question; --pre-invoke, --root, -o and the like are not on the list. */
const dpkgs = ['dpkg', 'dpkg-query'].map((name) =>
  command(name, {
    options: flags(
      '-l --list',
      '-L --listfiles',
      '-S --search',
      '-s --status',
      '--print-architecture',
      '--get-selections',
      '--version',
    ),
    operands: words,
    refine: (parsed, reading) =>
      parsed.options.length === 1
        ? reading
        : refuse('form', `${name} is known with exactly one question, such as -l or -s.`),
    refinement: 'one-question',
  }),
);

/** Only with -q, which makes a question of the rest; not here: -p (reads or fetches a package), --pipe, --eval, --define, --rcfile, --root. */
const rpm = command('rpm', {
  options: flags(
    '-q --query',
    '-a --all',
    '-i --info',
    '-l --list',
    '-f --file',
    '-c --configfiles',
    '-d --docfiles',
    '-R --requires',
    '--last',
    '--changelog',
    '--provides',
  ),
  operands: words,
  refine: (parsed, reading) => {
    const has = (wanted: string): boolean => parsed.options.some(({ name }) => name === wanted);
    if (!has('--query')) return refuse('form', 'rpm asks only with -q.');
    const [first] = parsed.options;
    if (first?.name !== '--query')
      return refuse('form', 'rpm: write -q first, so that nobody reads the other letters as -i (install).');
    return has('--file') ? { ...reading, uses: parsed.operands.map((path) => ({ path, use: 'name' })) } : reading;
  },
  refinement: 'query-first; file operands are names',
});

function subcommands(name: string, verbs: readonly string[]): CommandRule {
  return command(name, {
    options: flags('--installed', '--upgradable', '-a --all-versions', '--version'),
    operands: { kind: 'words', value: packageName, max: 17 },
    refine: (parsed, reading) =>
      verbs.includes(parsed.operands[0] ?? '')
        ? reading
        : refuse('operand', `${name} ${parsed.operands[0] ?? ''} is not one of the subcommands that only ask.`),
    refinement: `verbs ${verbs.join(' ')}`,
  });
}

export const packageCommands: readonly CommandRule[] = [
  ...dpkgs,
  rpm,
  subcommands('apt-cache', ['policy', 'show', 'depends', 'rdepends', 'madison', 'search']),
  subcommands('apt', ['list', 'show', 'policy', 'search']),
];
