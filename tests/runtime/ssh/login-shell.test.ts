/** The judged words on a real sshd, whatever shell the account has: what a program gets is, byte for byte, what was judged. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canRun } from '../../fixtures/explain-skip.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, type Lab, makeLab, textOf } from './lab.ts';
import { nastyWords } from './nasty-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-shells-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shells = ['bash', 'dash', 'zsh', 'fish', 'tcsh', 'ksh', 'busybox'].map((name) => ({ name, path: find(name) }));

/** busybox is a shell only under the name of one. */
function find(name: string): string | null {
  const path = ['/bin', '/usr/bin'].map((at) => join(at, name)).find((candidate) => existsSync(candidate)) ?? null;
  if (path === null || name !== 'busybox') return path;
  symlinkSync(path, join(folder, 'ash'));
  return join(folder, 'ash');
}

async function withShell(shell: string, task: (sshd: Sshd, lab: Lab) => Promise<void>): Promise<void> {
  const sshd = await startSshd({ account: { shell } });
  const lab = await makeLab(sshd);
  try {
    await task(sshd, lab);
  } finally {
    await lab.dispose();
    await sshd.stop();
  }
}

const installed = shells.filter(({ name, path }) =>
  canRun(`the login shell ${name}`, { ok: path !== null, reason: `${name} is not installed` }),
);

describe.runIf(sshdRuns())('an account with the login shell', () => {
  it.each(installed)('$name runs what was judged', async ({ path }) => {
    await withShell(path ?? '', async (sshd, lab) => {
      const on = targetOf(sshd);
      const printed = async (words: readonly string[], cwd: string | null = null): Promise<string[]> =>
        textOf((await lab.exec(on, ['printf', '%s\\0', ...words], { cwd })).stdout)
          .split('\0')
          .slice(0, -1);

      expect(await printed(nastyWords)).toEqual(nastyWords);
      // Printable words travel in quotes, all others as octal: both ways are tried.
      const plain = nastyWords.filter((word) => /^[\x20-\x7e]*$/.test(word));
      expect(plain.length).toBeGreaterThan(60);
      expect(await printed(plain)).toEqual(plain);
      const each = plain.filter((word) => word.length < 20).slice(0, 12);
      expect(await Promise.all(each.map((word) => printed([word])))).toEqual(each.map((word) => [word]));

      const odd = join(folder, "it's ! a {a,b} $HOME\nfolder");
      mkdirSync(odd, { recursive: true });
      expect(await printed(['~', '*'], odd)).toEqual(['~', '*']);
      expect(textOf((await lab.exec(on, ['pwd', '-P'], { cwd: odd })).stdout)).toBe(`${odd}\n`);
      await failure(lab.exec(on, ['true'], { cwd: join(folder, 'none') }), 'FILE_NOT_FOUND');

      const line = `for i in 1 2; do\n  printf '%s-' "$i!"\ndone; printf '%s' 'a\\b' "$0" | cat; exit 7`;
      const outcome = await lab.exec(on, line);
      expect([textOf(outcome.stdout), outcome.exitCode]).toEqual(['1!-2!-a\\b/bin/sh', 7]);
    });
  });

  it('is not a shell at all: nothing runs, and the reason is told', async () => {
    await withShell('/usr/sbin/nologin', async (sshd, lab) => {
      await failure(lab.exec(targetOf(sshd), ['true']), 'UNSUPPORTED');
    });
  });
});
