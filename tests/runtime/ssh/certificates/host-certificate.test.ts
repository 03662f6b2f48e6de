/** Servers whose key is trusted because an authority of known_hosts certified it, and every certificate that does not make it so. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificateFile } from '../../../../src/runtime/ssh/certificates/certificate.ts';
import { objectionToHost } from '../../../../src/runtime/ssh/certificates/host-certificate.ts';
import { parseKnownHosts } from '../../../../src/runtime/ssh/known-hosts.ts';
import { connectionsTo, type Sshd, sshdRuns, startSshd, targetOf } from '../../../fixtures/sshd.ts';
import { failure, makeLab, never, withLab } from '../lab.ts';

describe.runIf(sshdRuns())('a host certificate', () => {
  let folder: string;
  const servers: Sshd[] = [];
  const at = (name: string): string => join(folder, name);
  const keygen = (...args: readonly string[]): void => void execFileSync('ssh-keygen', ['-q', ...args]);
  const authority = (name: string): string => readFileSync(at(`${name}.pub`), 'utf8').trim();
  const certify = (by: string, key: string, options: readonly string[], as: string): string => {
    execFileSync('cp', [at(`${key}.pub`), at(`${as}.pub`)]);
    keygen('-s', at(by), '-I', as, ...options, at(`${as}.pub`));
    return at(`${as}-cert.pub`);
  };
  /** A server that shows a certificate beside its key. */
  const serve = async (certificate: string, key = 'host', port?: number): Promise<Sshd> => {
    const config = [`HostKey ${at(key)}`, `HostCertificate ${certificate}`];
    const sshd = await startSshd({ config, ...(port === undefined ? {} : { port }) });
    servers.push(sshd);
    return sshd;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-host-certificates-'));
    for (const [name, type] of [
      ['authority', 'ed25519'],
      ['rsa-authority', 'rsa'],
      ['ecdsa-authority', 'ecdsa'],
      ['stranger', 'ed25519'],
      ['host', 'ecdsa'],
      ['next', 'ecdsa'],
    ] as const)
      keygen('-t', type, ...(type === 'rsa' ? ['-b', '2048'] : []), '-N', '', '-f', at(name));
  });
  afterAll(async () => {
    await Promise.all(servers.map((sshd) => sshd.stop()));
    rmSync(folder, { recursive: true, force: true });
  });
  const here = ['-h', '-n', '127.0.0.1'];

  it('makes a server known, is shown where it is tested, and is asked for anew when the server has another', async () => {
    const sshd = await serve(certify('authority', 'host', here, 'first'));
    const knownHosts = `@cert-authority 127.0.0.* ${authority('authority')}\n`;
    let current = sshd;
    const lab = await makeLab(sshd, {
      knownHosts,
      connections: { connection: (of) => connectionsTo(current).connection(of) },
    });
    try {
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
      const steps = await lab.servers.test(targetOf(sshd), never());
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(steps[1]?.detail).toMatch(/SHA256:\S+, certified$/);
      expect(steps[1]?.notes?.[0]).toMatch(/known from a certificate of the authority SHA256:\S+ of your known_hosts$/);
      expect(steps[2]?.detail).toBe(`${sshd.username}, with the key ${sshd.privateKeyPath}`);
      // One handshake that asked for the certificate, and one for each of both connections.
      expect(sshd.log().match(/Connection from/g)).toHaveLength(3);
      await sshd.stop();
      current = await serve(certify('authority', 'next', here, 'second'), 'next', sshd.port);
      expect((await lab.servers.test(targetOf(sshd), never())).filter(({ ok }) => !ok)).toEqual([]);
      expect(readFileSync(lab.knownHostsFile, 'utf8')).toBe(knownHosts);
    } finally {
      await lab.dispose();
    }
  });

  it('of an authority that is not known, or none at all, leaves the key unknown', async () => {
    const sshd = await serve(certify('stranger', 'host', here, 'strange'));
    await withLab(sshd, { knownHosts: `@cert-authority * ${authority('authority')}\n` }, async (lab) => {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.message).toMatch(
        /the certificate that it showed is signed by SHA256:\S+, which is no authority for it/,
      );
      await lab.servers.trustHostKey(targetOf(sshd), String(error.data?.['fingerprint']), never());
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
    });
    const plain = await startSshd();
    servers.push(plain);
    await withLab(plain, { knownHosts: `@cert-authority * ${authority('authority')}\n` }, async (lab) => {
      const error = await failure(lab.exec(targetOf(plain), ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.message).toContain('names a certificate authority for it, but it showed no certificate');
    });
  });

  it("without the key that it is about is enough over the system's ssh, where the authority is known", async () => {
    const certificate = certify('authority', 'host', here, 'only');
    const config = [`HostKey ${at('host')}`, `HostCertificate ${certificate}`];
    const sshd = await startSshd({ config: ['HostKeyAlgorithms ecdsa-sha2-nistp256-cert-v01@openssh.com', ...config] });
    servers.push(sshd);
    await withLab(sshd, { knownHosts: `@cert-authority * ${authority('authority')}\n` }, async (lab) => {
      const steps = await lab.servers.test(targetOf(sshd), never());
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(steps[0]?.detail).toContain('offers only the host key ecdsa-sha2-nistp256-cert-v01@openssh.com');
      expect(steps[1]?.detail).toMatch(/, certified$/);
    });
    await withLab(sshd, { knownHosts: `@cert-authority * ${authority('stranger')}\n` }, async (lab) => {
      const error = await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.message).toContain('which is no authority for it');
    });
  });

  it('makes up for a key that has changed where it is of an authority, as with ssh, and else for nothing', async () => {
    const sshd = await serve(certify('authority', 'host', here, 'changed'));
    const changed = `[127.0.0.1]:${sshd.port} ${authority('stranger')}\n`;
    await withLab(sshd, { knownHosts: `${changed}@cert-authority * ${authority('authority')}\n` }, async (lab) => {
      expect((await lab.exec(targetOf(sshd), ['true'])).exitCode).toBe(0);
      expect(lab.servers.status(targetOf(sshd).id).line?.authority).toMatch(/^SHA256:/);
    });
    for (const others of [`@cert-authority * ${authority('rsa-authority')}\n`, ''])
      await withLab(sshd, { knownHosts: `${changed}${others}` }, async (lab) => {
        const { message } = await failure(lab.exec(targetOf(sshd), ['true']), 'HOST_KEY_CHANGED');
        expect(message.includes('which is no authority for it')).toBe(others !== '');
      });
  });

  const judge = (
    by: string,
    options: readonly string[],
    known = `@cert-authority *.example.org ${authority(by)}\n`,
    change: (certificate: Buffer) => Buffer = (bytes) => bytes,
  ): string | null => {
    const [type, encoded] = readFileSync(certify(by, 'host', options, 'judged'), 'utf8').split(' ');
    const blob = change(Buffer.from(encoded ?? '', 'base64'));
    const certificate = parseCertificateFile(`${type} ${blob.toString('base64')}`);
    if (certificate === null) throw new Error('It is still one.');
    const of = { id: 'web', name: '[web.example.org]:2222', host: 'Web.example.org', port: 2222 };
    return objectionToHost(certificate, of, parseKnownHosts(known, 'known_hosts'), Date.parse('2026-06-01T00:00:00Z'));
  };

  it.each(['authority', 'rsa-authority', 'ecdsa-authority'])('counts when signed by %s', (by) => {
    expect(judge(by, ['-h', '-n', 'other,web.example.org'])).toBe(null);
    expect(judge(by, ['-h', '-n', '*.example.org'])).toBe(null);
    const turn = (at: number) => (bytes: Buffer) =>
      Buffer.from(bytes.fill((bytes.at(at) ?? 0) ^ 1, bytes.length + at, bytes.length + at + 1));
    expect(judge(by, ['-h', '-n', 'web.example.org'], undefined, turn(-1))).toContain('has a signature that is not');
  });

  it.each([
    ['of a user', ['-n', 'web.example.org'], 'is for a user'],
    ['for another host', ['-h', '-n', 'db.example.org'], 'is for db.example.org, not for web.example.org'],
    ['for no host', ['-h'], 'is for no host'],
    ['of the past', ['-h', '-n', 'web.example.org', '-V', '20200101000000Z:20200301120000Z'], 'expired at 2020-03-01'],
    [
      'of the future',
      ['-h', '-n', 'web.example.org', '-V', '20990101000000Z:20990301120000Z'],
      'is valid only from 2099',
    ],
    ['with conditions', ['-h', '-n', 'web.example.org', '-O', 'critical:some@thing=x'], 'has conditions'],
  ])('does not count when it is %s', (_name, options, words) => {
    expect(judge('authority', options)).toContain(words);
  });

  it.each([
    [
      'its authority is for other names',
      () => `@cert-authority *.example.com ${authority('authority')}\n`,
      'no authority',
    ],
    ['its authority is a plain key', () => `*.example.org ${authority('authority')}\n`, 'no authority'],
    [
      'its authority is revoked',
      () => `@cert-authority * ${authority('authority')}\n@revoked * ${authority('authority')}\n`,
      '@revoked',
    ],
    [
      'its key is revoked',
      () => `@cert-authority * ${authority('authority')}\n@revoked * ${authority('host')}\n`,
      '@revoked',
    ],
  ])('does not count when %s', (_name, known, words) => {
    expect(judge('authority', ['-h', '-n', 'web.example.org'], known())).toContain(words);
  });
});
