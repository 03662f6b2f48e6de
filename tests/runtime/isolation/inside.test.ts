/** What a process that was started like an agent can reach, asked of that process itself: a table for each kind of network. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import {
  type Attempt,
  type Findings,
  operatorSecret,
  type ProbedMachine,
  startProbedMachine,
} from '../../fixtures/probed-machine.ts';

const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });
const wall = await isolation.available();
const own = await isolation.ownNetwork();

let machine: ProbedMachine;
beforeAll(async () => {
  machine = await startProbedMachine();
});
afterAll(() => machine.stop());

type Row = readonly [what: string, toAttempt: (machine: ProbedMachine) => Attempt];

const allowed: readonly Row[] = [
  ['reads its own AGENTS.md', ({ workFolder }) => ['read', join(workFolder, 'AGENTS.md')]],
  ['writes its work folder', ({ workFolder }) => ['write', join(workFolder, 'note')]],
  ['writes its own home', ({ paths }) => ['write', join(paths.agentsFolder, 'probe/home/token')]],
  ['writes a /tmp of its own', () => ['write', '/tmp/note']],
  ['reaches its own door', ({ toolSocket }) => ['connect', toolSocket]],
  ['reads certificates', () => ['list', '/etc/ssl/certs']],
];

const inHome = (name: string) => (machine: ProbedMachine) => ['read', join(machine.home, name)] as const;
const socket = (name: string) => (machine: ProbedMachine) => ['connect', join(machine.home, 'sockets', name)] as const;
const ours =
  (find: (paths: ProbedMachine['paths']) => string, kind = 'read') =>
  (machine: ProbedMachine) =>
    [kind, find(machine.paths)] as const;

const refused: readonly Row[] = [
  ['a private ssh key', inHome('.ssh/id_ed25519')],
  ['credentials of a cloud', inHome('.aws/credentials')],
  ['the tokens of another program', inHome('.config/gh/hosts.yml')],
  ['a file of another project', inHome('projects/other/secret.txt')],
  ['the profile of the shell', inHome('.profile')],
  ['the names in the home folder', ({ home }) => ['list', home]],
  ['the list of servers', ours((paths) => paths.serversFile)],
  ['the rules', ours((paths) => paths.policyFile)],
  ['a change of the rules', ours((paths) => paths.policyFile, 'write')],
  ['the list of agents', ours((paths) => paths.agentsFile)],
  ['a change of the settings', ours((paths) => paths.configFile, 'write')],
  ['the host keys', ours((paths) => paths.knownHostsFile, 'write')],
  ['the audit log', ours((paths) => join(paths.auditFolder, 'log.jsonl'))],
  ['a change of the audit log', ours((paths) => join(paths.auditFolder, 'log.jsonl'), 'write')],
  ['the key that signs the log', ours((paths) => paths.auditKeyFile)],
  ['recordings', ours((paths) => join(paths.recordingsFolder, 'a.cast'))],
  ['the transcript of its own session', ours((paths) => join(paths.sessionsFolder, 's1/transcript.jsonl'))],
  ['snapshots', ours((paths) => join(paths.snapshotsRepository, 'HEAD'))],
  ["the host's own log", ours((paths) => paths.hostLog)],
  ['the folder of another session', ours((paths) => join(paths.workFolder, 's2/note'))],
  ['a file in the folder of another session', ours((paths) => join(paths.workFolder, 's2/planted'), 'write')],
  ['the login of another agent', ours((paths) => join(paths.agentsFolder, 'other/home/token'))],
  ['the control socket', ours((paths) => paths.controlSocket, 'connect')],
  ['the door of another session', ours((paths) => join(paths.toolSocketsFolder, 's2.sock'), 'connect')],
  ['an ssh-agent', socket('agent.sock')],
  ['a D-Bus', socket('bus')],
  ['a tmux server', socket('tmux')],
  ['a Wayland display', socket('wayland-0')],
  ['an X11 display', socket('X0')],
  ['the D-Bus of the system', () => ['connect', '/run/dbus/system_bus_socket']],
  ['docker', () => ['connect', '/var/run/docker.sock']],
  ['what others keep in /tmp', () => ['list', '/tmp/.X11-unix']],
  ['password hashes', () => ['read', '/etc/shadow']],
  ['the rights of sudo', () => ['read', '/etc/sudoers']],
  ['settings of the ssh client', () => ['read', '/etc/ssh/ssh_config']],
  ['the number of this machine', () => ['read', '/etc/machine-id']],
  ['data of services', () => ['list', '/var/lib']],
  ['logs', () => ['list', '/var/log']],
  ['devices and kernel settings', () => ['list', '/sys/class']],
  ['a disk', () => ['read', '/dev/vda']],
  ['memory', () => ['read', '/dev/mem']],
  ['kernel messages', () => ['read', '/dev/kmsg']],
  ['the device for networks', () => ['read', '/dev/net/tun']],
  // One whose value is only a text, and which ignores what is no name.
  ['a change of a kernel setting', () => ['write', '/proc/sys/kernel/domainname']],
  ['a change of a kernel setting of the network', () => ['write', '/proc/sys/net/ipv4/ip_default_ttl']],
  ['orders to the kernel', () => ['write', '/proc/sysrq-trigger']],
  ['a planted program', () => ['write', '/usr/bin/planted']],
  ['a planted name', () => ['write', '/etc/hosts']],
  ['a file at the root', () => ['write', '/planted']],
  ['a signal to the host', () => ['signal', process.pid]],
  ['a signal to a process of the operator', ({ bystander }) => ['signal', bystander.pid]],
  ['the memory of the host', () => ['read', `/proc/${process.pid}/mem`]],
  ['the environment of the host', () => ['read', `/proc/${process.pid}/environ`]],
  ['files the host has open', () => ['list', `/proc/${process.pid}/fd`]],
  ['the folder of the host, through its process', () => ['list', `/proc/${process.pid}/root`]],
];

const local: readonly Row[] = [
  ['a listener on loopback', ({ ports }) => ['connect', { host: '127.0.0.1', port: ports.tcp4 }]],
  ['one it calls localhost', ({ ports }) => ['connect', { host: 'localhost', port: ports.tcp4 }]],
  ['one at another address of loopback', ({ ports }) => ['connect', { host: '127.1.2.3', port: ports.tcp4 }]],
  ['a listener on loopback of IPv6', ({ ports }) => ['connect', { host: '::1', port: ports.tcp6 ?? 9 }]],
  ['the same as a mapped address', ({ ports }) => ['connect', { host: '::ffff:127.0.0.1', port: ports.tcp4 }]],
  ['a listener for datagrams', ({ ports }) => ['datagram', { host: '127.0.0.1', port: ports.udp }]],
  ['an abstract socket', ({ abstractName }) => ['connect', abstractName]],
  ['an address that stands for this machine', ({ ports }) => ['connect', { host: '10.0.2.2', port: ports.tcp4 }]],
];

const networks = [
  ['own', { ok: wall.ok && own.ok, reason: own.reason }, local, 'isolated'],
  ['none', wall, local, 'isolated'],
  ['host', wall, [], 'isolated, host network'],
] as const;

describe.each(networks)('an agent with network "%s"', (network, state, unreachable, word) => {
  describe.runIf(canRun(`an agent with network "${network}"`, state))('from the inside', () => {
    const rows = [...allowed, ...refused, ...unreachable];
    let found: Findings;
    beforeAll(async () => {
      found = await machine.probe(
        isolation,
        network,
        rows.map(([, toAttempt]) => toAttempt(machine)),
      );
    });
    const resultOf = (row: Row): string | undefined => found.results[rows.indexOf(row)];

    it.each(allowed.map((row) => [row[0], row] as const))('%s', (_what, row) => {
      expect(resultOf(row)).toBe('reached');
    });

    it.each([...refused, ...unreachable].map((row) => [row[0], row] as const))('does not reach %s', (_what, row) => {
      expect(resultOf(row)).toMatch(
        /^(ENOENT|EACCES|EPERM|EROFS|ECONNREFUSED|ESRCH|ENETUNREACH|ETIMEDOUT|ENODEV|EHOSTUNREACH)$/,
      );
    });

    it('is called by its word', () => {
      expect(found.verdict.state).toBe(word);
    });

    it('leaves processes of the operator alive', () => {
      expect(machine.bystander.exitCode).toBeNull();
      expect(machine.bystander.signalCode).toBeNull();
    });

    it('sees processes of its own only, and the environment of none else', () => {
      expect(found.processes.length).toBeLessThan(8);
      expect(found.environments.join('\n')).not.toContain(operatorSecret);
    });

    it('gets no variable that opens anything', () => {
      const names = Object.keys(found.env);
      for (const name of [
        'SSH_AUTH_SOCK',
        'TMUX',
        'DBUS_SESSION_BUS_ADDRESS',
        'DISPLAY',
        'WAYLAND_DISPLAY',
        'AWS_PROFILE',
        'XDG_RUNTIME_DIR',
        'SECRET_OF_OPERATOR',
      ])
        expect(names).not.toContain(name);
      expect(found.env.HOME).toBe(join(machine.paths.agentsFolder, 'probe/home'));
      expect(found.cwd).toBe(machine.workFolder);
    });

    it('has no power, can get none, and leaves no core file', () => {
      for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
        expect(found.status).toMatch(new RegExp(`^${name}:\\s+0+$`, 'm'));
      expect(found.status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(found.status).toMatch(/^Seccomp:\s+2$/m);
      expect(found.limits).toMatch(/^Max core file size\s+0\s+0/m);
      expect(found.limits).toMatch(/^Max processes\s+\d+/m);
    });

    it('sees a root and devices of a few names', () => {
      expect(found.root).not.toContain('sys');
      expect(found.root).not.toContain('boot');
      expect(found.devices).not.toContain('net');
      expect(found.devices.length).toBeLessThan(20);
    });

    it.runIf(network !== 'host')('sees no network of the machine', () => {
      expect(found.abstract).not.toContain(machine.abstractName.slice(1));
      if (network === 'none') expect(found.interfaces.trim().split('\n').slice(2)).toHaveLength(1);
    });
  });
});

describe.runIf(canRun('the host network', wall))('the difference that the network makes', () => {
  it('is that loopback and abstract sockets are reached, which the verdict says', async () => {
    const { results, verdict } = await machine.probe(isolation, 'host', [
      ['connect', { host: '127.0.0.1', port: machine.ports.tcp4 }],
      ['connect', machine.abstractName],
    ]);
    expect(results).toEqual(['reached', 'reached']);
    expect(verdict.reason).toContain('can reach what listens on loopback and on abstract sockets');
  });
});
