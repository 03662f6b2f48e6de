/** The tokens of ProxyCommand: word for word what OpenSSH gives to the shell, and refused wherever a name could be more than a word. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import { expandProxyCommand } from '../../../src/runtime/local-commands/expand-proxy-command.ts';
import fc from '../../fixtures/properties.ts';

const tokens = { host: '10.0.0.1', port: 2200, username: 'deploy', alias: 'Web', hostKeyAlias: 'Kept.Name' };

const hasOpenSsh = spawnSync('ssh', ['-V']).status === 0;

describe('a ProxyCommand', () => {
  it.each([
    ['nc %h %p', 'nc 10.0.0.1 2200'],
    ['ssh -W %h:%p -l %r bastion', 'ssh -W 10.0.0.1:2200 -l deploy bastion'],
    ['x %n %k %% %%h', 'x Web kept.name % %h'],
    ['no tokens at all', 'no tokens at all'],
    ['"quoted %h" # $HOME `id`', '"quoted 10.0.0.1" # $HOME `id`'],
  ])('%j becomes %j', (template, text) => {
    expect(expandProxyCommand(template, tokens)).toBe(text);
  });

  it.each(['nc %Z', 'nc %', 'nc %C', 'nc %u', 'nc %H', 'nc %é'])('%j is refused', (template) => {
    expect(() => expandProxyCommand(template, tokens)).toThrow(OperationError);
  });

  const hostile = [
    'a;b',
    '$(id)',
    '`id`',
    '-oX',
    'a b',
    'a\nb',
    "a'b",
    'a"b',
    'a|b',
    'a&b',
    'a>b',
    'a<b',
    '{a}',
    '(a)',
    '',
    '*',
    '~',
    'é',
    'a\u202eb',
    'a!b',
    '[a]',
    'a?b',
    'a#b',
  ];
  it.each([...hostile, 'a\\b'])('never puts the host name %j into a command', (name) => {
    for (const [template, changed] of [
      ['nc %h', { host: name }],
      ['nc %n', { alias: name }],
      ['nc %k', { hostKeyAlias: name }],
    ] as const)
      expect(() => expandProxyCommand(template, { ...tokens, ...changed })).toThrow('a shell would take');
  });

  it.each([...hostile, 'a\\'])('never puts the user name %j into a command', (username) => {
    expect(() => expandProxyCommand('nc -l %r x', { ...tokens, username })).toThrow('a shell would take');
  });

  it('says nothing of names that it does not use', () => {
    expect(expandProxyCommand('nc', { ...tokens, host: '$(id)', username: ';' })).toBe('nc');
  });

  it('puts only names into it that a shell leaves as they are', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abzAZ09_.:+@%,/=-\\;$ \'"`|&'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, (host) => {
        let text: string;
        try {
          text = expandProxyCommand('%h', { ...tokens, host });
        } catch {
          return;
        }
        expect(text).toBe(host);
        expect(host).toMatch(/^[^\s;$'"`|&\\-][^\s;$'"`|&\\]*$/);
      }),
    );
  });

  it.runIf(hasOpenSsh)('is what OpenSSH gives to the shell', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-tokens-'));
    const shell = join(folder, 'shell');
    const given = join(folder, 'given');
    const config = join(folder, 'config');
    writeFileSync(shell, `#!/bin/sh\nprintf %s "$2" > '${given}'\n`);
    chmodSync(shell, 0o700);
    const word = fc.constantFrom(
      'nc',
      '%h',
      '%p',
      '%r',
      '%n',
      '%k',
      '%%',
      '%h:%p',
      '"a  b"',
      "'%r'",
      '$X',
      '#c',
      '\\',
      'a=b',
      '%%h',
    );
    const plain = fc.stringMatching(/^[a-zA-Z0-9][a-z0-9.-]{0,8}$/);
    try {
      fc.assert(
        fc.property(
          fc.record({
            words: fc.array(word, { minLength: 1, maxLength: 6 }),
            host: plain,
            user: plain,
            alias: plain,
            port: fc.integer({ min: 1, max: 65_535 }),
            hostKeyAlias: fc.option(plain),
          }),
          ({ words, host, user, alias, port, hostKeyAlias }) => {
            const template = `nc ${words.join(' ')}`;
            const kept = hostKeyAlias === null ? '' : `HostKeyAlias ${hostKeyAlias}\n`;
            writeFileSync(config, `HostName ${host}\nUser ${user}\nPort ${port}\n${kept}ProxyCommand ${template}\n`);
            const env = { ...process.env, SHELL: shell };
            const lines = execFileSync('ssh', ['-G', '-F', config, '--', alias], {
              env,
              encoding: 'utf8',
              stdio: 'pipe',
            }).split('\n');
            const said = (key: string): string =>
              lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
            spawnSync('ssh', ['-F', config, '--', alias], { env, stdio: 'ignore' });
            const expanded = expandProxyCommand(said('proxycommand'), {
              ...{ host: said('hostname'), port: Number(said('port')), username: said('user'), alias },
              hostKeyAlias: said('hostkeyalias') || null,
            });
            expect(`exec ${expanded}`).toBe(readFileSync(given, 'utf8'));
          },
        ),
        { numRuns: 15 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
