/** Logging in to a real server with keys of security keys: in an agent whose device is played here, and from files with OpenSSH's own device for tests. */
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthChoice } from '../../../../src/core/login/auth-choice.ts';
import { toWireString, toWireUint32, WireReader } from '../../../../src/runtime/ssh/certificates/wire.ts';
import { canRun } from '../../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../../fixtures/sshd.ts';
import { failure, nobodyToAsk, settingsFor, until, withLab } from '../lab.ts';

const type = 'sk-ssh-ed25519@openssh.com';
const me = userInfo().username;

/** An agent with one key of a security key; `touch` resolves with whether the device was touched. */
async function startAgent(socket: string, touch: () => Promise<boolean>): Promise<{ server: Server; line: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = Buffer.concat([toWireString(type), toWireString(raw), toWireString('ssh:')]);
  const server = createServer((connection) => {
    connection.on('data', async (bytes) => {
      const reader = new WireReader(new WireReader(bytes).string());
      const list = [Buffer.from([12]), toWireUint32(1), toWireString(blob), toWireString('my device')];
      if (reader.byte() === 11) connection.write(toWireString(Buffer.concat(list)));
      else {
        reader.string();
        const data = reader.string();
        const answer = (await touch())
          ? [Buffer.from([14]), toWireString(toSignature(privateKey, data))]
          : [Buffer.from([5])];
        connection.write(toWireString(Buffer.concat(answer)));
      }
    });
  });
  await once(server.listen(socket), 'listening');
  return { server, line: `${type} ${blob.toString('base64')} my device\n` };
}

/** PROTOCOL.u2f of OpenSSH: the device signs hashes, that it was touched, and how often it has signed. */
function toSignature(key: KeyObject, data: Buffer): Buffer {
  const hash = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const state = Buffer.concat([Buffer.from([1]), toWireUint32(7)]);
  const signature = sign(null, Buffer.concat([hash('ssh:'), state, hash(data)]), key);
  return Buffer.concat([toWireString(type), toWireString(signature), state]);
}

describe.runIf(sshdRuns())('a security key', () => {
  let folder: string;
  let sshd: Sshd;
  let authorized: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-security-keys-'));
    authorized = join(folder, 'authorized_keys');
    sshd = await startSshd({ config: [`AuthorizedKeysFile ${authorized}`] });
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('in an ssh-agent logs in once it is touched, which is asked for until then', async () => {
    const socket = join(folder, 'agent');
    const desk = nobodyToAsk();
    const asked: string[] = [];
    let isTouched = true;
    const { server, line } = await startAgent(socket, async () => {
      // Whoever touches it has read that it is waited for.
      await until(() => desk.waiting.length === 1);
      asked.push(...desk.waiting.map(({ server: of, what, note }) => `${of}: ${what}; ${note}`));
      return isTouched;
    });
    writeFileSync(authorized, line);
    const of = targetOf(sshd);
    const options = { ...settingsFor(of, { auth: [{ kind: 'agent', socket }] }), questions: desk };
    try {
      await withLab(sshd, options, async (lab) => expect((await lab.exec(of, ['true'])).exitCode).toBe(0));
      expect(asked).toEqual(['web-1: a touch of your security key; my device']);
      isTouched = false;
      const error = await withLab(sshd, options, (lab) => failure(lab.exec(of, ['true']), 'AUTH_FAILED'));
      expect(error.message).toContain('The security key my device in the ssh-agent gave no signature: plug it in');
      expect(desk.waiting).toEqual([]);
    } finally {
      server.close();
    }
  });

  const provider = [process.env['SSH_SK_PROVIDER'] ?? '', '/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so'].find(
    (path) => path !== '' && existsSync(path),
  );
  const hasProvider = canRun('key files of security keys', {
    ok: provider !== undefined,
    reason: 'install openssh-tests for its device without hardware',
  });

  it.runIf(hasProvider)(
    'named by a key file logs in, alone and with a certificate, and leaves no agent behind',
    async () => {
      const before = process.env['SSH_SK_PROVIDER'];
      process.env['SSH_SK_PROVIDER'] = provider;
      const path = join(folder, 'id_sk');
      try {
        const keygen = (...args: readonly string[]): void => void execFileSync('ssh-keygen', ['-q', ...args]);
        keygen('-t', 'ed25519-sk', '-a', '1', '-N', 'its words', '-f', path);
        keygen('-t', 'ed25519', '-N', '', '-f', join(folder, 'authority'));
        keygen('-s', join(folder, 'authority'), '-I', 'me', '-n', me, `${path}.pub`);
        const of = targetOf(sshd);
        const login = (auth: AuthChoice) =>
          withLab(sshd, settingsFor(of, { auth: [auth] }), async (lab) => (await lab.exec(of, ['true'])).exitCode);
        const key = (passphrase: string | null): AuthChoice => ({
          kind: 'privateKey',
          privateKeyPath: path,
          passphrase,
        });
        execFileSync('cp', [`${path}.pub`, authorized]);
        expect(await login(key('its words'))).toBe(0);
        const error = await failure(login(key('others')), 'CREDENTIALS_UNAVAILABLE');
        expect(error.message).toContain('its passphrase may be wrong');
        await failure(login(key(null)), 'CREDENTIALS_UNAVAILABLE');
        const authority = execFileSync('cat', [join(folder, 'authority.pub')], { encoding: 'utf8' });
        writeFileSync(authorized, `cert-authority ${authority}`);
        const certified = {
          kind: 'certificate',
          certificatePath: `${path}-cert.pub`,
          privateKeyPaths: [path],
        } as const;
        expect(await login({ ...certified, agentSocket: null, passphrase: 'its words' })).toBe(0);
      } finally {
        if (before === undefined) delete process.env['SSH_SK_PROVIDER'];
        else process.env['SSH_SK_PROVIDER'] = before;
      }
      await until(
        () => !readdirSync(tmpdir()).some((name) => name.startsWith(`signalbox-security-key-${process.pid}-`)),
      );
    },
  );
});
