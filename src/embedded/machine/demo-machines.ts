/** The three machines of the demo: two web servers, of which one refuses visitors, and a database. All of it is made up. */
import { FileTree } from './file-tree.ts';
import { type JournalEntry, log, type Machine, type Service } from './machine.ts';
import { accessLog, checkNginx, nginxConfiguration, shopSite } from './nginx-files.ts';

export const demoUser = 'deploy';
export const demoServerIds = ['web-1', 'web-2', 'db-1'] as const;
export type DemoServerId = (typeof demoServerIds)[number];

const minute = 60_000;
const hour = 60 * minute;

export function createDemoMachine(id: DemoServerId, nowMs: () => number): Machine {
  switch (id) {
    case 'web-1':
      return createWebServer({ hostname: 'web-1', workerConnections: 1024, addressEnd: 11 }, nowMs);
    case 'web-2':
      return createWebServer({ hostname: 'web-2', workerConnections: 256, addressEnd: 12 }, nowMs);
    case 'db-1':
      return createDatabaseServer(nowMs);
  }
}

function createWebServer(
  facts: { hostname: string; workerConnections: number; addressEnd: number },
  nowMs: () => number,
): Machine {
  const machine = createMachine(facts.hostname, nowMs, {
    total: 4096,
    used: facts.workerConnections < 512 ? 1310 : 1180,
  });
  const { rootFiles } = machine;
  put(rootFiles, '/etc/nginx/nginx.conf', nginxConfiguration(facts.workerConnections), demoUser);
  put(rootFiles, '/etc/nginx/sites-enabled/shop.conf', shopSite(facts.addressEnd), demoUser);
  put(rootFiles, '/srv/shop/release', '2026-11-18.2\n', demoUser);
  put(
    rootFiles,
    '/srv/shop/.env',
    'DATABASE_URL=postgres://shop:correct-horse-battery@10.0.0.21/shop\nSESSION_KEY=9c1f4e0b7a35d2\n',
    demoUser,
    0o600,
  );
  put(rootFiles, '/var/log/nginx/access.log', accessLog(nowMs(), facts.workerConnections < 512), 'root');

  /** What the running nginx was started with: a changed file counts after a restart or reload. */
  let effective = facts.workerConnections;
  const nginx: Service = {
    name: 'nginx',
    description: 'A high performance web server and a reverse proxy server',
    active: true,
    sinceMs: nowMs() - 26 * hour,
    mainPid: 812,
    memoryMiB: 34,
    checkConfiguration: ({ rootFiles: files }) => {
      const text = files.read('/etc/nginx/nginx.conf').toString();
      const complaint = checkNginx(text);
      if (complaint === null) effective = Number(/worker_connections\s+(\d+)\s*;/.exec(text)?.[1] ?? 512);
      return complaint;
    },
  };
  addServices(machine, [nginx, sshd(nowMs)]);
  if (facts.workerConnections < 512) {
    for (let ago = 42; ago > 0; ago -= 6) {
      addEntry(
        machine,
        ago,
        'nginx',
        812,
        `[alert] 812#812: ${facts.workerConnections} worker_connections are not enough`,
      );
      addEntry(
        machine,
        ago,
        'nginx',
        812,
        '[error] 812#812: *48120 could not accept a new connection, client: 203.0.113.9',
      );
    }
  } else addEntry(machine, 12, 'nginx', 812, '[notice] 812#812: signal process started');
  return {
    ...machine,
    load: () => (effective < 512 ? [3.91, 3.64, 3.2] : [0.42, 0.38, 0.4]),
    processes: () => [
      { pid: 1, user: 'root', cpuPercent: 0, memoryPercent: 0.3, residentKiB: 11_840, command: '/sbin/init' },
      {
        pid: 611,
        user: 'root',
        cpuPercent: 0,
        memoryPercent: 0.2,
        residentKiB: 8_912,
        command: 'sshd: /usr/sbin/sshd -D',
      },
      {
        pid: nginx.mainPid,
        user: 'root',
        cpuPercent: 0.1,
        memoryPercent: 0.4,
        residentKiB: 16_204,
        command: 'nginx: master process /usr/sbin/nginx',
      },
      {
        pid: nginx.mainPid + 1,
        user: 'www-data',
        cpuPercent: effective < 512 ? 91.4 : 6.2,
        memoryPercent: 0.9,
        residentKiB: 38_112,
        command: 'nginx: worker process',
      },
    ],
  };
}

