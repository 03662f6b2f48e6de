/** Looks at what isolates agents on this machine: the wall, the kernel's leave for it, and a network of its own. It starts no agent. */
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import { createIsolation } from '../../runtime/isolation/create-isolation.ts';
import { readSettings, type Settings } from '../../runtime/settings.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export async function checkContainment(
  paths: Pick<Paths, 'configFile'>,
  env: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const isolation = createIsolation({ platform: process.platform, searchPath: env.PATH ?? '' });
  const [wall, settings, install] = await Promise.all([isolation.available(), readOwnSettings(paths), toInstaller()]);
  const name = process.platform === 'darwin' ? 'sandbox-exec' : 'bubblewrap';
  if (!wall.ok) {
    const kernel = await findKernelRefusal();
    const missing = wall.reason.includes('install the package');
    const how = kernel ?? (missing ? `Run \`${install('bubblewrap')}\`.` : 'See the sentence.');
    const said = settings?.requireIsolation
      ? bad(name, wall.reason, `${how} Until then no agent starts, because config.json says "requireIsolation".`)
      : warn(name, wall.reason, `${how} Until then agents run NOT CONTAINED: they can read your files and keys.`);
    return [said];
  }
  const found = ok(name, `isolates agents (${wall.reason})`);
  const network = await isolation.ownNetwork();
  if (settings?.network === 'host')
    return [found, ok('agent network', 'it is this machine\'s, as config.json says ("network": "host")')];
  if (settings?.network === 'none')
    return [found, ok('agent network', 'agents get none, as config.json says ("network": "none")')];
  if (network.ok) return [found, ok('agent network', `agents get their own (${network.reason})`)];
  const demanded = settings?.network === 'own';
  const how = process.platform === 'linux' ? toNetworkHelp(network.reason, install) : 'Nothing to do on this system.';
  const next = demanded
    ? `${how} Until then no agent starts, because config.json says "network": "own".`
    : `${how} Until then isolated agents can reach what listens on this machine's loopback.`;
  return [found, (demanded ? bad : warn)('agent network', `it is this machine's: ${network.reason}`, next)];
}

function toNetworkHelp(reason: string, install: Installer): string {
  if (reason.includes('/dev/net/tun') || reason.includes('tun socket')) {
    return 'Make /dev/net/tun readable and writable for you (its mode is 0666 on most systems).';
  }
  return reason.startsWith('neither') ? `Run \`${install('passt')}\`.` : 'See the sentence.';
}

const kernelSettings = [
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    refuses: '0',
    how: 'Run `sudo sysctl kernel.unprivileged_userns_clone=1` (and put it in /etc/sysctl.d to keep it).',
  },
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    refuses: '1',
    how:
      'This system lets only programs with an AppArmor profile make user namespaces: install the package "apparmor-profiles" and ' +
      'enable its profile bwrap-userns-restrict, or run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`.',
  },
  {
    path: '/proc/sys/user/max_user_namespaces',
    refuses: '0',
    how: 'Run `sudo sysctl user.max_user_namespaces=15000` (and put it in /etc/sysctl.d to keep it).',
  },
] as const;

/** What to do about the first setting of the kernel that forbids user namespaces; null when none does. */
export async function findKernelRefusal(
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
): Promise<string | null> {
  for (const { path, refuses, how } of kernelSettings) {
    const value = await read(path).catch(() => null);
    if (value?.trim() === refuses) return how;
  }
  return null;
}

type Installer = (name: string) => string;

const managers: Readonly<Record<string, string>> = {
  debian: 'sudo apt-get install',
  fedora: 'sudo dnf install',
  rhel: 'sudo dnf install',
  arch: 'sudo pacman -S',
  alpine: 'sudo apk add',
  suse: 'sudo zypper install',
};

/** The command of this system's package manager, after ID and ID_LIKE of os-release(5). */
export async function toInstaller(
  read: () => Promise<string> = () => readFile('/etc/os-release', 'utf8'),
): Promise<Installer> {
  const text = await read().catch(() => '');
  const ids = [...text.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => (match[1] ?? '').split(' '));
  const known = ids.find((id) => Object.hasOwn(managers, id));
  const manager = known === undefined ? 'install with your package manager:' : managers[known];
  return (name) => `${manager} ${name}`;
}

/** A broken config.json is a finding of its own. */
async function readOwnSettings(paths: Pick<Paths, 'configFile'>): Promise<Settings | null> {
  try {
    return await readSettings(paths.configFile);
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}
