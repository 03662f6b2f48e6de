/** Which commands sudo's password is for, and what is said of one that wanted it. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/core/policy/decision.ts';
import { findSudoQuestion, sudoOf } from '../../src/core/sudo.ts';

function decided(argv: readonly string[] | null, more: Partial<Decision> = {}): Decision {
  return {
    ...{ outcome: 'approval-required', rule: 'wrapper.sudo', reason: 'asks', argv, parts: [], paths: [], floor: false },
    ...more,
  } as Decision;
}

const withPassword = { sudo: 'password' } as const;

describe('the password for sudo', () => {
  it.each([['sudo'], ['/usr/bin/sudo'], ['/bin/sudo']])(
    'is for %s that a person approved or a rule lifted',
    (program) => {
      expect(sudoOf(decided([program, 'id']), withPassword)).toEqual({ sudo: 'password' });
      const lifted = decided([program, 'id'], { outcome: 'auto-allow', lifted: true });
      expect(sudoOf(lifted, withPassword)).toEqual({ sudo: 'password' });
    },
  );

  it.each<[string, Decision, { readonly sudo?: 'password' } | null]>([
    ['a server without one', decided(['sudo', 'id']), {}],
    ['no server', decided(['sudo', 'id']), null],
    ['a line', decided(null), withPassword],
    ['another program', decided(['id', 'sudo']), withPassword],
    ['a program of that name elsewhere', decided(['/tmp/sudo', 'id']), withPassword],
    ['one in front of it', decided(['env', 'sudo', 'id']), withPassword],
    ['a rejected one', decided(['sudo', 'id'], { outcome: 'reject' }), withPassword],
    ['one that nobody approved', decided(['sudo', 'id'], { outcome: 'auto-allow' }), withPassword],
  ])('is not for %s', (_case, decision, target) => {
    expect(sudoOf(decision, target)).toEqual({});
  });
});

describe('a sudo that wanted a password', () => {
  const web = { id: 'web-1' };

  it.each([
    'sudo: a password is required\n',
    'noise\nsudo: a terminal is required to read the password; either use the -S option\nsudo: a password is required\n',
    'sudo: no tty present and no askpass program specified\n',
    'sudo: Ein Passwort ist notwendig\n',
    'sudo: パスワードが必要です\n',
    'sudo: il est nécessaire de saisir un mot de passe\n',
  ])('is known by %j', (text) => {
    const stderr = Buffer.from(text);
    expect(findSudoQuestion(stderr, web, undefined)).toContain('signalbox server edit web-1 --sudo-vault');
    expect(findSudoQuestion(stderr, { ...web, sudo: 'password' }, undefined)).toContain('begins with sudo itself');
    expect(findSudoQuestion(stderr, { ...web, sudo: 'password' }, 'password')).toContain('timestamp_timeout=0');
  });

  it.each(['', 'cat: a password is required', 'sudo: unknown user nobodyhere', 'sudo: Unbekannter Benutzer x'])(
    'is not seen in %j',
    (text) => {
      expect(findSudoQuestion(Buffer.from(text), web, undefined)).toBeNull();
    },
  );
});
