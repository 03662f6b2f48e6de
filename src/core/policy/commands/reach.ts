/**
 * `ping`, `dig` and `getent`: commands that ask other machines. They name whom they ask; whether that is one of the registered
 * servers is decided elsewhere. Nothing here may flood, write, never end, or ask a name server of the caller's choice.
 */
import { command, optionsFirst } from '../command.ts';
import { type CommandRule, flags, type Reading, type Refusal, refuse, shape, valued } from '../command-rule.ts';

const name = shape('^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,252}$', 'a name or an address');
const isName = (word: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,252}$/.test(word);
const seconds = shape('^([1-9]|[1-5][0-9]|60)$', 'seconds from 1 to 60');

/** Not here: -f and -A (flood), -i below a second, -s and -p (content), -b, -I, -l, -M, -R, -T, -t. */
const ping = command('ping', {
  options: [
    ...valued('-c', shape('^([1-9]|1[0-9]|20)$', 'a count from 1 to 20')),
    ...valued('-i', shape('^([1-9]|10)$', 'whole seconds from 1 to 10')),
    ...valued('-W', seconds),
    ...valued('-w', seconds),
    ...flags('-4', '-6', '-n', '-q', '-V', '-h'),
  ],
  operands: { kind: 'words', value: name, max: 1 },
  refine: (words, reading) => {
    const has = (wanted: string): boolean => words.options.some((option) => option.name === wanted);
    if (words.operands.length === 0)
      return has('-V') || has('-h') ? reading : refuse('operand', 'ping names no machine.');
    return has('-c')
      ? { ...reading, args: optionsFirst(words), hosts: words.operands }
      : refuse('form', 'ping without -c never ends; add -c 4.');
  },
  refinement: 'needs -c; options first; the operand is a host',
});

const recordTypes: readonly string[] = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'];
const digFlags: readonly string[] = ['-4', '-6'];
/** Not here: +trace, +nssearch, +domain, +search, +subnet, +edns… and everything else that changes whom or what is asked. */
const digSettings =
  /^\+((no)?(all|answer|additional|authority|cmd|comments|question|stats|short|identify|multiline|ttlid)|short|tcp|notcp|vc|time=[1-9]|tries=[1-3]|timeout=[1-9])$/;

/** Without `@server`, so the machine's own name server is asked. Not here: -f, -k, -y, -b, -p, -m, AXFR, ANY. */
const dig: CommandRule = {
  name: 'dig',
  redactOutput: false,
  description: { recordTypes, digFlags, digSettings: digSettings.source, hostsMax: 8 },
  read(args) {
    const hosts: string[] = [];
    for (let index = 0; index < args.length; index += 1) {
      const word = args[index] ?? '';
      if (digFlags.includes(word) || digSettings.test(word) || recordTypes.includes(word.toUpperCase())) continue;
      const next = args[index + 1] ?? '';
      if (word === '-t') {
        if (!recordTypes.includes(next.toUpperCase())) return refuse('option', `dig: ${next} is not a known type.`);
        index += 1;
      } else if (word === '-x' || word === '-q') {
        if (!isName(next)) return refuse('option', `dig: ${word} needs a name or an address.`);
        hosts.push(next);
        index += 1;
      } else if (isName(word)) hosts.push(word);
      else return refuse('option', `dig: ${word} is not known to only ask this machine's name server.`);
    }
    if (hosts.length === 0 || hosts.length > 8) return refuse('operand', 'dig is known with one to eight names.');
    return { args, uses: [], hosts };
  },
};

const tables: readonly string[] = ['passwd', 'group', 'services', 'protocols', 'rpc'];
const hostTables: readonly string[] = ['hosts', 'ahosts', 'ahostsv4', 'ahostsv6'];

const getent = command('getent', {
  options: [],
  operands: { kind: 'words', value: name, max: 9 },
  refine: ({ operands: [table = '', ...keys] }, reading): Reading | Refusal => {
    if (tables.includes(table)) return reading;
    if (!hostTables.includes(table)) {
      return refuse('operand', `getent shows secrets, or asks others, unless it is asked for ${tables.join(', ')}.`);
    }
    return keys.length === 0 ? refuse('operand', `getent ${table} names no machine.`) : { ...reading, hosts: keys };
  },
  refinement: `tables ${tables.join(' ')}; the keys of ${hostTables.join(' ')} are hosts`,
});

export const reachCommands: readonly CommandRule[] = [ping, dig, getent];
