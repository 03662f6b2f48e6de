/** The fixed list of commands that tell what a server is. Each only reads, and is judged by policy like any other command. */

export const probes = {
  system: ['uname', '-srm'],
  release: ['cat', '/etc/os-release'],
  init: ['ps', '-p', '1', '-o', 'comm='],
  /** Of these the first that is there is taken; `ls` names the others as missing. */
  packages: [
    'ls',
    '-d',
    '/usr/bin/apt-get',
    '/usr/bin/dnf',
    '/usr/bin/yum',
    '/usr/bin/zypper',
    '/usr/bin/pacman',
    '/sbin/apk',
    '/usr/sbin/pkg',
  ],
  services: [
    ...['systemctl', 'list-units', '--type=service', '--state=running'],
    ...['--no-legend', '--no-pager', '--plain'],
  ],
  memory: ['cat', '/proc/meminfo'],
  disks: ['df', '-P', '-k'],
  processors: ['nproc'],
  uptime: ['cat', '/proc/uptime'],
  clock: ['date', '+%s'],
  /** sshd sets it to what the account's record names, whatever shell this runs in. */
  shell: ['printenv', 'SHELL'],
  tools: ['which', 'timeout', 'env', 'setsid', 'sudo', 'getfacl'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ProbeName = keyof typeof probes;
export const probeNames = Object.keys(probes) as [ProbeName, ...ProbeName[]];

/** One that takes longer hangs on something; the fact is then unknown. */
export const probeTimeoutMs = 10_000;
