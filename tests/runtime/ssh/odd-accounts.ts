/** Accounts whose shell, start-up files or sshd_config are not the usual ones, and what becomes of commands and files there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Code } from '../../../src/core/codes.ts';
import type { AccountOptions } from '../../fixtures/accounts.ts';

export interface OddAccount extends AccountOptions {
  readonly what: string;
  /** What sshd_config says of it. */
  readonly match?: string;
  /** What becomes of a command: null where it runs, else the code and what the sentence says. */
  readonly refusesCommands: readonly [Code, RegExp] | null;
  readonly refusesFiles: readonly [Code, RegExp] | null;
}

/** @param folder where their homes are made. The subsystem is a program here, which the login shell starts, as it is where sshd has none of its own. */
export function toOddAccounts(folder: string): readonly OddAccount[] {
  return [
    {
      what: 'has a restricted shell',
      shell: '/bin/rbash',
      refusesCommands: ['UNSUPPORTED', /it said "rbash: .*restricted"/],
      refusesFiles: ['UNSUPPORTED', /no file service: .* status 1\./],
    },
    {
      what: 'has a shell for git alone',
      shell: '/usr/bin/git-shell',
      refusesCommands: ['UNSUPPORTED', /it said "fatal: unrecognized command"\./],
      refusesFiles: ['UNSUPPORTED', /no file service: .* status 128\./],
    },
    {
      what: 'may not log in to a shell',
      shell: '/usr/sbin/nologin',
      refusesCommands: ['UNSUPPORTED', /it said "This account is currently not available\."/],
      refusesFiles: ['UNSUPPORTED', /it said "This account is currently not available\."/],
    },
    {
      what: 'has false as its shell',
      shell: '/bin/false',
      refusesCommands: ['UNSUPPORTED', /^Nothing came back from .* Whether the command ran is unknown/],
      refusesFiles: ['UNSUPPORTED', /no file service: it ends with status 1\./],
    },
    {
      what: 'is for files alone',
      match: 'ForceCommand internal-sftp',
      refusesCommands: ['UNSUPPORTED', /it said "This service allows sftp connections only\."/],
      refusesFiles: null,
    },
    {
      what: 'is led to a menu',
      match: 'ForceCommand echo "1) status 2) quit"',
      refusesCommands: ['UNSUPPORTED', /it said "1\) status 2\) quit"\./],
      refusesFiles: ['UNSUPPORTED', /it said "1\) status 2\) quit"\./],
    },
    {
      what: 'is logged by a program that runs what was asked for',
      match: 'ForceCommand echo logged; echo warning >&2; exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"',
      refusesCommands: null,
      refusesFiles: null,
    },
    {
      what: 'is led to a program that runs what was asked for with both streams as one',
      match: 'ForceCommand exec /bin/sh -c "$SSH_ORIGINAL_COMMAND" 2>&1',
      refusesCommands: null,
      refusesFiles: null,
    },
    ...['/usr/bin/fish', '/bin/tcsh'].filter(existsSync).map((program) => ({
      what: `has bash as its shell and is led to ${program}`,
      shell: '/bin/bash',
      match: `ForceCommand exec ${program} -c "$SSH_ORIGINAL_COMMAND"`,
      refusesCommands: null,
      refusesFiles: null,
    })),
    {
      what: 'has another program take over in its start-up file',
      shell: '/bin/bash',
      home: join(folder, 'taken-over'),
      files: { '.bashrc': 'exec cat\n' },
      refusesCommands: ['UNSUPPORTED', /^Nothing came back/],
      refusesFiles: ['UNSUPPORTED', /no file service/],
    },
    {
      what: 'has a start-up file that takes its time',
      shell: '/bin/bash',
      home: join(folder, 'slow'),
      files: { '.bashrc': 'echo loading; sleep 0.2; echo done\n' },
      refusesCommands: null,
      refusesFiles: null,
    },
    {
      what: 'has a start-up file with its own ideas of every word',
      shell: '/bin/bash',
      home: join(folder, 'own-ideas'),
      files: {
        '.bashrc': [
          'echo() { builtin echo -e "\\033[32m$*\\033[0m"; }',
          // The next one prints more than anybody looks through.
          "if [ -e ~/before ]; then head -c 100000 /dev/zero | tr '\\0' x; fi; : >~/before",
          'shopt -s expand_aliases',
          "alias exec='exec ' /bin/sh=false echo='echo ' trap=: set=:",
          'trap \'builtin echo "$BASH_COMMAND"\' DEBUG EXIT',
          'set -eux',
          '',
        ].join('\n'),
      },
      refusesCommands: null,
      refusesFiles: null,
    },
    {
      what: 'is led to a program that takes away its output alone',
      match:
        'ForceCommand case "$SSH_ORIGINAL_COMMAND" in *launch*) exec /bin/sh -c "$SSH_ORIGINAL_COMMAND" >/dev/null ;; *) exit 1 ;; esac',
      refusesCommands: ['UNSUPPORTED', /Whether the command ran is unknown/],
      refusesFiles: ['UNSUPPORTED', /no file service/],
    },
    { what: 'has no home', home: '/nonexistent/home', refusesCommands: null, refusesFiles: null },
    { what: 'has a home that it may not write', home: '/etc', refusesCommands: null, refusesFiles: null },
    {
      what: 'has no tools: neither env nor timeout, nor ls, id, find, head, stat',
      match: `SetEnv PATH=${folder}`,
      refusesCommands: null,
      refusesFiles: null,
    },
  ];
}
