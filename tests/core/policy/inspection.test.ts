/** Commands that inspect in other ways than by printing a file: what runs, with the words that we add, and the longer list of what asks. */
import { describe, expect, it } from 'vitest';
import { decideLine, decideWords } from './set-up.ts';

const allowed = `
diff -u /srv/a /srv/b
diff -rq /srv/a /srv/b
sort -k2,2n -t : /srv/a
uniq -c /srv/a
cut -d: -f1,3- /etc/passwd
strings -n 8 /srv/a
od -A x -t x1z -N 64 /srv/a
file -b /srv/a
zcat /var/log/syslog.2.gz
lsblk -o NAME,SIZE
lsblk /dev/sda
findmnt -t ext4
mount
swapon --show
getent passwd deploy
test -f /srv/a
tree -L 2 /srv
echo it works
timedatectl
hostnamectl status
loginctl list-sessions
vmstat 1 5
iostat -x 2 10
lsof -i :443
lsof -p 1,2
lsof /var/log/syslog
pgrep -af nginx
top -bn1
dpkg -S /usr/sbin/nginx
rpm -qf /usr/sbin/nginx
rpm -qa --last
apt-cache policy nginx
apt list --installed
`
  .trim()
  .split('\n');

const refused = `
diff /srv/shadow /etc
diff /etc /srv/shadow
diff /srv/shadow /etc/
diff /srv/a
diff /srv/a /srv/b /srv/c
diff -r /srv /etc
diff --from-file=/etc/shadow /srv/a /srv/b
diff -X /etc/shadow /srv/a /srv/b
diff -l /srv/a /srv/b
diff --recurs /srv/a /srv/b
cmp /srv/a
cmp /srv/a -
sort -o /srv/b /srv/a
sort -uo/srv/b /srv/a
sort -T /srv /srv/a
sort --compress-program=id /srv/a
sort --files0-from=/srv/a
sort -k 2,/etc/shadow /srv/a
sort
uniq /srv/a /srv/b
uniq -c /srv/a /srv/b
cut -d: -f2 /etc/shadow
strings @/srv/options
strings -T /srv/a
od /etc/shadow
hexdump -f /srv/a /srv/b
file -f /srv/names
file -C -m /srv/a
file -z /srv/a.gz
file -m /srv/a /srv/b
zcat /etc/shadow
zcat /root/.ssh/id_rsa.gz
zgrep -f /etc/shadow /srv/a.gz
zgrep -e x /srv/a.gz
zgrep x
zgrep -r x /srv
lscpu -s /srv
lsblk --sysroot /srv
lspci -q
lspci -F /srv/a
findmnt -p
findmnt --poll
findmnt -F /srv/a
mount /dev/sda1 /mnt
mount -a
mount -o remount,rw /
mount --bind /srv /mnt
swapon
swapon -a
swapon /srv/swap
getent shadow
getent hosts example.org
getent ahosts example.org
getent -s dns passwd
getent
test -f /etc/shadow
test -f /srv/a -o -f /srv/b
test /srv/a -nt /srv/b
tree -o /srv/out /srv
tree -R -H . -L 1 /srv
tree -l /srv
tree /
tree --fromfile /srv/a
timedatectl set-time 10:00
timedatectl set-timezone UTC
timedatectl -H web-2 status
hostnamectl set-hostname x
hostnamectl hostname x
loginctl terminate-user deploy
loginctl kill-session 1
vmstat 1
vmstat 1 100000
vmstat 100000 2
iostat 5
iostat -o JSON 1
sar -o /srv/out 1 5
sar -f /srv/a
mpstat 1
lsof -r 5
lsof +r5
lsof +D /
lsof -D b/srv/cache
lsof -i @host.example.org
lsof -i TCP@host:80
lsof -k /srv/a
netstat -c
netstat --continuous
dmesg -C
dmesg -c
dmesg --clear
dmesg -w
dmesg -F /srv/a
dmesg -n 1
pgrep -F /etc/shadow
pgrep --signal 9 x
pstree -Z
top -b
top -n 1
top -b -n 1000
top -bn1 -U x
lastlog -C -u deploy
lastlog -S -u deploy
dpkg -i /srv/a.deb
dpkg -l --pre-invoke=id
dpkg -P nginx
dpkg --unpack /srv/a.deb
dpkg -l -s nginx
dpkg --configure -a
dpkg-query -W -f x
rpm -i /srv/a.rpm
rpm -iq /srv/a.rpm
rpm -e nginx
rpm -q --pipe id nginx
rpm -qp /srv/a.rpm
rpm -q --eval x
rpm -U /srv/a.rpm
rpm -V nginx
rpm --import /srv/key
rpm -qf /etc/shadow
apt install nginx
apt -o Dpkg::Pre-Invoke::=id list
apt full-upgrade
apt-cache -c /srv/a show nginx
apt-cache gencaches
which /srv/a
whereis -f -B /srv x
`
  .trim()
  .split('\n');

describe('inspection', () => {
  it('has more refused forms than allowed ones', () => {
    expect(refused.length).toBeGreaterThan(3 * allowed.length);
  });

  it.each(allowed)('runs at once: %s', (line) => {
    expect(decideLine(line).outcome, decideLine(line).reason).toBe('auto-allow');
  });

  it.each(refused)('waits for a person: %s', (line) => {
    expect(decideLine(line).outcome).not.toBe('auto-allow');
  });

  it.each([
    ['lsof -i', ['lsof', '-n', '-i']],
    ['netstat -tl', ['netstat', '-n', '-tl']],
    ['dmesg -H', ['dmesg', '--nopager', '-H']],
    ['journalctl -u nginx', ['journalctl', '--lines=1000', '--no-pager', '-u', 'nginx']],
    ['zgrep x -i /srv/a.gz', ['zgrep', '-i', '--', 'x', '/srv/a.gz']],
  ])('%s runs with what we add', (line, argv) => {
    expect(decideLine(line).argv).toEqual(argv);
  });

  it('leaves secret names out of a recursive comparison', () => {
    const { argv } = decideLine('diff -r /srv/a /srv/b');
    expect(argv?.slice(0, 2)).toEqual(['diff', '-r']);
    expect(argv).toContain('--exclude=.[sS][sS][hH]');
    expect(argv?.slice(-3)).toEqual(['--', '/srv/a', '/srv/b']);
  });

  it.each([[['strings', '@/srv/options']], [['zgrep', 'x', '--', '-f/etc/shadow']], [['echo', 'a\nb']]])(
    '%j waits as an argv, too',
    (argv) => {
      expect(decideWords(argv).outcome).not.toBe('auto-allow');
    },
  );
});
