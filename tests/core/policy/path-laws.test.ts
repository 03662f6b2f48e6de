/** Laws of paths: real paths only make a decision stricter, file tools follow the same lists, and a search excludes every secret name. */

import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import {
  sensitiveFileNames,
  sensitiveFolderNames,
  sensitiveFolders,
  toAnyCase,
} from '../../../src/core/policy/sensitive-paths.ts';
import fc from '../../fixtures/properties.ts';
import { anyTarget, outcomes, policy, question } from './arbitrary.ts';
import { decideLine, target } from './set-up.ts';

describe('real paths', () => {
  it.each([
    ['cat /srv/link', '/etc/shadow', 'approval-required', 'floor.sensitive-path'],
    ['cat /srv/link', '/proc/1/environ', 'approval-required', 'floor.sensitive-path'],
    ['cat /srv/link', '/dev/zero', 'approval-required', 'path.device'],
    ['grep -r a /srv/link', '/', 'approval-required', 'path.broad-recursion'],
    ['find /srv/link', '/etc', 'approval-required', 'path.broad-recursion'],
    ['stat /srv/link', '/etc', 'auto-allow', 'command.stat'],
    ['cat /srv/link', '/srv/other', 'auto-allow', 'command.cat'],
    ['rm /srv/link', '/etc/shadow', 'approval-required', 'floor.write'],
  ])('%s, really %s', (line, real, outcome, rule) => {
    const decision = decideLine(line);
    const judged = policy.decideRealPaths(decision, new Map([['/srv/link', real]]), null);
    expect([judged.outcome, judged.rule]).toEqual([outcome, rule]);
    expect(judged.argv).toEqual(decision.argv);
  });

  it('are asked about when one is missing', () => {
    const decision = decideLine('cat /srv/a /srv/b');
    expect(decision.paths).toEqual(['/srv/a', '/srv/b']);
    const judged = policy.decideRealPaths(decision, new Map([['/srv/a', '/srv/a']]), null);
    expect([judged.outcome, judged.rule]).toEqual(['approval-required', 'path.unresolved']);
  });

  it('keep the way through a link: .. is not resolved as text', () => {
    expect(decideLine('cat /srv/link/../a').paths).toEqual(['/srv/link/../a']);
    expect(decideLine('cat link/../a', { cwd: '/srv' }).paths).toEqual(['/srv/link/../a']);
  });

  it('stay within the roots of the server', () => {
    const on = target({ roots: ['/srv'] });
    const decision = decideLine('cat /srv/link', { on });
    const judged = policy.decideRealPaths(decision, new Map([['/srv/link', '/opt/a']]), on);
    expect([judged.outcome, judged.rule]).toEqual(['approval-required', 'roots']);
  });

  it('only ever make a decision stricter', () => {
    const paths = fc.constantFrom('/etc/shadow', '/srv/a', '/', '/dev/zero', 'odd', '/srv/.env');
    fc.assert(
      fc.property(question, anyTarget, paths, (asked, on, real) => {
        const decision = policy.decide(asked, on);
        const judged = policy.decideRealPaths(decision, new Map(decision.paths.map((path) => [path, real])), on);
        expect(outcomes.indexOf(judged.outcome)).toBeGreaterThanOrEqual(outcomes.indexOf(decision.outcome));
        if (decision.floor) expect(judged.floor).toBe(true);
      }),
    );
  });
});

describe('file tools', () => {
  const read = (path: string, realPath: string | null = null, recursive = false) =>
    policy.decide({ kind: 'read', path, realPath, recursive }, target({ sensitive: ['/srv/vault'] }));

  it.each([
    ['/srv/a', null, false, 'auto-allow', 'file.read'],
    ['/var/log', null, true, 'auto-allow', 'file.list'],
    ['/srv/a', '/srv/b', false, 'auto-allow', 'file.read'],
    ['/etc/shadow', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/a', '/etc/shadow', false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/vault/a', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/srv/../srv/vault', null, false, 'approval-required', 'floor.sensitive-path'],
    ['/', null, true, 'approval-required', 'path.broad-recursion'],
    ['/etc', null, true, 'approval-required', 'path.broad-recursion'],
    ['/dev/zero', null, false, 'approval-required', 'path.device'],
    ['/srv/\u202ea', null, false, 'approval-required', 'bytes.unusual'],
    ['/srv/\x1b', null, false, 'approval-required', 'bytes.unusual'],
    ['srv/a', null, false, 'reject', 'malformed.path'],
    ['/srv/\0', null, false, 'reject', 'malformed.path'],
    ['/srv/\ud800', null, false, 'reject', 'malformed.path'],
  ])('read %j (really %j, recursive %j)', (path, real, recursive, outcome, rule) => {
    const decision = read(path, real, recursive);
    expect([decision.outcome, decision.rule]).toEqual([outcome, rule]);
  });

  it.each([
    ['/srv/a', '/srv/a', 'floor.write'],
    ['/srv/a', '/etc/shadow', 'floor.sensitive-path'],
    ['/root/.ssh/authorized_keys', null, 'floor.sensitive-path'],
  ])('write %s (really %s) always waits', (path, realPath, rule) => {
    const decision = policy.decide({ kind: 'write', path, realPath }, target());
    expect(decision).toMatchObject({ outcome: 'approval-required', rule, floor: true });
  });
});

describe('the excludes of a recursive search', () => {
  it('cover every name that is sensitive', () => {
    const argv = decideLine('grep -r a /srv').argv ?? [];
    for (const name of sensitiveFileNames) expect(argv).toContain(`--exclude=${toAnyCase(name)}`);
    for (const name of sensitiveFolderNames) expect(argv).toContain(`--exclude-dir=${toAnyCase(name)}`);
    for (const [, name] of sensitiveFolders) expect(argv).toContain(`--exclude-dir=${toAnyCase(name)}`);
  });

  it('leave a record room for the words of the search itself', () => {
    const argv = decideLine('grep -r a /srv').argv ?? [];
    expect(argv.reduce((sum, word) => sum + word.length + 3, 0)).toBeLessThan(limits.auditTextCharactersMax * 0.75);
  });

  it('are not enough for what a server adds', () => {
    const on = target({ sensitive: ['/srv/app/vault'] });
    expect(decideLine('grep -r a /srv', { on }).rule).toBe('floor.sensitive-path');
    expect(decideLine('grep -r a /srv/web', { on }).outcome).toBe('auto-allow');
  });
});
