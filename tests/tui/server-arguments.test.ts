/** A server's form as words of the command that writes it, and a record as what stands in the form. */

import { describe, expect, it } from 'vitest';
import { toCommandWords } from '../../src/tui/command-words.ts';
import { findServerProblem } from '../../src/tui/dialogs/server-form.ts';
import {
  emptyServerFields,
  findSourceProblem,
  readServerFields,
  type ServerFields,
  toAddArguments,
  toEditArguments,
} from '../../src/tui/server-arguments.ts';

const web: ServerFields = { ...emptyServerFields, id: 'web-1', host: '10.0.0.5', user: 'ops' };
const alias: ServerFields = { ...emptyServerFields, id: 'web-1', ssh: 'web' };

describe('a new server', () => {
  it.each<[string, Partial<ServerFields>, readonly string[]]>([
    ['an address', web, ['--host=10.0.0.5', '--user=ops', '--agent']],
    ['a port', { ...web, port: '2222' }, ['--host=10.0.0.5', '--port=2222', '--user=ops', '--agent']],
    ['an alias', alias, ['--ssh', 'web']],
    ['a key', { ...alias, key: '~/.ssh/k' }, ['--ssh', 'web', '--key=~/.ssh/k']],
    ['a passphrase', { ...alias, key: '/k', secret: '$P' }, ['--ssh', 'web', '--key=/k', '--passphrase-env=P']],
    ['a password', { ...alias, secret: 'pass show w' }, ['--ssh', 'web', '--password-command=pass show w']],
    ['a typed password', { ...alias, password: ' p w ' }, ['--ssh', 'web', '--secret-stdin', '--secret-in=vault']],
    [
      'a typed passphrase',
      { ...alias, key: '/k', password: 'x' },
      ['--ssh', 'web', '--key=/k', '--secret-stdin', '--secret-in=vault'],
    ],
    ['a password for sudo', { ...alias, sudo: '$P' }, ['--ssh', 'web', '--sudo-env=P']],
    ['a dash', { ...web, user: '-x' }, ['--host=10.0.0.5', '--user=-x', '--agent']],
    [
      'limits',
      { ...alias, labels: 'a, b', groups: 'g', roots: '/srv  /etc', environment: 'staging', readonly: 'readonly' },
      [
        '--ssh',
        'web',
        '--environment=staging',
        '--label=a',
        '--label=b',
        '--group=g',
        '--root=/srv',
        '--root=/etc',
        '--readonly',
      ],
    ],
  ])('with %s', (_name, fields, words) => {
    expect(toAddArguments({ ...emptyServerFields, id: 'web-1', ...fields })).toEqual(['add', 'web-1', ...words]);
  });
});

describe('a change', () => {
  it.each<[string, ServerFields, Partial<ServerFields>, readonly string[] | null]>([
    ['nothing', web, {}, null],
    ['another address', web, { host: 'h' }, ['--host=h']],
    ['no port any more', { ...web, port: '22' }, { port: '' }, ['--clear', 'port']],
    ['another password for sudo', { ...web, sudo: '$P' }, { sudo: 'pass x' }, ['--sudo-command=pass x']],
    ['no password for sudo', { ...web, sudo: '$P' }, { sudo: '' }, ['--clear', 'sudo']],
    ['other labels', { ...web, labels: 'a' }, { labels: 'b c' }, ['--label=b', '--label=c']],
    [
      'no labels, no folders',
      { ...web, labels: 'a', roots: '/r' },
      { labels: '', roots: '' },
      ['--clear', 'labels,roots'],
    ],
    ['an environment', web, { environment: 'staging' }, ['--environment=staging']],
    ['read only', web, { readonly: 'readonly' }, ['--readonly']],
    ['writable again', { ...web, readonly: 'readonly' }, { readonly: 'writable' }, ['--clear', 'readonly']],
    ['an alias instead', web, { ssh: 'a', host: '', user: '' }, ['--ssh', 'a']],
    ['an address instead', alias, { ssh: '', host: 'h', user: 'u' }, ['--host=h', '--user=u']],
    ['another key', { ...web, key: '/a' }, { key: '/b' }, ['--key=/b']],
    ['the agent instead of a key', { ...web, key: '/a' }, { key: '' }, ['--agent']],
    ['another password', web, { secret: '$P' }, ['--password-env=P']],
    [
      'a typed one in its place',
      { ...web, secret: 'pass w' },
      { password: 'x' },
      ['--secret-stdin', '--secret-in=vault'],
    ],
    ['no command for it any more', { ...web, secret: 'pass w' }, { secret: '' }, ['--agent']],
    [
      'another key with its passphrase',
      { ...web, key: '/a', secret: '$P' },
      { key: '/b' },
      ['--key=/b', '--passphrase-env=P'],
    ],
    [
      'no passphrase from there any more',
      { ...web, key: '/a', secret: '$P' },
      { secret: '' },
      ['--key=/a', '--clear', 'passphrase'],
    ],
    ['not where it is from', { ...web, secret: '$P' }, { environment: 'staging' }, ['--environment=staging']],
  ])('%s', (_name, before, change, words) => {
    const expected = words && ['edit', 'web-1', '--scope', 'global', ...words];
    expect(toEditArguments(before, { ...before, ...change }, 'global')).toEqual(expected);
  });
});

