/** Argument lists, and of each word the part that must be gone, or null. */

export const argvCases: readonly (readonly [readonly string[], readonly (string | null)[]])[] = [
  [
    ['mysql', '-u', 'root', '-phunter2', 'app'],
    [null, null, null, 'hunter2', null],
  ],
  [
    ['sudo', 'mysqldump', '--password=hunter2', 'app'],
    [null, null, 'hunter2', null],
  ],
  [
    ['psql', '--password', 'x y'],
    [null, null, 'x y'],
  ],
  [
    ['/usr/bin/sshpass', '-p', 'hunter2', 'ssh', 'web'],
    [null, null, 'hunter2', null, null],
  ],
  [
    ['curl', '-u', 'me:hunter2', 'https://x'],
    [null, null, 'hunter2', null],
  ],
  [
    ['curl', '--user=me:hunter2', 'https://x'],
    [null, 'hunter2', null],
  ],
  [
    ['env', 'TOKEN=a b c', 'app'],
    [null, 'a b c', null],
  ],
  [
    ['openssl', 'rsa', '-passin', 'pass:hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['redis-cli', 'config', 'set', 'requirepass', 'hunter2'],
    [null, null, null, null, 'hunter2'],
  ],
  [
    ['rabbitmqctl', 'add_user', 'me', 'hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['htpasswd', '-nb', 'me', 'hunter2'],
    [null, null, null, 'hunter2'],
  ],
  [
    ['sh', '-c', 'PGPASSWORD=hunter2 psql'],
    [null, null, 'hunter2'],
  ],
  [
    ['podman', 'login', '-p', 'hunter2', 'r'],
    [null, null, null, 'hunter2', null],
  ],
  [
    ['docker', 'run', '-p', '80:80', 'nginx'],
    [null, null, null, null, null],
  ],
  [
    ['grep', '-r', 'password', '/etc/app'],
    [null, null, null, null],
  ],
  [
    ['mysql', '--password', '--host', 'db'],
    [null, null, null, null],
  ],
  [
    ['ls', '-la', '/etc/passwd'],
    [null, null, null],
  ],
  [
    ['systemctl', 'restart', 'token-service'],
    [null, null, null],
  ],
  [
    ['cargo', 'login', 'hunter2'],
    [null, null, 'hunter2'],
  ],
  [
    ['docker', 'exec', '-i', 'mysql', 'mysql', '-uroot', '-phunter2'],
    [null, null, null, null, null, null, 'hunter2'],
  ],
  [
    ['snmpget', '-v2c', '-c', 'hunter2', '10.0.0.1'],
    [null, null, null, 'hunter2', null],
  ],
  [
    ['sqlplus', 'scott/hunter2@orcl'],
    [null, 'hunter2@orcl'],
  ],
  [
    ['cargo', 'build', '--release'],
    [null, null, null],
  ],
  [
    ['nuget', 'restore', 'app.sln'],
    [null, null, null],
  ],
];
