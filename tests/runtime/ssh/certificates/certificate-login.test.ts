/** Logging in to a real server with OpenSSH user certificates, from files and from an agent, and every way they are refused. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthChoice } from '../../../../src/core/login/auth-choice.ts';
import { parseCertificate, parseCertificateFile } from '../../../../src/runtime/ssh/certificates/certificate.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../../fixtures/sshd.ts';
import { failure, settingsFor, textOf, withLab } from '../lab.ts';

const passphrase = 'of the key';
const me = userInfo().username;
const always = ['-n', me];

describe.runIf(sshdRuns())('a login with a certificate', () => {
  let folder: string;
  let sshd: Sshd;
  const at = (name: string): string => join(folder, name);
  const keygen = (...args: readonly string[]): void => void execFileSync('ssh-keygen', ['-q', ...args]);
  const makeKey = (name: string, type: string, words = ''): void =>
    keygen(
      '-t',
      type,
      ...(type === 'rsa' ? ['-b', '2048'] : ['-a', '1']),
      '-N',
      words,
      '-C',
      `key ${name}`,
      '-f',
      at(name),
    );
  /** Signs a key; the certificate lies beside it, or under another name. */
  const certify = (authority: string, key: string, options: readonly string[], as = key): string => {
    if (as !== key) execFileSync('cp', [at(`${key}.pub`), at(`${as}.pub`)]);
    keygen('-s', at(authority), '-I', `id of ${as}`, ...options, at(`${as}.pub`));
    return at(`${as}-cert.pub`);
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-certificates-'));
    for (const [name, type] of [
      ['authority', 'ed25519'],
      ['rsa-authority', 'rsa'],
      ['stranger', 'ed25519'],
      ['ed25519', 'ed25519'],
      ['rsa', 'rsa'],
      ['ecdsa', 'ecdsa'],
    ] as const)
      makeKey(name, type);
    makeKey('protected', 'ed25519', passphrase);
    execFileSync('sh', ['-c', 'cat "$0" "$1" > "$2"', at('authority.pub'), at('rsa-authority.pub'), at('trusted')]);
    // Without a single authorized key, only a certificate opens it.
    sshd = await startSshd({ config: [`TrustedUserCAKeys ${at('trusted')}`, 'AuthorizedKeysFile none'] });
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const login = (...auth: readonly AuthChoice[]): Promise<string> => {
    const of = targetOf(sshd);
    return withLab(sshd, settingsFor(of, { auth }), async (lab) =>
      textOf((await lab.exec(of, ['id', '-un'])).stdout).trim(),
    );
  };
  const choice = (
    certificatePath: string,
    key: string,
    more: Partial<AuthChoice & { kind: 'certificate' }> = {},
  ): AuthChoice => ({
    ...{ kind: 'certificate', certificatePath, privateKeyPaths: [at(key)], agentSocket: null, passphrase: null },
    ...more,
  });
  const withAgent = async <T>(keys: readonly string[], task: (socket: string) => Promise<T>): Promise<T> => {
    const socket = at('agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data');
      for (const key of keys)
        execFileSync('ssh-add', ['-q', at(key)], { env: { SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
      return await task(socket);
    } finally {
      agent.kill();
      await once(agent, 'exit');
    }
  };

  it.each([
    ['authority', 'ed25519'],
    ['authority', 'ecdsa'],
    ['authority', 'rsa'],
    ['rsa-authority', 'ed25519'],
    ['rsa-authority', 'rsa'],
  ])('works when the %s signed a key of type %s', async (authority, key) => {
    expect(await login(choice(certify(authority, key, always), key))).toBe(me);
  });

  it('works with a protected key, and with a key in an agent, whose own certificates count too', async () => {
    const certificate = certify('authority', 'protected', always);
    expect(await login(choice(certificate, 'protected', { passphrase }))).toBe(me);
    certify('authority', 'ed25519', always);
    certify('authority', 'rsa', always);
    for (const key of ['ed25519', 'rsa'])
      expect(await withAgent([key], (socket) => login({ kind: 'agent', socket }))).toBe(me);
    const moved = certify('authority', 'rsa', always, 'moved');
    expect(
      await withAgent(['rsa'], (agentSocket) => login(choice(moved, '', { privateKeyPaths: [], agentSocket }))),
    ).toBe(me);
  });

  it('takes of several keys the one that the certificate is about, without opening the others', async () => {
    const certificate = certify('authority', 'ecdsa', always);
    const privateKeyPaths = ['protected', 'rsa', 'ecdsa'].map(at);
    expect(await login(choice(certificate, '', { privateKeyPaths }))).toBe(me);
  });

  it.each([
    [
      'that has expired',
      () => certify('authority', 'ed25519', [...always, '-V', '20200101000000Z:20200301120000Z'], 'old'),
      'AUTH_FAILED',
      /The certificate \S+ \(authority SHA256:\S+\) expired at 2020-03-01 12:00:00 UTC; have a new one signed/,
    ],
    [
      'that is not valid yet',
      () => certify('authority', 'ed25519', [...always, '-V', '20990101000000Z:20990301000000Z'], 'young'),
      'AUTH_FAILED',
      /is valid only from 2099-01-01 00:00:00 UTC on/,
    ],
    [
      'for somebody else',
      () => certify('authority', 'ed25519', ['-n', 'deploy,backup'], 'other'),
      'AUTH_FAILED',
      new RegExp(`is for deploy, backup, not for ${me}`),
    ],
    [
      'for nobody',
      () => certify('authority', 'ed25519', [], 'nobody'),
      'AUTH_FAILED',
      /names no principals, which servers refuse/,
    ],
    [
      'of a host',
      () => certify('authority', 'ed25519', ['-h', ...always], 'host'),
      'AUTH_FAILED',
      /is for a host, not for a user/,
    ],
    [
      'of an authority the server does not trust',
      () => certify('stranger', 'ed25519', always, 'strange'),
      'AUTH_FAILED',
      /Tried: the certificate \S+strange-cert.pub; the server accepts publickey/,
    ],
    [
      'about another key',
      () => certify('authority', 'rsa', always, 'foreign'),
      'CREDENTIALS_UNAVAILABLE',
      /is about another key than/,
    ],
    ['that is a plain key', () => at('ed25519.pub'), 'CREDENTIALS_UNAVAILABLE', /is not an OpenSSH certificate/],
    ['that is not there', () => at('none'), 'CREDENTIALS_UNAVAILABLE', /cannot be read/],
  ] as const)('fails with one %s, and says so', async (_name, make, code, words) => {
    const error = await failure(login(choice(make(), 'ed25519')), code);
    expect(error.message).toMatch(words);
  });

  it('says what is wrong with the certificates of an agent', async () => {
    certify('authority', 'ecdsa', [...always, '-V', '20200101000000Z:20200301120000Z']);
    const error = await withAgent(['ecdsa'], (socket) => failure(login({ kind: 'agent', socket }), 'AUTH_FAILED'));
    expect(error.message).toMatch(/key ecdsa in the ssh-agent \(authority SHA256:\S+\) expired at 2020-03-01/);
  });

  it('reads what ssh-keygen wrote, and nothing that is cut or longer', () => {
    const path = certify('rsa-authority', 'ed25519', ['-n', 'a,b', '-z', '77', '-V', 'always:forever'], 'read');
    const text = execFileSync('cat', [path], { encoding: 'utf8' });
    const certificate = parseCertificateFile(text);
    const shown = execFileSync('ssh-keygen', ['-L', '-f', path], { encoding: 'utf8' });
    expect(certificate).toMatchObject({ use: 'user', serial: 77n, keyId: 'id of read', principals: ['a', 'b'] });
    expect(certificate).toMatchObject({ validAfter: 0n, validBefore: null });
    expect(shown).toContain(certificate?.authority);
    const blob = certificate?.blob ?? Buffer.alloc(0);
    for (let end = 0; end < blob.length; end += 1) expect(parseCertificate(blob.subarray(0, end))).toBe(null);
    expect(parseCertificate(Buffer.concat([blob, Buffer.alloc(1)]))).toBe(null);
    writeFileSync(at('renamed'), text.replace('ssh-ed25519-cert', 'ssh-rsa-cert'));
    expect(parseCertificateFile(execFileSync('cat', [at('renamed')], { encoding: 'utf8' }))).toBe(null);
  });
});
