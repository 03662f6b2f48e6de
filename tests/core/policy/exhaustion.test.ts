/** Lines that would take the server's memory, flood the line, never end, take what others wait for, or ask another machine. */
import { describe, expect, it } from 'vitest';
import { isHeavyPattern } from '../../../src/core/policy/heavy-pattern.ts';
import { decideLine, decideWords } from './set-up.ts';

const refused = `
grep -E '((x{1,255}){1,255}){1,255}' /srv/a
grep -E 'x{1,32000}' /srv/a
grep -E '(x{1,300}){1,300}' /srv/a
grep -E '((a{99}){99}){99}' /srv/a
grep '\\(x\\{1,255\\}\\)\\{1,255\\}' /srv/a
grep -e ok -e '(x{200}){200}' /srv/a
grep -rE '(x{200}){200}' /srv/app
grep --regexp='(x{200}){200}' /srv/a
egrep '(x{200}){200}' /srv/a
grep -P '(x{200}){200}' /srv/a
zgrep -E '(x{200}){200}' /srv/a.gz
pgrep -f '((x{1,255}){1,255}){1,255}'
find /srv -regextype posix-extended -regex '((x{1,255}){1,255}){1,255}'
find /srv -iregex '(x\\{1,255\\}\\)\\{1,255\\}'
find /srv -printf '%999999999p'
find /srv -printf '%-99999p'
stat -c '%999999999n' /srv/a
stat --format=%09999999n /srv/a
stat --printf '%99999s' /srv/a
date '+%999999999Y'
date '+%_99999999d'
nl -w 99999999 /srv/a
diff -y -W 99999999 /srv/a /srv/b
cat /run/initctl
cat /run/systemd/sessions/3.ref
cat /var/run/systemd/inhibit/1.ref
cat /run/app/queue.fifo
cat /run/app/queue.pipe
cat /proc/net/rpc/nfsd.fh/channel
cat /proc/1/net/rpc/auth.unix.ip/channel
cat /sys/kernel/tracing/per_cpu/cpu0/trace_pipe
cat /sys/kernel/tracing/instances/a/trace_pipe_raw
cat /sys/kernel/security/apparmor/revision
cat /sys/bus/pci/devices/0000:00:1f.2/vpd
cat /sys/devices/pci0000:00/0000:00:1f.2/resource0
od -c /sys/devices/pci0000:00/0000:00:02.0/rom
hexdump -C /sys/bus/pci/devices/0000:00:02.0/config
ls /net/collector.example.org
cat /net/collector.example.org/a
find /net/10.9.9.9 -name a
stat /net/collector.example.org/a
test -e /net/collector.example.org/a
ls /afs/example.org
df /dev/watchdog
lsof /dev/watchdog0
lsblk /dev/watchdog
df /dev/st0
df /dev/nst0a
df /dev/ttyS0
stat /dev/ttyUSB0
df watchdog
date -d 'TZ="/dev/watchdog" now'
date --date='TZ="/srv/fifo" 2026-01-01'
date -d 'TZ="../../../dev/watchdog" now'
find /srv -newermt 'TZ="/dev/watchdog" 2026-01-01'
find /srv -newerat 'TZ="/srv/fifo" now'
find /srv ! -newerct 'TZ=":/dev/watchdog" now'
ls -l --time-style=+%9999999999s /srv
ls --time-style '+%Y%99999Y' /srv
cat /proc/bus/pci/00/00.0
ls -R /proc/1
find /proc/self -name environ
find /proc/thread-self/task -name mem
du -s /proc/1
tree /proc/1
df /net/collector.example.org
lsof /net/collector.example.org/a
cat /proc/kcore
strings /proc/1/mem
strings /proc/vmcore
strings /var/crash/vmcore.1
strings /var/lib/systemd/coredump/core.sshd.zst
strings /srv/core.1234
cat /var/cache/debconf/passwords.dat
cat /var/log/installer/cdebconf/questions.dat
cat /root/anaconda-ks.cfg
cat /var/lib/docker/containers/abc/config.v2.json
cat /var/lib/rabbitmq/.erlang.cookie
cat /tmp/krb5cc_1000
cat /srv/app/secrets/db
cat /run/cloud-init/instance-data-sensitive.json
`
  .trim()
  .split('\n');

const allowed = `
grep -E '[0-9]{1,3}(\\.[0-9]{1,3}){3}' /srv/a
grep -E '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}' /srv/a
grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}' /srv/a
grep -F '{"a":1}' /srv/a
grep -E 'a{64}' /srv/a
stat -c '%-20n %8s' /srv/a
date '+%s %03d %Y-%m-%d'
find /srv -printf '%10s %p'
cat /sys/class/net/eth0/address
cat /proc/net/dev
ls /net
df /dev/sda1
lsblk /dev/nvme0n1
ls -l /dev/kvm
test -e /dev/net/tun
date -d '2026/01/01 10:00:00 +0100' +%s
date -d '@1700000000'
date -d '2 days ago' +%F
find /srv -newermt '2026-01-01 10:00'
ls -l --time-style=+%Y-%m-%dT%H:%M:%S /srv
find /proc/sys -name somaxconn
ls /sys/bus/pci/devices
`
  .trim()
  .split('\n');

describe('lines that cost too much', () => {
  it.each(refused)('wait for a person: %s', (line) => {
    expect(decideLine(line, { cwd: '/dev' }).outcome).toBe('approval-required');
  });

  it.each(allowed)('are not those: %s', (line) => {
    expect(decideLine(line).outcome, decideLine(line).reason).toBe('auto-allow');
  });

  it.each([
    ['', false],
    ['{', false],
    ['{1', false],
    ['a{255}', false],
    ['a{256}', true],
    ['a{1,}', false],
    ['a{,300}', true],
    ['(a{100}){100}', false],
    ['(a{101}){100}', true],
    ['{'.repeat(4000), false],
  ])('counts the repetitions of %j', (pattern, isHeavy) => {
    expect(isHeavyPattern(pattern)).toBe(isHeavy);
  });
});

describe('options behind operands', () => {
  // Where POSIXLY_CORRECT is set, and on systems without GNU's reading, they are operands: uniq would write to a file called -c.
  it.each([
    ['uniq /srv/a -c', ['uniq', '-c', '--', '/srv/a']],
    ['tail /srv/a -n 5', ['tail', '-n', '5', '--', '/srv/a']],
    ['grep /srv/a -e b', ['grep', '-e', 'b', '--', '/srv/a']],
    ['grep a /srv/b -in', ['grep', '-i', '-n', '--', 'a', '/srv/b']],
    ['sort /srv/a -k2', ['sort', '-k2', '--', '/srv/a']],
    ['cat -n /srv/a', ['cat', '-n', '/srv/a']],
    ['cat /srv/a -- -n', null],
    ['strings /srv/a', ['strings', '-a', '/srv/a']],
  ])('%s runs in an order that everybody reads alike', (line, argv) => {
    const decision = decideLine(line);
    if (argv === null) expect(decision.outcome).toBe('approval-required');
    else expect([decision.outcome, decision.argv]).toEqual(['auto-allow', argv]);
  });

  it('leaves the words of echo where they are', () => {
    expect(decideWords(['echo', 'a', '-n']).argv).toEqual(['echo', 'a', '-n']);
  });
});
