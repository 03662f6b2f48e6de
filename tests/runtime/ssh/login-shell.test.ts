/** Accounts on a real sshd, whatever their shell and their start-up files: what a program gets is, byte for byte, what was judged. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../../src/core/server.ts';
import { type Account, addAccount, removeAccount } from '../../fixtures/accounts.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, type Lab, makeLab, never, sha256, textOf } from './lab.ts';
import { nastyWords } from './nasty-words.ts';
import { toOddAccounts } from './odd-accounts.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-shells-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sftpServer = '/usr/lib/openssh/sftp-server';
const noise = 'echo "Welcome to this machine"\necho "stty: not a terminal" >&2\n';

/** Each reads the start-up file that it reads for a command, too. */
const shells = (
  [
    ['bash', '.bashrc'],
    ['dash', null],
    ['zsh', '.zshenv'],
    ['fish', '.config/fish/config.fish'],
    ['tcsh', '.cshrc'],
    ['ksh', null],
    ['mksh', null],
    ['busybox', null],
  ] as const
)
  .map(([name, file]) => ({ name, file, path: find(name) }))
  .filter(({ name, path }) =>
    canRun(`the login shell ${name}`, { ok: path !== null, reason: `${name} is not installed` }),
  );

/** busybox is a shell only under the name of one. */
function find(name: string): string | null {
  const path = ['/bin', '/usr/bin'].map((at) => join(at, name)).find((candidate) => existsSync(candidate)) ?? null;
  if (path === null || name !== 'busybox') return path;
  symlinkSync(path, join(folder, 'ash'));
  return join(folder, 'ash');
}

const odd = toOddAccounts(folder);

