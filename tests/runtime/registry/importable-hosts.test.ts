/** What an import proposes: ids that ids allow, one server a machine, and nothing twice. */
import { describe, expect, it } from 'vitest';
import { serverIdPattern } from '../../../src/core/server.ts';
import { type RegisteredName, toImportableHosts } from '../../../src/runtime/registry/importable-hosts.ts';
import fc from '../../fixtures/properties.ts';

const none: ReadonlyMap<string, string> = new Map();
const idsOf = (text: string, registered: readonly RegisteredName[] = []): string[] =>
  toImportableHosts(text, none, registered).map(({ alias, id, isRegistered, problem }) =>
    problem === undefined ? `${alias}=${id}${isRegistered ? ' registered' : ''}` : `${alias}: ${problem}`,
  );

describe('ids for hosts of ~/.ssh/config', () => {
  it.each([
    ['Host web-1', ['web-1=web-1']],
    ['Host Build_Server UPPER', ['Build_Server=build_server', 'UPPER=upper']],
    ['Host my.host.example.com', ['my.host.example.com=my.host.example.com']],
    ['Host _under __', ['_under=under', '__: holds characters that a host name cannot have']],
    ['Host fe80::1', ['fe80::1=fe80--1']],
    ['Host Web web', ['Web=web', 'web=web-2']],
    [`Host ${'a'.repeat(70)}`, [`${'a'.repeat(70)}=${'a'.repeat(63)}`]],
    [
      'Host "with space" -odd x@y über',
      ['with space', '-odd', 'x@y', 'über'].map((name) => `${name}: holds characters that a host name cannot have`),
    ],
  ])('%s', (text, expected) => {
    expect(idsOf(text)).toEqual(expected);
  });

  it('are not those of other records, and a host that is registered under another id is known by its alias', () => {
    const registered = [
      { id: 'web', ssh: null },
      { id: 'prod-db', ssh: 'db' },
      { id: 'cache', ssh: 'other' },
    ];
    expect(idsOf('Host web\nHost db\nHost cache\n', registered)).toEqual([
      'web=web registered',
      'db=prod-db registered',
      'cache=cache-2',
    ]);
  });

  it.each([
    ['one HostName', 'Host main alias m\n HostName 10.0.0.1\n', ['main=main']],
    ['a HostName of each', 'Host a b\n HostName %h.internal\n', ['a=a', 'b=b']],
    ['none', 'Host a b\n User x\n', ['a=a', 'b=b']],
    ['one of a Match after it', 'Host a b\nMatch user x\n HostName z\n', ['a=a', 'b=b']],
  ])('are one a machine, as far as a line says: %s', (_name, text, expected) => {
    expect(idsOf(text)).toEqual(expected);
  });

  it('are one each where every name is asked for', () => {
    const hosts = toImportableHosts('Host main m\n HostName 10.0.0.1\n', none, [], ['main', 'm']);
    expect(hosts.map(({ id }) => id)).toEqual(['main', 'm']);
  });

  it('are always ids, and never twice', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_:.-]{1,70}$/)), { maxLength: 12 });
    const law = fc.property(names, (aliases) => {
      const text = `Host ${aliases.map((alias) => `"${alias.replaceAll(/["\n]/g, '')}"`).join(' ')}`;
      const ids = toImportableHosts(text, none, []).flatMap(({ id, problem }) => (problem === undefined ? id : []));
      expect(ids.filter((id) => !serverIdPattern.test(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    });
    fc.assert(law);
  });
});
