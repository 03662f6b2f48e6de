/** Servers beyond the SSH of this program, reached over the system's ssh: the same work, the same refusals, and nothing left behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuthChoice } from '../../../../src/core/login/auth-choice.ts';
import type { ConnectionSettings } from '../../../../src/core/ports.ts';
import type { Target } from '../../../../src/core/server.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../../fixtures/sshd.ts';
import {
  failure,
  isAlive,
  makeFileLab,
  memoryLines,
  never,
  nobodyToAsk,
  settingsFor,
  textOf,
  until,
  withLab,
} from '../lab.ts';

/** One key exchange that ssh2 does not have; `ssh` has it by default. */
const beyond = ['KexAlgorithms sntrup761x25519-sha512@openssh.com'];

describe.runIf(sshdRuns())("over the system's ssh", () => {
  let sshd: Sshd;
  let of: Target;
  beforeAll(async () => {
    sshd = await startSshd({ account: { password: 'right secret' }, config: beyond });
    of = targetOf(sshd);
  });
  afterAll(async () => {
    await sshd?.stop();
    // Each connection had a folder of its own, only while it was made.
    await until(() => foldersLeft().length === 0 && holders().length === 0);
  });
  afterEach(() => vi.unstubAllEnvs());

  /** The processes that hold a connection for this one. */
  const holders = (): number[] =>
    readdirSync('/proc')
      .map(Number)
      .filter(
        (pid) => pid > 0 && isAlive(pid) && argumentsOf(pid).startsWith('ssh -F ') && parentOf(pid) === process.pid,
      );
  const foldersLeft = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`signalbox-ssh-${process.pid}-`));

  it('commands, files, cancelling and the round trip are as over any connection', async () => {
    const lab = await makeFileLab(sshd);
    try {
      const stdin = new Uint8Array(300_000).fill(65);
      const [plain, fed, killed] = await Promise.all([
        lab.exec(of, 'echo out; echo err >&2; exit 3'),
        lab.exec(of, ['sha256sum'], { stdin }),
        lab.exec(of, 'kill -KILL $$'),
      ]);
      expect([plain.exitCode, textOf(plain.stdout), textOf(plain.stderr)]).toEqual([3, 'out\n', 'err\n']);
      expect(textOf(fed.stdout)).toContain('3cdc92c3d725c404c8cfaa26d17a7ff0420dac1c5fc5a837c8d819f07a9ee698');
      expect([killed.exitCode, killed.signal]).toEqual([null, 'SIGKILL']);
      const abort = new AbortController();
      const sink = { onOutput: () => abort.abort() };
      expect((await lab.exec(of, 'echo $$; sleep 60', { signal: abort.signal, sink })).ended).toBe('cancelled');
      const path = join(sshd.folder, 'file');
      const content = new Uint8Array(1_000_000).map((_byte, at) => at % 251);
      await lab.write(path, content);
      expect(Buffer.compare(content, (await lab.read(path)).content)).toBe(0);
      await until(() => lab.servers.status('web-1').latencyMs !== null);
      expect(holders()).toHaveLength(1);
    } finally {
      await lab.dispose();
    }
  });

  it('a command whose connection ends is lost, with what it printed, and the next one connects anew', async () => {
    await withLab(sshd, {}, async (lab) => {
      const sink = { onOutput: () => holders().forEach((pid) => process.kill(pid, 'SIGKILL')) };
      const error = await failure(lab.exec(of, 'echo $$; exec sleep 60', { sink }), 'CONNECTION_LOST');
      expect(error.outcomeUnknown).toBe(true);
      process.kill(Number(error.data?.['processGroup']), 'SIGKILL');
      expect((await lab.exec(of, ['true'])).exitCode).toBe(0);
    });
  });

  const key = (privateKeyPath: string, passphrase: string | null = null): AuthChoice => ({
    ...{ kind: 'privateKey', privateKeyPath, passphrase },
  });
  const password = (secret: string | null): AuthChoice => ({ kind: 'password', secret });
  const login = (auth: readonly AuthChoice[], questions = nobodyToAsk()): Promise<unknown> =>
    withLab(sshd, { ...settingsFor(of, { auth }), questions }, (lab) => lab.exec(of, ['true']));

  it('what is asked of a person reaches ssh in no argument, variable or file', async () => {
    const desk = nobodyToAsk();
    desk.attend();
    const asked: string[] = [];
    desk.onChange(([question]) => {
      if (question) asked.push(question.what);
      if (question) void desk.answer(question.id, [asked.length === 1 ? sshd.passphrase : 'right secret']);
    });
    await login([key(sshd.encryptedKeyPath)], desk);
    vi.stubEnv('SECRET_OF_A_SERVER', 'a password of a record');
    await withLab(
      sshd,
      { ...settingsFor(of, { auth: [password(null)], secretVariables: ['SECRET_OF_A_SERVER'] }), questions: desk },
      async (lab) => {
        await lab.exec(of, ['true']);
        const [pid = 0] = holders();
        const known = readFileSync(`/proc/${pid}/environ`, 'utf8') + argumentsOf(pid);
        expect(known).toContain('SSH_ASKPASS');
        expect(known).not.toContain('right secret');
        expect(known).not.toContain('a password of a record');
        expect(foldersLeft()).toEqual([]);
      },
    );
    expect(asked).toEqual([`the passphrase of ${sshd.encryptedKeyPath}`, `the password of ${sshd.username}`]);
  });

  it('a recorded password needs nobody', async () => {
    await login([password('right secret')]);
  });

  it.each([
    ['a wrong password', () => [password('wrong')], 'AUTH_FAILED', 'Tried: the password'],
    ['a key that is not there', () => [key('/no/such/key')], 'CREDENTIALS_UNAVAILABLE', 'cannot be read'],
    ['a wrong passphrase', () => [key(sshd.encryptedKeyPath, 'x')], 'CREDENTIALS_UNAVAILABLE', 'is wrong'],
    ['nobody to ask', () => [password(null)], 'CREDENTIALS_UNAVAILABLE', 'nobody is here to ask'],
  ] as const)('fails with %s, and says so', async (_name, toAuth, code, words) => {
    expect((await failure(login(toAuth()), code)).message).toContain(words);
  });

  it('a key is judged by our known_hosts alone, before anybody logs in', async () => {
    const another = sshd.knownHostsLine.replace(
      / \S+ \S+\n$/,
      ` ${readFileSync(`${sshd.privateKeyPath}.pub`, 'utf8')}`,
    );
    const before = sshd.log().length;
    await withLab(sshd, { knownHosts: another }, async (lab) => {
      await failure(lab.exec(of, ['true']), 'HOST_KEY_CHANGED');
    });
    await withLab(sshd, { knownHosts: `@revoked ${sshd.knownHostsLine}${sshd.knownHostsLine}` }, async (lab) => {
      await failure(lab.exec(of, ['true']), 'HOST_KEY_CHANGED');
    });
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      const error = await failure(lab.exec(of, ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.data).toMatchObject({ fingerprint: sshd.hostKeyFingerprint, type: 'ssh-ed25519' });
      await failure(lab.servers.trustHostKey(of, `SHA256:${'a'.repeat(43)}`, never()), 'HOST_KEY_UNKNOWN');
      expect(await lab.servers.trustHostKey(of, sshd.hostKeyFingerprint, never())).toMatchObject({ wasKnown: false });
      expect(sshd.log().slice(before)).not.toContain('Accepted');
      expect((await lab.exec(of, ['true'], { hostKey: sshd.hostKeyFingerprint })).exitCode).toBe(0);
    });
  });

  it('a jump leads there, and from there on', async () => {
    const plain = await startSshd();
    const beyondPlain = targetOf(sshd, { id: 'beyond' });
    const behind = targetOf(plain, { id: 'behind', recordHash: 'behind' });
    const settings = new Map<string, Partial<ConnectionSettings>>([
      [beyondPlain.recordHash, { auth: [key(sshd.privateKeyPath)], jump: targetOf(plain, { id: 'plain' }) }],
      ['behind', { auth: [key(plain.privateKeyPath)], jump: beyondPlain, transport: 'system' }],
    ]);
    try {
      const knownHosts = sshd.knownHostsLine + plain.knownHostsLine;
      await withLab(plain, { knownHosts, settings }, async (lab) => {
        const outcome = await lab.exec(behind, ['printenv', 'SSH_CONNECTION']);
        expect(textOf(outcome.stdout)).toContain(` ${plain.port}`);
        expect(holders()).toHaveLength(2);
        expect((await lab.servers.line(behind))?.systemSsh).toBe('its record says so');
      });
    } finally {
      await plain.stop();
    }
  });

  it('what was used and why is said and remembered; without ssh, what to install', async () => {
    const refusals = (): number => sshd.log().match(/no matching key exchange method/g)?.length ?? 0;
    const before = refusals();
    const lines = memoryLines();
    await withLab(sshd, { lines }, async (lab) => {
      const steps = await lab.servers.test(of, never());
      await lab.exec(of, ['true']);
      await until(() => lines.kept.size > 0);
      expect((await lab.servers.line(of))?.systemSsh).toMatch(/^the server offers only the key exchange sntrup/);
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(steps.find(({ name }) => name === 'Login')?.ms, 'the time it took').toBeGreaterThan(0);
      expect(steps[0]?.detail).toMatch(
        /over the system's ssh \(OpenSSH_\S+\): the server offers only the key exchange sntrup761x25519-sha512@openssh\.com$/,
      );
    });
    await withLab(sshd, { lines }, (lab) => lab.exec(of, ['true']));
    expect(refusals()).toBe(before + 1);
    await withLab(sshd, settingsFor(of, { transport: 'built-in' }), async (lab) => {
      await failure(lab.exec(of, ['true']), 'UNREACHABLE');
    });
    vi.stubEnv('PATH', '/nonexistent');
    await withLab(sshd, {}, async (lab) => {
      const error = await failure(lab.exec(of, ['true']), 'UNSUPPORTED');
      expect(error.message).toMatch(/no OpenSSH is installed here; install its client \(ssh\)\.$/);
    });
  });
});

function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended.
    return '';
  }
}

function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}
