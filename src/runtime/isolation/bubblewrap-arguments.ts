/** The arguments that build an agent's world for bubblewrap: an allowlist. What is not named here does not exist for the agent. */
import { lstat, readlink } from 'node:fs/promises';
import type { SpawnSpec } from '../../core/ports.ts';

/** Programs and libraries of the system. On merged systems /bin and /lib* are links into /usr; then the links are made anew. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store'];

/** What name resolution, certificates, users' names and the dynamic linker need. No password hashes, no configuration of services. */
const systemFiles = [
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/ca-certificates.conf',
  '/etc/group',
  '/etc/host.conf',
  '/etc/hosts',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/mime.types',
  '/etc/nsswitch.conf',
  '/etc/os-release',
  '/etc/passwd',
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/protocols',
  '/etc/resolv.conf',
  '/etc/services',
  '/etc/ssl/cert.pem',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/timezone',
];

/**
 * Settings of the whole machine that root's number alone opens, whatever powers were dropped: one of them names a program that the
 * kernel runs as root. Everybody else cannot write them anyway.
 */
const kernelSettings = ['acpi', 'asound', 'bus', 'driver', 'fs', 'irq', 'mtrr', 'scsi', 'sys', 'sysrq-trigger'].map(
  (name) => `/proc/${name}`,
);

/** What differs with the network the agent gets. */
export interface WorldOptions {
  /** Options of bubblewrap itself: `--unshare-net`, or a user namespace of its own. */
  readonly extra: readonly string[];
  /** Where the file is that stands for /etc/resolv.conf; null for the machine's own. */
  readonly resolvFile: string | null;
}

const hostWorld: WorldOptions = { extra: [], resolvFile: null };

/** The order matters: a later mount covers an earlier one, so temporary folders come before what is bound inside of them. */
export async function toBubblewrapArguments(
  spec: SpawnSpec,
  { extra, resolvFile }: WorldOptions = hostWorld,
): Promise<readonly string[]> {
  const system = await Promise.all(systemFolders.map(toSystemFolder));
  return [
    ...extra,
    // Its own view of processes, of shared memory and of the machine's name; control groups where the kernel has them.
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    // Without a session of its own a process could type into the terminal that started it.
    ...['--new-session', '--die-with-parent'],
    // Started by root it would keep root's powers; files of other users stay closed to it like this.
    ...['--cap-drop', 'ALL'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/run', '--tmpfs', '/var/tmp'],
    ...(process.getuid?.() === 0 ? kernelSettings.flatMap((path) => ['--ro-bind-try', path, path]) : []),
    ...system.flat(),
    ...systemFiles.flatMap((path) => ['--ro-bind-try', toSource(path, resolvFile), path]),
    ...spec.readOnlyPaths.filter((path) => !isSystemPath(path)).flatMap((path) => ['--ro-bind', path, path]),
    // The trial run uses /tmp, which is there already and empty.
    ...[spec.home, spec.cwd].filter((path) => path !== '/tmp').flatMap((path) => ['--bind', path, path]),
    ...spec.readWritePaths.flatMap((path) => ['--bind', path, path]),
    // The empty root itself; what is bound on it keeps its own right to be written.
    ...['--remount-ro', '/', '--chdir', spec.cwd],
  ];
}

function toSource(path: string, resolvFile: string | null): string {
  return path === '/etc/resolv.conf' && resolvFile !== null ? resolvFile : path;
}

/** Whether it is there for every agent anyway. */
export function isSystemPath(path: string): boolean {
  return systemFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

async function toSystemFolder(path: string): Promise<readonly string[]> {
  try {
    const stat = await lstat(path);
    return stat.isSymbolicLink() ? ['--symlink', await readlink(path), path] : ['--ro-bind', path, path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
