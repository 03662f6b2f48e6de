/** What `doctor` says about isolation: each thing that is missing comes with the command or setting that brings it. */
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkContainment, findKernelRefusal, toInstaller } from '../../../src/cli/doctor/check-containment.ts';
import { canRun } from '../../fixtures/explain-skip.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-containment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onLinux = canRun('doctor about bubblewrap', { ok: process.platform === 'linux', reason: 'this is not Linux' });
const hasBubblewrap = canRun('doctor about networks', {
  ok: existsSync('/usr/bin/bwrap'),
  reason: 'no /usr/bin/bwrap',
});

function examine(config: object, programs: readonly string[] = []) {
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  for (const name of programs) symlinkSync(join('/usr/bin', name), join(folder, name));
  return checkContainment({ configFile }, { PATH: folder });
}

describe.runIf(onLinux)('doctor', () => {
  it.each([
    [{}, 'warn', /bubblewrap.* Until then agents run NOT CONTAINED/],
    [{ requireIsolation: true }, 'bad', /bubblewrap.* no agent starts, because config.json says "requireIsolation"/],
  ] as const)('without bubblewrap and with %j says %s', async (config, state, words) => {
    expect(await examine(config)).toEqual([
      { name: 'bubblewrap', state, detail: expect.stringContaining('bubblewrap'), next: expect.stringMatching(words) },
    ]);
  });

  it.runIf(hasBubblewrap).each([
    [{}, 'warn', /passt.* can reach what listens on this machine's loopback/],
    [{ network: 'own' }, 'bad', /passt.* no agent starts, because config.json says "network": "own"/],
  ] as const)('without pasta and with %j says %s', async (config, state, words) => {
    const [wall, network] = await examine(config, ['bwrap']);
    expect(wall?.state).toBe('ok');
    expect(network).toMatchObject({ name: 'agent network', state, next: expect.stringMatching(words) });
  });

  it.runIf(hasBubblewrap).each([
    ['host', "it is this machine's, as config.json says"],
    ['none', 'agents get none, as config.json says'],
  ])('says which network config.json gives to agents: %j', async (network, words) => {
    expect((await examine({ network }, ['bwrap']))[1]).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining(words),
    });
  });

  it('goes on with a config.json that is broken', async () => {
    expect((await examine({ requireIsolatio: true }))[0]?.state).toBe('warn');
  });
});

describe('a kernel that forbids user namespaces', () => {
  it.each([
    ['/proc/sys/kernel/unprivileged_userns_clone', '0\n', /sysctl kernel.unprivileged_userns_clone=1/],
    ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n', /bwrap-userns-restrict/],
    ['/proc/sys/user/max_user_namespaces', '0\n', /user.max_user_namespaces=15000/],
  ])('through %s is told how to allow them', async (setting, value, words) => {
    const read = async (path: string): Promise<string> => {
      if (path === setting) return value;
      throw new Error('ENOENT');
    };
    expect(await findKernelRefusal(read)).toMatch(words);
  });

  it('is not assumed', async () => {
    expect(await findKernelRefusal(() => Promise.reject(new Error('ENOENT')))).toBeNull();
    expect(await findKernelRefusal(async (path) => (path.includes('apparmor') ? '0\n' : '1\n'))).toBeNull();
  });
});

describe('the command that installs a package', () => {
  it.each([
    ['ID=debian\n', 'sudo apt-get install passt'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'sudo apt-get install passt'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'sudo dnf install passt'],
    ['ID=arch\n', 'sudo pacman -S passt'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'sudo zypper install passt'],
    ['ID=constructor\n', 'install with your package manager: passt'],
    ['', 'install with your package manager: passt'],
  ])('%j: %s', async (text, command) => {
    expect((await toInstaller(async () => text))('passt')).toBe(command);
  });
});
