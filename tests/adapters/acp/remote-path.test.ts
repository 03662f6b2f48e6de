/** Which server a path of an agent means; the refused table is the longer one. */

import { describe, expect, it } from 'vitest';
import { toRemotePlace } from '../../../src/adapters/acp/remote-path.ts';
import fc from '../../fixtures/properties.ts';

const work = '/data/folders/s1';

describe('a path', () => {
  const meant = [
    [`${work}/web-1/etc/motd`, ['web-1', 'web-2'], { server: 'web-1', path: '/etc/motd' }],
    [`${work}/web-2`, ['web-1', 'web-2'], { server: 'web-2', path: '/' }],
    [`${work}/web-2/`, ['web-1', 'web-2'], { server: 'web-2', path: '/' }],
    [`${work}//web-1/./etc//motd`, ['web-1'], { server: 'web-1', path: '/etc/motd' }],
    [`${work}/web-2/../web-1/etc`, ['web-1', 'web-2'], { server: 'web-1', path: '/etc' }],
    ['/etc/motd', ['web-1'], { server: 'web-1', path: '/etc/motd' }],
    ['/data/folders/s10/etc', ['web-1'], { server: 'web-1', path: '/data/folders/s10/etc' }],
    [work, ['web-1'], { server: 'web-1', path: null }],
  ] as const;

  it.each(meant)('%s with %j means %j', (path, servers, place) => {
    expect(toRemotePlace(path, work, servers)).toEqual(place);
  });

  const refused = [
    ['etc/motd', ['web-1'], 'INVALID_ARGUMENT'],
    ['', ['web-1'], 'INVALID_ARGUMENT'],
    ['~/notes', ['web-1'], 'INVALID_ARGUMENT'],
    ['/etc/\0motd', ['web-1'], 'INVALID_ARGUMENT'],
    ['/etc/motd', ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    ['/etc/motd', [], 'SERVER_NOT_FOUND'],
    [`${work}/AGENTS.md`, ['web-1'], 'SERVER_NOT_FOUND'],
    [`${work}/web-3/etc`, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    [`${work}/web-10/etc`, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    [`${work}0/web-1/etc`, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    [`${work}/web-1/../../s2/web-1/x`, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    [work, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
    [`${work}/web-1/..`, ['web-1', 'web-2'], 'SERVER_NOT_FOUND'],
  ] as const;

  it.each(refused)('%j with %j is refused as %s, with what is valid', (path, servers, code) => {
    const expected = servers.length === 0 ? 'No server is in scope' : `Valid are paths below ${work}/web-1`;
    expect(() => toRemotePlace(path, work, servers)).toThrow(
      expect.objectContaining({ code: -32000, data: { code, reason: expect.stringContaining(expected) } }),
    );
  });

  it('of several servers never reaches one that is out of scope, however it is spelled', () => {
    const part = fc.constantFrom('..', '.', '', 'web-1', 'web-2', 'db-1', 's1', 'work', 'data', 'etc');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          const place = toRemotePlace(`${work}/${parts.join('/')}`, work, ['web-1', 'web-2']);
          expect(['web-1', 'web-2']).toContain(place.server);
          expect(place.path).toMatch(/^\//);
          expect(place.path?.split('/')).not.toContain('..');
        } catch (error) {
          expect(error).toMatchObject({ code: -32000 });
        }
      }),
    );
  });
});