describe('a form is not sent', () => {
  const request = { kind: 'add' as const, fields: emptyServerFields, ids: ['db-1'], save: async () => null };
  it.each<[string, Partial<ServerFields>, string]>([
    ['without an id', { id: '' }, 'Write an id'],
    ['with capitals in its id', { id: 'Web' }, 'An id has only'],
    ['with a blank in its id', { id: 'web 1' }, 'An id has only'],
    ['with an id that begins with a dash', { id: '-web' }, 'An id has only'],
    ['with an id that is registered', { id: 'db-1' }, 'is registered already'],
    ['without an address', { host: '' }, 'Write where it is'],
    ['with a user in the address', { host: 'me@h' }, 'Only the address'],
    ['with a port in the address', { host: 'h:22' }, 'Only the address'],
    ['with a blank in the address', { host: 'a b' }, 'no blank'],
    ['with port 0', { port: '0' }, 'from 1 to 65535'],
    ['with port 65536', { port: '65536' }, 'from 1 to 65535'],
    ['with a port of letters', { port: 'ssh' }, 'from 1 to 65535'],
    ['with both an address and an alias', { ssh: 'a' }, 'not both'],
    ['with a password and where it is from', { password: 'p', secret: '$P' }, 'not both'],
    ['with an alias and a port', { host: '', user: '', ssh: 'a', port: '22' }, 'comes from ~/.ssh/config'],
    ['with an unknown jump host', { jump: 'x' }, 'No server "x"'],
    ['with a folder that is not absolute', { roots: '/srv etc' }, 'Folders begin with'],
    ['with an open quote in the secret', { secret: "pass 'x" }, 'is not closed'],
    ['with no name after the dollar', { secret: '$' }, 'the name of a variable'],
  ])('%s', (_name, change, sentence) => {
    expect(findServerProblem({ ...web, ...change }, request)).toContain(sentence);
  });

  it('unless all of it is right', () => {
    expect(findServerProblem({ ...web, jump: 'db-1', roots: '/a /b', port: '65535' }, request)).toBeNull();
    const itself = { ...request, kind: 'edit' as const, fields: web, ids: ['web-1'] };
    expect(findServerProblem(web, itself)).toBeNull();
    expect(findServerProblem({ ...web, jump: 'web-1' }, itself)).toContain('through itself');
  });
});

describe('a secret is named by', () => {
  it.each([
    ['', true],
    ['$PASS', true],
    ['pass show x', true],
    ['$1', false],
    ['$A B', false],
    ['   ', false],
    ["pass 'show x", false],
    ['cat /home/me/nas.pw', true],
    ['cat ~/nas.pw', false],
    ["sh -c 'cat ~/nas.pw'", true],
    ['cat a | head', false],
  ])('%j: %s', (text, isGood) => expect(findSourceProblem(text) === null).toBe(isGood));
});

describe('what the program shows of a record', () => {
  it('stands in the form, without any secret', () => {
    const auth = { kind: 'privateKey', privateKeyPath: '/k', passphrase: null };
    const record = { id: 'web-1', host: 'h', port: 22, username: 'u', auth, labels: ['a', 'b'], readonly: true };
    expect(readServerFields(JSON.stringify({ scope: 'workspace', record }))).toEqual({
      scope: 'workspace',
      fields: {
        ...{ ...emptyServerFields, id: 'web-1', host: 'h', port: '22', user: 'u', key: '/k' },
        ...{ labels: 'a b', readonly: 'readonly' },
      },
    });
  });

  it.each<[object, string]>([
    [{ kind: 'password', secret: { env: 'P' } }, '$P'],
    [{ kind: 'password', secret: { command: ['pass', 'show', "it's a", ''] } }, `pass show 'it'"'"'s a' ''`],
    [{ kind: 'privateKey', privateKeyPath: '/k', passphrase: { command: ['/bin/p'] } }, '/bin/p'],
    [{ kind: 'password', secret: null }, ''],
  ])('says where the secret of %j comes from, as it is typed', (auth, secret) => {
    const read = readServerFields(JSON.stringify({ record: { id: 'web-1', host: 'h', auth } }));
    expect(read?.fields.secret).toBe(secret);
    expect(findSourceProblem(secret)).toBeNull();
    const command = (auth as { secret?: { command?: unknown } }).secret?.command;
    if (command) expect(toCommandWords(secret)).toEqual(command);
  });

  it.each(['', '{', '[]', 'null', '{"record":{}}', '{"record":[]}', '{"record":{"id":{}}}'])('%j is none', (output) =>
    expect(readServerFields(output)).toBeNull(),
  );
});
