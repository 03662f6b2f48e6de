/** known_hosts as we read it, against ssh-keygen on the same files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../../src/base/assert.ts';
import {
  isLike,
  isNamed,
  judgeKey,
  knownTypes,
  parseKnownHosts,
  toFingerprint,
  toHostName,
} from '../../../src/runtime/ssh/known-hosts.ts';
import fc from '../../fixtures/properties.ts';

const keygen = '/usr/bin/ssh-keygen';
const hasKeygen = existsSync(keygen);
if (!hasKeygen) process.stderr.write('left out: no ssh-keygen here; install openssh-client\n');

let folder = '';

/** `type base64` of a new key, and what ssh-keygen says its fingerprint is. */
function makeKey(name: string, type: string): { text: string; blob: Buffer; fingerprint: string } {
  const path = join(folder, name);
  execFileSync(keygen, ['-q', '-t', type, '-N', '', '-f', path]);
  const [keyType = '', encoded = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ');
  const fingerprint =
    execFileSync(keygen, ['-l', '-f', `${path}.pub`])
      .toString()
      .split(' ')[1] ?? '';
  return { text: `${keyType} ${encoded}`, blob: Buffer.from(encoded, 'base64'), fingerprint };
}

describe.runIf(hasKeygen)('known_hosts', () => {
  let one: ReturnType<typeof makeKey>;
  let two: ReturnType<typeof makeKey>;
  let ecdsa: ReturnType<typeof makeKey>;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-known-'));
    one = makeKey('one', 'ed25519');
    two = makeKey('two', 'ed25519');
    ecdsa = makeKey('ecdsa', 'ecdsa');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const parse = (text: string) => parseKnownHosts(text, 'file');

  it('prints fingerprints as ssh-keygen does', () => {
    for (const key of [one, two, ecdsa]) expect(toFingerprint(key.blob)).toBe(key.fingerprint);
  });

  const names = [
    'web',
    'web.example.org',
    'db.example.org',
    '10.0.0.5',
    '[web]:2222',
    '[10.0.0.5]:22',
    'WEB',
    'a-b',
    '::1',
  ];
  const fields = [
    'web',
    'web,10.0.0.5',
    '*.example.org',
    '*.example.org,!db.example.org',
    '!db.example.org,*.example.org',
    'w?b',
    '[web]:2222',
    '10.0.0.*',
    '*',
    '!web,*',
    '!*',
    'WEB',
    '[10.0.0.5]:22',
    '[*]:2222',
    '::1',
    'web*',
    '*b',
    '*e*',
    'we',
    'webb',
    ',web',
    'web,',
  ];

  /** Which of these fields ssh-keygen takes for the name's, in one start of it: each is the whole of a line. */
  const foundByKeygen = (name: string, of: readonly string[]): readonly boolean[] => {
    const file = join(folder, 'patterns');
    writeFileSync(file, of.map((field) => `${field} ${one.text}\n`).join(''));
    const printed = spawnSync(keygen, ['-F', name, '-f', file]).stdout.toString();
    const lines = new Set([...printed.matchAll(/^# Host .* found: line (\d+)/gm)].map((match) => Number(match[1])));
    return of.map((_, at) => lines.has(at + 1));
  };

  it.each(names)('finds "%s" in the same fields as ssh-keygen -F', (name) => {
    const found = foundByKeygen(name, fields);
    expect(fields.map((field) => [field, isNamed(field, name)])).toEqual(fields.map((field, at) => [field, found[at]]));
  });

  it('finds the same names as ssh-keygen -F for random patterns', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 6 });
    const patterns = fc.array(fc.tuple(fc.boolean(), part), { minLength: 1, maxLength: 3 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
    const toField = (parts: readonly (readonly [boolean, string])[]): string =>
      parts.map(([isNegated, text]) => (isNegated ? `!${text}` : text)).join(',');
    fc.assert(
      fc.property(fc.array(patterns.map(toField), { minLength: 20, maxLength: 20 }), name, (some, wanted) => {
        const found = foundByKeygen(wanted, some);
        expect(some.map((field) => isNamed(field, wanted))).toEqual(found);
      }),
      { numRuns: 8 },
    );
  });

  it('finds hashed names that ssh-keygen -H made, and only those', () => {
    const file = join(folder, 'hashed');
    writeFileSync(file, `web.example.org ${one.text}\n[10.0.0.5]:2222 ${two.text}\n`);
    execFileSync(keygen, ['-H', '-f', file], { stdio: 'ignore' });
    const hosts = parse(readFileSync(file, 'utf8'));
    expect(hosts.map((host) => host.hosts.startsWith('|1|'))).toEqual([true, true]);
    expect(judgeKey(hosts, 'web.example.org', one.blob).kind).toBe('known');
    expect(judgeKey(hosts, 'Web.Example.ORG', one.blob).kind).toBe('known');
    expect(judgeKey(hosts, toHostName('10.0.0.5', 2222), two.blob).kind).toBe('known');
    expect(judgeKey(hosts, 'web.example.com', one.blob).kind).toBe('unknown');
    expect(judgeKey(hosts, toHostName('10.0.0.5', 22), two.blob).kind).toBe('unknown');
    expect(judgeKey(hosts, 'web.example.org', two.blob).kind).toBe('changed');
  });

  it('refuses a revoked key wherever its line stands', () => {
    for (const text of [`web ${one.text}\n@revoked web ${one.text}\n`, `@revoked * ${one.text}\nweb ${one.text}\n`])
      expect(judgeKey(parse(text), 'web', one.blob).kind).toBe('revoked');
    expect(judgeKey(parse(`@revoked other ${one.text}\nweb ${one.text}\n`), 'web', one.blob).kind).toBe('known');
    expect(judgeKey(parse(`@revoked web ${two.text}\nweb ${one.text}\n`), 'web', one.blob).kind).toBe('known');
  });

  it('takes no key of a certificate authority for a host key', () => {
    const hosts = parse(`@cert-authority *.example.org ${one.text}\n`);
    expect(judgeKey(hosts, 'web.example.org', one.blob)).toEqual({ kind: 'unknown', hasAuthority: true });
    expect(knownTypes(hosts, 'web.example.org')).toEqual([]);
  });

  it('counts a key of another type than the known ones as changed', () => {
    expect(judgeKey(parse(`web ${ecdsa.text}\n`), 'web', one.blob).kind).toBe('changed');
    expect(judgeKey(parse(`web ${ecdsa.text}\nweb ${one.text}\n`), 'web', one.blob).kind).toBe('known');
    expect(knownTypes(parse(`web ${ecdsa.text}\nweb ${one.text}\nweb ${two.text}\n`), 'web')).toEqual([
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
    ]);
  });

  it('says where the other key is known from', () => {
    const verdict = judgeKey(parse(`# a comment\n\nweb ${one.text} me@here\n`), 'web', two.blob);
    expect(verdict.kind === 'changed' && present(verdict.known[0], 'One key is known.').line).toBe(3);
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# web ssh-ed25519 AAAA'],
    ['no key', 'web ssh-ed25519'],
    ['an unknown marker', '@trusted web KEY'],
    ['a key that is no base64', 'web ssh-ed25519 ///not*base64'],
    ['a key of another type than it says', 'web ssh-rsa BLOB'],
    ['a cut key', 'web ssh-ed25519 AAAAC3'],
    ['a marker without a name', '@revoked KEY'],
    ['the old format', 'web 1024 35 1234567890'],
  ])('leaves out a line that holds %s', (_what, line) => {
    const text = line.replace('KEY', one.text).replace('BLOB', one.text.split(' ')[1] ?? '');
    expect(parse(`${text}\n`)).toEqual([]);
  });

  it('reads lines with tabs, carriage returns and no end', () => {
    expect(judgeKey(parse(`web\t${one.text.replace(' ', '\t')}\r`), 'web', one.blob).kind).toBe('known');
  });

  it.each([
    ['many stars', '*a'.repeat(2_000)],
    ['stars in a row', '*'.repeat(4_000)],
    ['marks behind stars', '*?a'.repeat(1_000)],
  ])('looks at few characters also with a pattern made to be slow: %s', (_what, piece) => {
    let looks = 0;
    const name = new Proxy(Array.from('a'.repeat(2_000)), {
      get(target, key, receiver) {
        if (key !== 'length') looks += 1;
        return Reflect.get(target, key, receiver);
      },
    });
    const pattern = `${piece}b`;
    expect(isLike(name, pattern)).toBe(false);
    expect(looks).toBeLessThanOrEqual(2 * name.length * pattern.length);
  });
});
