/** Command lines made from the tables themselves: each command with its own options, values that fit them, and every way of quoting. */

import type { OperandRule } from '../../../src/core/policy/command.ts';
import { type OptionRule, type ValueRule, valueProblem } from '../../../src/core/policy/command-rule.ts';
import { commandTable } from '../../../src/core/policy/commands/table.ts';
import fc from '../../fixtures/properties.ts';

const odd = fc.string({
  unit: fc.constantFrom(...'ab9 .*?[]{}()$`"\\!#~;&|<>=%@^,:+-/_'),
  minLength: 1,
  maxLength: 10,
});
const path = fc.oneof(
  fc.constantFrom(
    '/srv/a',
    '/var/log/syslog',
    '/srv/app/main.conf',
    '/srv/a b',
    'a',
    '-n',
    '.',
    '/srv/{a,b}',
    '/srv/$HOME',
  ),
  odd.map((text) => `/srv/${text}`),
);
/** Values that shapes are tried with; a command none of them fits is used without that option. */
const samples: readonly string[] = [
  ...[
    '1',
    '10',
    '5,7',
    '1,3-',
    '+5',
    '-1',
    'K',
    '1M',
    '2,3n',
    'nginx',
    'nginx.service',
    'today',
    '1 hour ago',
    'err',
    'pid',
    'pid,args',
  ],
  ...[
    '-pcpu',
    'NAME,SIZE',
    'f',
    'd,l',
    '644',
    '/u+s',
    '%p',
    '%a %n',
    '+%Y-%m-%d',
    'x1z',
    'TCP',
    ':22',
    'ALL',
    'DEV',
    'auto',
    'ext4',
  ],
  ...[
    'root',
    'tcp',
    'status',
    'list',
    'show',
    'passwd',
    'policy',
    'MainPID',
    'json',
    'all',
    '0',
    'd',
    'always',
    '/srv',
    '2026-01-01',
  ],
];

function valueFor(rule: ValueRule): fc.Arbitrary<string> {
  switch (rule.kind) {
    case 'any':
      return fc.oneof(odd, fc.constantFrom(...samples));
    case 'path':
      return path;
    case 'words':
      return fc.constantFrom(...rule.words);
    case 'shape': {
      const fitting = samples.filter((sample) => valueProblem(sample, rule) === null);
      return fitting.length === 0 ? fc.constantFrom(...samples) : fc.constantFrom(...fitting);
    }
  }
}

function optionWords({ names, takes, value }: OptionRule): fc.Arbitrary<readonly string[]> {
  const name = fc.constantFrom(...names.map((each) => (each === '-NUMBER' ? '-7' : each)));
  if (takes === 'nothing') return name.map((each) => [each]);
  const attached = (each: string, text: string): string => (each.startsWith('--') ? `${each}=${text}` : each + text);
  const form = takes === 'optional' ? fc.constant('attached') : fc.constantFrom('attached', 'apart');
  return fc
    .tuple(name, valueFor(value), form)
    .map(([each, text, how]) => (each === '-7' ? [each] : how === 'apart' ? [each, text] : [attached(each, text)]));
}

function operandWords(rule: OperandRule | undefined): fc.Arbitrary<readonly string[]> {
  if (rule?.kind === 'none') return fc.constant([]);
  const word = rule?.kind === 'words' ? fc.oneof(valueFor(rule.value), path) : path;
  return fc.array(word, { maxLength: 3 });
}

interface Described {
  readonly options?: readonly OptionRule[];
  readonly operands?: OperandRule;
}

/** Words that commands with a language of their own are made of. */
const languages: Readonly<Record<string, readonly string[]>> = {
  find: [
    '/srv',
    '/srv/app',
    '-name',
    '*.log',
    '-type',
    'f',
    '-mtime',
    '-1',
    '(',
    ')',
    '!',
    '-o',
    '-print',
    '-size',
    '+1M',
  ],
  ip: ['-br', '-4', 'addr', 'link', 'route', 'show', 'dev', 'eth0', 'neigh', 'get', '10.0.0.1'],
  test: ['-f', '-d', '/srv/a', '/srv/a b'],
  dig: ['+short', 'A', 'web-1', '-x', '10.0.0.4', '+noall', '+answer'],
};

function argvOf(name: string): fc.Arbitrary<readonly string[]> {
  const words = languages[name];
  if (words !== undefined) return fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((args) => [name, ...args]);
  const { options = [], operands } = (commandTable.get(name)?.description ?? {}) as Described;
  const some =
    options.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...options.map(optionWords)), { maxLength: 3 });
  return fc.tuple(some, operandWords(operands)).map(([chosen, rest]) => [name, ...chosen.flat(), ...rest]);
}

const written = (word: string): fc.Arbitrary<string> => fc.constantFrom(word, word, `'${word}'`, `"${word}"`);

export const tableLine: fc.Arbitrary<string> = fc
  .constantFrom(...commandTable.keys())
  .chain(argvOf)
  .chain(([name = '', ...args]) => fc.tuple(fc.constantFrom(name, name, `/usr/bin/${name}`), ...args.map(written)))
  .chain((words) => fc.constantFrom(words.join(' '), words.join('  '), ` ${words.join(' ')} `));