describe.runIf(sshdRuns() && existsSync(sftpServer))('an account', () => {
  let sshd: Sshd;
  let lab: Lab;
  const accounts = new Map<string, Account>();
  const ofShell = (name: string): string => `the shell ${name}`;

  beforeAll(async () => {
    for (const { name, file, path } of shells) {
      const home = join(folder, `home-${name}`);
      const files = file === null ? {} : { [file]: name === 'tcsh' ? 'echo "Welcome to this machine"\n' : noise };
      accounts.set(ofShell(name), addAccount({ shell: path ?? '', home, ...(file === null ? {} : { files }) }));
    }
    const matches: string[] = [];
    for (const each of odd) {
      const account = addAccount(each);
      accounts.set(each.what, account);
      if (each.match !== undefined) matches.push(`Match User ${account.name}`, each.match);
    }
    sshd = await startSshd({ config: [`Subsystem sftp ${sftpServer}`], matches });
    chmodSync(sshd.folder, 0o777);
    writeFileSync(join(sshd.folder, 'file'), 'content');
    chmodSync(join(sshd.folder, 'file'), 0o666);
    lab = await makeLab(sshd);
  });

  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
    for (const { name } of accounts.values()) removeAccount(name);
  });

  function on(what: string): Target {
    const username = accounts.get(what)?.name ?? '';
    return targetOf(sshd, { username, recordHash: username });
  }

  const read = async (of: Target): Promise<string> => {
    const action = {
      kind: 'read-file',
      path: join(sshd.folder, 'file'),
      offset: 0,
      length: null,
      bytesMax: 99,
    } as const;
    return textOf((await lab.perform(of, action)).content);
  };

  it.each(shells)(
    'with the shell $name runs what was judged, and its files are read, whatever is printed first',
    async ({ name }) => {
      const of = on(ofShell(name));
      const printed = async (words: readonly string[], cwd: string | null = null): Promise<string[]> => {
        const { stdout, stderr } = await lab.exec(of, ['printf', '%s\\0', ...words], { cwd });
        expect(textOf(stderr)).toBe('');
        return textOf(stdout).split('\0').slice(0, -1);
      };
      expect(await printed(nastyWords)).toEqual(nastyWords);
      // Printable words travel in quotes, all others as octal: both ways are tried.
      const plain = nastyWords.filter((word) => /^[\x20-\x7e]*$/.test(word));
      expect(plain.length).toBeGreaterThan(60);
      expect(await printed(plain)).toEqual(plain);
      const each = plain.filter((word) => word.length < 20).slice(0, 12);
      expect(await Promise.all(each.map((word) => printed([word])))).toEqual(each.map((word) => [word]));

      const strange = join(folder, "it's ! a {a,b} $HOME\nfolder");
      mkdirSync(strange, { recursive: true });
      expect(await printed(['~', '*'], strange)).toEqual(['~', '*']);
      expect(textOf((await lab.exec(of, ['pwd', '-P'], { cwd: strange })).stdout)).toBe(`${strange}\n`);
      await failure(lab.exec(of, ['true'], { cwd: join(folder, 'none') }), 'FILE_NOT_FOUND');

      const line = `for i in 1 2; do\n  printf '%s-' "$i!"\ndone; printf '%s' 'a\\b' "$0" | cat; echo late >&2; exit 7`;
      const { stdout, stderr, exitCode } = await lab.exec(of, line);
      expect([textOf(stdout), textOf(stderr), exitCode]).toEqual(['1!-2!-a\\b/bin/sh', 'late\n', 7]);
      expect(await read(of)).toBe('content');
      // Who says that there is no such program has started it: the login shell itself, where it can.
      const missing = await lab.exec(of, ['no-such-program']);
      expect(missing.exitCode).toBe(127);
      if (name === 'bash') expect(textOf(missing.stderr)).toContain('bash: line 1: exec: no-such-program: not found');
    },
  );

  it.each(odd)(
    'that $what says what it can do, and the rest works',
    async ({ what, refusesCommands, refusesFiles }) => {
      const of = on(what);
      const ran = join(sshd.folder, 'ran');
      writeFileSync(ran, '');
      chmodSync(ran, 0o666);
      const run = () => lab.exec(of, `echo once >>'${ran}'; echo out; echo 'a problem' >&2; exit 3`);
      const running = run();
      if (refusesCommands === null) {
        // The second one in the form for the shell that the first has told of.
        for (const { stdout, stderr, exitCode } of [await running, await run()]) {
          // Where the account makes one stream of both, the order is all that is kept.
          expect(textOf(stdout) + textOf(stderr)).toBe('out\na problem\n');
          expect(exitCode).toBe(3);
        }
        expect(readFileSync(ran, 'utf8')).toBe('once\nonce\n');
      } else expect((await failure(running, refusesCommands[0])).message).toMatch(refusesCommands[1]);

      if (refusesFiles !== null) {
        expect((await failure(read(of), refusesFiles[0])).message).toMatch(refusesFiles[1]);
        return;
      }
      expect(await read(of)).toBe('content');
      // Written as well, in place where the account cannot tell what a replacement would lose.
      const path = join(sshd.folder, 'file');
      const survey = await lab.servers.survey({ target: of, path, contentBytesMax: 99, signal: never() });
      expect(survey.replace).toBe('in-place');
      const expectedSha256 = sha256('content');
      const same = { kind: 'write-file', path, content: Buffer.from('content'), expectedSha256 } as const;
      const written = await lab.perform(of, { ...same, mode: null, replace: survey.replace, createFolders: [] });
      expect(written.verifiedSha256).toBe(expectedSha256);
    },
  );

  it('that has expired is refused at the login', async () => {
    const what = 'has no home';
    execFileSync('chage', ['-E', '1', accounts.get(what)?.name ?? '']);
    const other = await makeLab(sshd);
    try {
      await failure(other.exec(on(what), ['true']), 'AUTH_FAILED');
    } finally {
      await other.dispose();
    }
  });
});

describe.runIf(sshdRuns())('a server without an SFTP subsystem', () => {
  it('is asked for the program behind it by a command', async () => {
    const sshd = await startSshd({ config: ['Subsystem other /bin/true'] });
    const lab = await makeLab(sshd);
    try {
      const path = join(sshd.folder, 'file');
      const content = Buffer.alloc(300_000, 'abc');
      const written = { kind: 'write-file', path, content, expectedSha256: null, mode: 0o640 } as const;
      await lab.perform(targetOf(sshd), { ...written, replace: 'atomic', createFolders: [] });
      const found = await lab.servers.survey({ target: targetOf(sshd), path, contentBytesMax: 1e6, signal: never() });
      expect(found).toMatchObject({ replace: 'atomic', state: { sha256: sha256(content), mode: 0o640 } });
    } finally {
      await lab.dispose();
      await sshd.stop();
    }
  });
});
