/** `ss` and `ip … show`: what the machine listens on and how it is connected. Both could also close, dump or change things. */
import { command } from '../command.ts';
import { type CommandRule, flags, type Reading, type Refusal, refuse, shape, valued } from '../command-rule.ts';

/** Not here: -K (closes sockets), -D and -F (files), -E (never ends), -N (other namespaces), -r (asks name servers). */
/** What a filter of `ss` is made of here: states, addresses as numbers, ports. Names would be looked up. */
const socketWords =
  'state|exclude|established|listening|time-wait|close-wait|syn-sent|syn-recv|fin-wait-1|fin-wait-2|last-ack|connected|all|src|dst|sport|dport|and|or|=|==|eq|!=|gt|lt|ge|le';
const socketAddress = '[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?(:[0-9]{1,5})?|[[][0-9a-fA-F:]{2,45}[]](:[0-9]{1,5})?';
const socketPort = ':[0-9]{1,5}';

const ss = command('ss', {
  options: [
    ...flags(
      '-a --all',
      '-l --listening',
      '-n --numeric',
      '-t --tcp',
      '-u --udp',
      '-w --raw',
      '-x --unix',
      '-4 --ipv4',
      '-6 --ipv6',
    ),
    ...flags(
      '-p --processes',
      '-s --summary',
      '-e --extended',
      '-m --memory',
      '-i --info',
      '-o --options',
      '-H --no-header',
    ),
    ...flags('-O --oneline', '-0 --packet', '-S --sctp', '-h --help', '-V --version'),
    ...valued('-f --family', shape('^(inet|inet6|unix|link|netlink|vsock)$', 'an address family')),
    ...valued('-A --query --socket', shape('^[a-z_]+(,[a-z_]+)*$', 'a list of socket tables')),
  ],
  operands: {
    kind: 'words',
    value: shape(
      `^(${socketWords}|${socketAddress}|${socketPort}|(s|d)port = ${socketPort})$`,
      'a state, an address or a port',
    ),
    max: 12,
  },
  redactOutput: true,
});

const ipFlags: readonly string[] = [
  ...[
    '-4',
    '-6',
    '-0',
    '-s',
    '-stats',
    '-statistics',
    '-d',
    '-details',
    '-br',
    '-brief',
    '-o',
    '-oneline',
    '-j',
    '-json',
    '-p',
    '-pretty',
  ],
  ...[
    '-h',
    '-human',
    '-human-readable',
    '-iec',
    '-t',
    '-timestamp',
    '-ts',
    '-V',
    '-Version',
    '--color=never',
    '-c=never',
    '-color=never',
  ],
];
const ipObjects: readonly string[] = [
  ...[
    'a',
    'addr',
    'address',
    'l',
    'link',
    'r',
    'ro',
    'route',
    'n',
    'neigh',
    'neighbor',
    'neighbour',
    'ru',
    'rule',
    'maddr',
    'maddress',
  ],
];
/** Not `s`: for links that means `set`. */
const ipVerbs: readonly string[] = ['show', 'list', 'ls'];
/** Words after the verb; those in the second list take a value. */
const ipFilters: readonly string[] = ['up', 'primary', 'secondary', 'dynamic', 'permanent', 'cache'];
const ipValued: readonly string[] = [
  'dev',
  'scope',
  'to',
  'label',
  'table',
  'proto',
  'type',
  'master',
  'via',
  'nud',
  'vrf',
];
const ipValue = /^[A-Za-z0-9_.:/@-]{1,64}$/;

/** `ip` takes abbreviations of everything; only these spellings are known. `ip route get ADDRESS` sends nothing. */
const ip: CommandRule = {
  name: 'ip',
  redactOutput: false,
  description: { ipFlags, ipObjects, ipVerbs, ipFilters, ipValued, ipValue: ipValue.source, routeGet: true },
  read(args) {
    let index = 0;
    while (ipFlags.includes(args[index] ?? '')) index += 1;
    const object = args[index];
    if (object === undefined) return { args, uses: [] };
    if (object === 'netns' && args.length === index + 2 && args[index + 1] === 'list') return { args, uses: [] };
    if (!ipObjects.includes(object)) return refuse('operand', `ip: ${object} is not on the list of what can be shown.`);
    const verb = args[index + 1];
    if (verb === undefined) return { args, uses: [] };
    const rest = args.slice(index + 2);
    if (['r', 'ro', 'route'].includes(object) && verb === 'get') return readRouteGet(args, rest);
    if (!ipVerbs.includes(verb)) return refuse('operand', `ip: ${verb} is not known to only show.`);
    return readFilters(args, rest);
  },
};

function readRouteGet(args: readonly string[], rest: readonly string[]): Reading | Refusal {
  const isAddress = rest.length === 1 && /^[0-9A-Fa-f.:]{2,45}$/.test(rest[0] ?? '');
  return isAddress ? { args, uses: [] } : refuse('operand', 'ip route get takes one numeric address.');
}

function readFilters(args: readonly string[], words: readonly string[]): Reading | Refusal {
  for (let index = 0; index < words.length; index += 1) {
    const filter = words[index] ?? '';
    if (ipFilters.includes(filter)) continue;
    if (ipValued.includes(filter)) index += 1;
    if (!ipValue.test(words[index] ?? '') || (words[index] ?? '').startsWith('-')) {
      return refuse('operand', `ip: ${words[index] ?? filter} is not a filter that is known.`);
    }
  }
  return { args, uses: [] };
}

export const networkCommands: readonly CommandRule[] = [ss, ip];
