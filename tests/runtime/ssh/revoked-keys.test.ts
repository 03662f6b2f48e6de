/** Binary lists of revoked keys: what ssh-keygen says of keys and certificates, and that nothing counts where it says nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { readRevokedKeys } from '../../../src/runtime/ssh/revoked-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-revoked-'));
const at = (name: string): string => join(folder, name);
const keygen = (...words: readonly string[]): unknown => execFileSync('ssh-keygen', ['-q', ...words]);

beforeAll(() => {
  for (const name of ['host', 'other', 'authority']) keygen('-t', 'ed25519', '-N', '', '-f', at(name));
  keygen('-s', at('authority'), '-I', 'web', '-h', '-n', 'web.example', '-z', '7', at('host.pub'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const blobOf = (name: string): Buffer => Buffer.from(readFileSync(at(name), 'utf8').split(' ')[1] ?? '', 'base64');
const makeList = (words: readonly string[], text = ''): string => {
  writeFileSync(at('said'), text);
  keygen('-k', '-f', at('list'), ...words, ...(text === '' ? [] : [at('said')]));
  return at('list');
};

it.each([
  ['a key', () => makeList([at('host.pub')]), ['host.pub', 'host-cert.pub']],
  ['an authority', () => makeList([at('authority.pub')]), ['authority.pub', 'host-cert.pub']],
  ['a serial number', () => makeList(['-s', at('authority.pub')], 'serial: 7\n'), ['host-cert.pub']],
  ['a name of a certificate', () => makeList(['-s', at('authority.pub')], 'id: web\n'), ['host-cert.pub']],
  ['nothing', () => makeList([]), []],
])('of %s holds what ssh would refuse', async (_name, list, held) => {
  const { holds, lines } = await readRevokedKeys(list());
  const all = ['host.pub', 'host-cert.pub', 'other.pub', 'authority.pub'];
  expect(all.filter((name) => holds(blobOf(name)))).toEqual(all.filter((name) => held.includes(name)));
  expect(lines).toEqual([]);
});

it('that is cut off, or that nobody can read, holds no answer', async () => {
  const list = makeList([at('host.pub')]);
  writeFileSync(list, readFileSync(list).subarray(0, 40));
  const { holds } = await readRevokedKeys(list);
  expect(() => holds(blobOf('other.pub'))).toThrowError('could not read');
  vi.stubEnv('PATH', folder);
  expect(() => holds(blobOf('other.pub'))).toThrowError('not installed here');
});
