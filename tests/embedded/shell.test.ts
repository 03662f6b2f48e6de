/** The simulated shell: what the demo and the launch form rely on, and that it says so when something is not simulated. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createDemoMachine, demoUser } from '../../src/embedded/machine/demo-machines.ts';
import type { Machine } from '../../src/embedded/machine/machine.ts';
import { fileCommands } from '../../src/embedded/shell/file-commands.ts';
import { Interpreter } from '../../src/embedded/shell/interpreter.ts';
import { serviceCommands } from '../../src/embedded/shell/service-commands.ts';
import { systemCommands } from '../../src/embedded/shell/system-commands.ts';
import { textCommands } from '../../src/embedded/shell/text-commands.ts';
import { toLaunchCommand } from '../../src/runtime/ssh/launch.ts';

let machine: Machine;

beforeEach(() => {
  machine = createDemoMachine('web-2', () => Date.UTC(2026, 10, 20, 9, 30));
});

async function sh(line: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const interpreter = new Interpreter(machine, {
    ...textCommands,
    ...fileCommands,
    ...serviceCommands,
    ...systemCommands,
  });
  const status = await interpreter.run(line, {
    cwd: `/home/${demoUser}`,
    variables: new Map(),
    parameters: [],
    pid: 4711,
    status: 0,
    stdin: Buffer.alloc(0),
    signal: new AbortController().signal,
    depth: 0,
    out: (stream, text) => void output[stream].push(Buffer.from(text as string)),
  });
  return { status, stdout: Buffer.concat(output.stdout).toString(), stderr: Buffer.concat(output.stderr).toString() };
}

const lines: [line: string, stdout: string, status: number][] = [
  ['echo one "two  three"', 'one two  three\n', 0],
  ['echo a; echo b && false || echo c', 'a\nb\nc\n', 0],
  ["printf 'b\\na\\nb\\n' | sort | uniq -c", '      1 a\n      2 b\n', 0],
  ['cat /etc/hostname | wc -c', '6\n', 0],
  ['grep -n worker_connections /etc/nginx/nginx.conf', '6:    worker_connections 256;\n', 0],
  [
    'grep -rnIE --null -e worker_c -- /etc/nginx/nginx.conf',
    '/etc/nginx/nginx.conf\x006:    worker_connections 256;\n',
    0,
  ],
  ['grep -c nothing /etc/nginx/nginx.conf', '0\n', 1],
  ['cd /etc && pwd', '/etc\n', 0],
  ['head -n 1 /etc/nginx/nginx.conf', 'user www-data;\n', 0],
  ['tail -1 /etc/nginx/nginx.conf', '}\n', 0],
  ['echo kept > /tmp/x; cat /tmp/x; echo more >> /tmp/x; wc -l /tmp/x', 'kept\n2 /tmp/x\n', 0],
  ['if [ -d /etc ]; then echo folder; else echo no; fi', 'folder\n', 0],
  ['for name in a b; do echo "<$name>"; done', '<a>\n<b>\n', 0],
  ['echo $(echo inner) $?', 'inner 0\n', 0],
  ['ls /etc/nginx', 'nginx.conf\nsites-enabled\n', 0],
  ['id -u; id -G', '1000\n1000\n', 0],
  ['[ -w /etc/nginx ] && echo yes; [ -w /etc ] || echo no', 'yes\nno\n', 0],
  ['systemctl is-active nginx', 'active\n', 0],
  ['find /etc/nginx -name "*.conf"', '/etc/nginx/nginx.conf\n/etc/nginx/sites-enabled/shop.conf\n', 0],
];

describe('the simulated shell', () => {
  it.each(lines)('%s', async (line, stdout, status) => {
    expect(await sh(line)).toMatchObject({ stdout, status });
  });

  const refused: [line: string, stderr: RegExp, status: number][] = [
    ['cat /etc/shadow', /Permission denied/, 1],
    ['cat /nowhere', /No such file or directory/, 1],
    ['ls /root', /Permission denied/, 2],
    ['rm /etc/hostname', /Permission denied/, 1],
    ['dance', /command not found .*simulated/, 127],
    ['while true; do echo x; done', /not simulated/, 2],
    ['echo "unfinished', /syntax error/, 2],
    ['systemctl restart dancing', /not found/, 5],
    ['nginx -s stop', /simulated/, 1],
  ];
  it.each(refused)('%s is refused as on a real machine', async (line, stderr, status) => {
    const result = await sh(line);
    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(stderr);
  });

  it.each([
    ['plain words', ['echo', 'a b', "it's", '$HOME', '*'], "a b it's $HOME *\n"],
    ['letters beyond ASCII and line feeds', ['echo', 'grün', 'a\nb', 'back\\slash!'], 'grün a\nb back\\slash!\n'],
  ])('understands the launch form with %s', async (_title, argv, expected) => {
    const { stdout, status } = await sh(toLaunchCommand({ form: 'argv', argv }, '/etc', 5));
    expect(stdout).toBe(`signalbox-launch:4711 \n${expected}`);
    expect(status).toBe(0);
  });

  it('tells a missing folder of the launch form apart', async () => {
    expect((await sh(toLaunchCommand({ form: 'argv', argv: ['pwd'] }, '/nowhere'))).stdout).toBe(
      'signalbox-launch:no-folder\n',
    );
  });

  it('heals when the configuration is mended and the service restarted', async () => {
    expect((await sh('uptime')).stdout).toContain('load average: 3.91');
    const conf = machine.files.read('/etc/nginx/nginx.conf').toString();
    machine.files.write('/etc/nginx/nginx.conf', Buffer.from(conf.replace('256', '1024')));
    expect((await sh('uptime')).stdout).toContain('load average: 3.91');
    expect((await sh('nginx -t && systemctl restart nginx')).status).toBe(0);
    expect((await sh('uptime')).stdout).toContain('load average: 0.42');
  });

  it('does not start a service whose configuration is broken', async () => {
    machine.files.write('/etc/nginx/nginx.conf', Buffer.from('events {\n'));
    expect(await sh('systemctl restart nginx')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('expecting "}"'),
    });
    expect((await sh('systemctl is-active nginx')).stdout).toBe('inactive\n');
  });
});
