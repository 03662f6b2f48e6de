/** What the laws are tried with: lines, questions and targets of every kind. */

import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import type { PolicyQuestion } from '../../../src/core/policy/policy.ts';
import { awkwardText } from '../../base/display/awkward-text.ts';
import fc from '../../fixtures/properties.ts';
import { target } from './set-up.ts';

export const policy = createPolicy();
export const outcomes = ['auto-allow', 'approval-required', 'reject'];

/** Lines made of what shells treat specially and of what is known here. */
export const shellLine = fc
  .array(
    fc.constantFrom(
      ...[
        'cat',
        'ls',
        'grep',
        'find',
        'rm',
        'sudo',
        'env',
        'sh',
        '-c',
        '-r',
        '-exec',
        '--',
        '-n',
        '/srv/a',
        '/etc/shadow',
        'x=1',
      ],
      ...[
        ' ',
        ' ',
        ' ',
        ' ',
        ';',
        '|',
        '&',
        '>',
        '<',
        '(',
        ')',
        '{',
        '}',
        '$',
        '`',
        "'",
        '"',
        '\\',
        '#',
        '~',
        '*',
        '?',
        '!',
        '%',
      ],
      ...['=', '^', '@', '\n', '\u00e9', '$(', '${', '<(', '<<', '1', 'a'],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

export const cwd = fc.constantFrom(null, '/srv', '/etc', '/', 'relative', '/srv/\x1b');
export const question: fc.Arbitrary<PolicyQuestion> = fc.oneof(
  fc.record({
    kind: fc.constant('line' as const),
    line: fc.oneof(shellLine, awkwardText),
    cwd,
    hasStdin: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('argv' as const),
    argv: fc.array(fc.oneof(shellLine, awkwardText), { maxLength: 5 }),
    cwd,
    hasStdin: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('read' as const),
    path: awkwardText,
    realPath: fc.option(awkwardText),
    recursive: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('write' as const), path: awkwardText, realPath: fc.option(awkwardText) }),
);
export const anyTarget = fc.constantFrom(
  null,
  target(),
  target({ readonly: true }),
  target({ roots: ['/srv'] }),
  target({ sensitive: ['/srv/a'] }),
);
