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

/** The order matters: a later mount covers an earlier one, so temporary folders come before what is bound inside of them. */
export async function toBubblewrapArguments(spec: SpawnSpec): Promise<readonly string[]> {
  const system = await Promise.all(systemFolders.map(toSystemFolder));
  return [
    // Its own view of processes, of shared memory and of the machine's name; control groups where the kernel has them.
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    // Without a session of its own a process could type into the terminal that started it.
    ...['--new-session', '--die-with-parent'],
    // Started by root it would keep root's powers; files of other users stay closed to it like this.
    ...['--cap-drop', 'ALL'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/run', '--tmpfs', '/var/tmp'],
    ...system.flat(),
    ...systemFiles.flatMap((path) => ['--ro-bind-try', path, path]),
    ...spec.readOnlyPaths.filter(isOutsideSystem).flatMap((path) => ['--ro-bind', path, path]),
    // The trial run uses /tmp, which is there already and empty.
    ...[spec.home, spec.cwd].filter((path) => path !== '/tmp').flatMap((path) => ['--bind', path, path]),
    ...spec.readWritePaths.flatMap((path) => ['--bind', path, path]),
    // The empty root itself; what is bound on it keeps its own right to be written.
    ...['--remount-ro', '/', '--chdir', spec.cwd],
  ];
}

function isOutsideSystem(path: string): boolean {
  return !systemFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
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