function createDatabaseServer(nowMs: () => number): Machine {
  const machine = createMachine('db-1', nowMs, { total: 16_384, used: 11_206 });
  put(
    machine.rootFiles,
    '/etc/postgresql/15/main/postgresql.conf',
    "listen_addresses = '10.0.0.21'\nmax_connections = 200\nshared_buffers = 4GB\nlog_min_duration_statement = 500\n",
    demoUser,
  );
  put(
    machine.rootFiles,
    '/var/backups/shop-2026-11-20.sql.gz.sha256',
    '5f0c1b5f6f0cbb0f2a6f3c0a1c6dd4b8f7c1b2e3d4a5968778695a4b3c2d1e0f\n',
    'root',
  );
  const postgresql: Service = {
    name: 'postgresql',
    description: 'PostgreSQL RDBMS',
    active: true,
    sinceMs: nowMs() - 400 * hour,
    mainPid: 733,
    memoryMiB: 4210,
    checkConfiguration: () => null,
  };
  addServices(machine, [postgresql, sshd(nowMs)]);
  addEntry(machine, 31, 'postgresql', 733, 'LOG:  checkpoint complete: wrote 1204 buffers (0.2%)');
  addEntry(machine, 9, 'postgresql', 733, 'LOG:  duration: 812.044 ms  statement: SELECT * FROM carts WHERE expired');
  return {
    ...machine,
    load: () => [0.81, 0.77, 0.8],
    processes: () => [
      { pid: 1, user: 'root', cpuPercent: 0, memoryPercent: 0.1, residentKiB: 11_900, command: '/sbin/init' },
      {
        pid: postgresql.mainPid,
        user: 'postgres',
        cpuPercent: 2.1,
        memoryPercent: 25.7,
        residentKiB: 4_311_040,
        command: '/usr/lib/postgresql/15/bin/postgres',
      },
      {
        pid: 790,
        user: 'postgres',
        cpuPercent: 11.8,
        memoryPercent: 3.1,
        residentKiB: 520_112,
        command: 'postgres: shop shop 10.0.0.12(48112) SELECT',
      },
    ],
  };
}

function createMachine(hostname: string, nowMs: () => number, memoryMiB: { total: number; used: number }): Machine {
  const nowSeconds = (): number => Math.floor(nowMs() / 1000);
  const rootFiles = new FileTree('root', nowSeconds);
  const files = new FileTree(demoUser, nowSeconds, rootFiles.root);
  put(rootFiles, '/etc/hostname', `${hostname}\n`, 'root');
  put(
    rootFiles,
    '/etc/os-release',
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    'root',
  );
  put(
    rootFiles,
    '/etc/passwd',
    `root:x:0:0:root:/root:/bin/bash\n${demoUser}:x:1000:1000::/home/${demoUser}:/bin/bash\n`,
    'root',
  );
  put(rootFiles, '/etc/shadow', 'root:*:19700:0:99999:7:::\n', 'root', 0o640);
  put(
    rootFiles,
    `/home/${demoUser}/notes.txt`,
    'This is a simulated machine. Nothing here is real, so try anything.\n',
    demoUser,
  );
  rootFiles.makeFolder('/tmp', 0o777);
  rootFiles.makeFolder('/root', 0o700);
  return {
    hostname,
    user: demoUser,
    files,
    rootFiles,
    services: new Map(),
    journal: [] as JournalEntry[],
    disks: [
      {
        device: '/dev/vda1',
        type: 'ext4',
        sizeKiB: 41_152_736,
        usedKiB: hostname === 'db-1' ? 33_918_204 : 12_004_180,
        mount: '/',
      },
      { device: 'tmpfs', type: 'tmpfs', sizeKiB: 2_013_000, usedKiB: 1_204, mount: '/run' },
    ],
    memoryMiB,
    bootedAtMs: nowMs() - 412 * hour,
    load: () => [0.1, 0.1, 0.1],
    processes: () => [],
    nowMs,
    running: new Map(),
    nextPid: 4200,
  };
}

function addServices(machine: Machine, services: readonly Service[]): void {
  for (const service of services) machine.services.set(service.name, service);
}

function sshd(nowMs: () => number): Service {
  return {
    name: 'ssh',
    description: 'OpenBSD Secure Shell server',
    active: true,
    sinceMs: nowMs() - 412 * hour,
    mainPid: 611,
    memoryMiB: 9,
    checkConfiguration: () => null,
  };
}

function addEntry(machine: Machine, minutesAgo: number, unit: string, pid: number, text: string): void {
  log({ ...machine, nowMs: () => machine.nowMs() - minutesAgo * minute }, unit, pid, text);
}

/** Writes a file with its folders, as root, then hands it to its owner. */
function put(files: FileTree, path: string, content: string, owner: string, mode = 0o644): void {
  const parts = path.split('/').slice(1, -1);
  parts.reduce((folder, part) => {
    const next = `${folder}/${part}`;
    if (!files.exists(next)) files.makeFolder(next);
    return next;
  }, '');
  const folder = files.node(`/${parts.join('/')}`);
  const node = files.write(path, Buffer.from(content), mode);
  node.owner = owner;
  node.group = owner;
  // An atomic replace needs the folder too.
  if (owner !== 'root') Object.assign(folder, { owner, group: owner });
}
