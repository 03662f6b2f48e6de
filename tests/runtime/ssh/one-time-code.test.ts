/** A key and a one-time code as two factors, with a real sshd whose PAM service is its own: the code is asked of a person, each one is good once. */
import { createHmac, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from '../../fixtures/explain-skip.ts';
import { type Sshd, sshdAvailable, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, nobodyToAsk, settingsFor, withLab } from './lab.ts';

/** PAM's modules lie in a folder that is named after the machine. */
function hasOath(): boolean {
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return libraries.some((name) => existsSync(`/usr/lib/${name}/security/pam_oath.so`));
}

const sshdState = sshdAvailable();
const state =
  sshdState.ok && !hasOath()
    ? { ok: false, reason: 'no pam_oath here; install it with `apt-get install libpam-oath`' }
    : sshdState;

/** RFC 4226, six digits. */
function toCode(secret: Buffer, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', secret).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return `${(digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000}`.padStart(6, '0');
}

describe.runIf(canRun('a one-time code', state))('a key and a one-time code', () => {
  const secret = Buffer.from('12345678901234567890');
  let folder: string;
  let service: string;
  let sshd: Sshd;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-otp-'));
    // sshd's PAM service is named after its program, and PAM reads names in lower case: that of this machine stays as it is.
    const program = join(folder, `signalbox-${randomBytes(6).toString('hex')}`);
    copyFileSync('/usr/sbin/sshd', program);
    service = join('/etc/pam.d', basename(program));
    const users = join(folder, 'users.oath');
    const rest = ['account', 'session'].map((kind) => `${kind} required pam_permit.so`);
    writeFileSync(service, [`auth required pam_oath.so usersfile=${users} window=3 digits=6`, ...rest, ''].join('\n'));
    sshd = await startSshd({
      program,
      account: {},
      config: [
        'UsePAM yes',
        'KbdInteractiveAuthentication yes',
        'AuthenticationMethods publickey,keyboard-interactive',
      ],
    });
    writeFileSync(users, `HOTP ${sshd.username} - ${secret.toString('hex')}\n`, { mode: 0o600 });
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(service, { force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('log in together; a code that was used does not, and after a wrong one it is asked for again', async () => {
    const of = targetOf(sshd);
    /** Somebody who types these, and then no more. */
    const run = async (...codes: readonly string[]): Promise<readonly string[]> => {
      const desk = nobodyToAsk();
      desk.attend();
      const asked: string[] = [];
      desk.onChange(([question]) => {
        if (!question) return;
        const code = codes[asked.length];
        const label = question.prompts.map(({ label, echo }) => `${label.trim()} ${echo}`);
        asked.push(`${question.note ?? ''}${question.what}: ${label}`);
        if (code === undefined) desk.decline(question.id);
        else void desk.answer(question.id, [code]);
      });
      const auth = [{ kind: 'privateKey', privateKeyPath: sshd.privateKeyPath, passphrase: null }] as const;
      await withLab(sshd, { ...settingsFor(of, { auth: [...auth] }), questions: desk }, async (lab) => {
        expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
      });
      return asked;
    };
    const [question, ...more] = await run(toCode(secret, 0));
    expect(question).toMatch(
      /^an answer to what the server asks sbx\w+: One-time password \(OATH\) for `sbx\w+': hidden$/,
    );
    expect(more).toEqual([]);
    await failure(run(toCode(secret, 0)), 'AUTH_FAILED');
    const [, again] = await run('000000', toCode(secret, 1));
    expect(again).toMatch(/^The server refused that answer; type it again\..*One-time password/s);
  });
});
