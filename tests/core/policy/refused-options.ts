/** Lines refused for an option, operand or path of a command that is allowed otherwise. */
import { toPairs } from './pairs.ts';

export const refusedOptions = toPairs(`
cat --show => command.cat.option
cat -Q /srv/a => command.cat.option
cat -nQ /srv/a => command.cat.option
cat --number=1 /srv/a => command.cat.option
cat '' => command.cat.operand
ls --colo=never => command.ls.option
ls --color=sometimes => command.ls.option
ls --dired => command.ls.option
head -n /srv/a => command.head.option
tail -f /srv/a => command.tail.option
tail -F /srv/a => command.tail.option
tail -n5f /srv/a => command.tail.option
tail -5f /srv/a => command.tail.option
tail -nf /srv/a => command.tail.option
tail -fn 5 /srv/a => command.tail.option
tail --follow /srv/a => command.tail.option
tail --fol /srv/a => command.tail.option
tail --retry /srv/a => command.tail.option
tail --pid=1 /srv/a => command.tail.option
tail +5f /srv/a => command.tail.operand
wc --files0-from=/srv/a => command.wc.option
wc --files0=/srv/a => command.wc.option
du --files0-from=- => command.du.option
du -X /srv/a /srv => command.du.option
du -L /srv => command.du.option
du -sh / => path.broad-recursion
grep => command.grep.operand
grep -f /srv/a /srv/b => command.grep.option
grep --file=/srv/a /srv/b => command.grep.option
grep -R foo /srv => command.grep.option
grep --dereference-recursive foo /srv => command.grep.option
grep -d recurse foo /srv => command.grep.option
grep --directories=recurse foo /srv => command.grep.option
grep --exclude-from=/srv/a foo /srv => command.grep.option
grep --recurs foo /srv => command.grep.option
grep -r foo / => path.broad-recursion
grep -r foo /etc => path.broad-recursion
grep -r foo /etc/ => path.broad-recursion
grep -r foo /etc/. => path.broad-recursion
grep -r foo /srv/.. => path.broad-recursion
grep -r foo /home => path.broad-recursion
grep -rn foo /root => path.broad-recursion
grep -r foo /proc => path.broad-recursion
grep -r foo /sys/class => path.broad-recursion
grep -r foo => path.relative
grep -r foo . => path.relative
grep -r foo /home/a/.ssh => floor.sensitive-path
grep foo /etc/shadow => floor.sensitive-path
find / -name a => path.broad-recursion
find /etc -name a => path.broad-recursion
find -name a => path.relative
find /srv -exec rm {} + => floor.write
find /srv -exec rm '{}' ';' => floor.write
find /srv -exec cat '{}' + => wrapper.find
find /srv -execdir id ';' => wrapper.find
find /srv -ok rm '{}' ';' => floor.write
find /srv -okdir id ';' => wrapper.find
find /srv -delete => floor.write
find /srv -name a -delete => floor.write
find /srv -fprint /srv/a => floor.write
find /srv -fprint0 /srv/a => floor.write
find /srv -fprintf /srv/a %p => floor.write
find /srv -fls /srv/a => floor.write
find -L /srv => command.find.option
find /srv -follow => command.find.option
find -files0-from /srv/a => command.find.option
find -D exec /srv => command.find.option
find /srv -name => command.find.option
find /srv -size 1x => command.find.option
find /srv foo -name a bar => command.find.option
find /srv -name a /etc => command.find.option
find /srv -newer /etc/shadow => floor.sensitive-path
find /root/.ssh => floor.sensitive-path
ls -R / => path.broad-recursion
ls -laR /etc => path.broad-recursion
ps e => command.ps.operand
ps auxe => command.ps.operand
ps eww => command.ps.operand
ps axe => command.ps.operand
ps -auxe => command.ps.option
ps -o environ => command.ps.option
ps -eo pid,environ => command.ps.option
ps -e -u nobody => command.ps.option
ps -uaxe => command.ps.option
ps --forma pid => command.ps.option
ps -E => command.ps.option
free -s 1 => command.free.option
free -s1 => command.free.option
free -c 5 => command.free.option
date 010100002030 => command.date.operand
date -s tomorrow => command.date.option
date --set=tomorrow => command.date.option
date -us tomorrow => command.date.option
date -f /srv/a => command.date.option
date --file=/srv/a => command.date.option
date -r /etc/shadow => floor.sensitive-path
hostname web-9 => command.hostname.operand
hostname -F /srv/a => command.hostname.option
hostname -b web-9 => command.hostname.option
uname foo => command.uname.operand
printenv => command.printenv.operand
printenv AWS_SECRET_ACCESS_KEY => command.printenv.operand
systemctl restart nginx => command.systemctl.operand
systemctl daemon-reload => command.systemctl.operand
systemctl cat nginx => command.systemctl.operand
systemctl statu nginx => command.systemctl.operand
systemctl show nginx => command.systemctl.option
systemctl show nginx -p Environment => command.systemctl.option
systemctl show nginx -p MainPID,Environment => command.systemctl.option
systemctl -H web-2 status => command.systemctl.option
systemctl -M c status => command.systemctl.option
systemctl --root=/srv status => command.systemctl.option
systemctl -qH web-2 status => command.systemctl.option
systemctl is-system-running --wait => command.systemctl.option
systemctl set-environment A=1 => command.systemctl.operand
journalctl => command.journalctl.form
journalctl -u nginx => command.journalctl.form
journalctl -f => command.journalctl.option
journalctl -fn 5 => command.journalctl.option
journalctl -n 5 -f => command.journalctl.option
journalctl --follow => command.journalctl.option
journalctl --foll -n 5 => command.journalctl.option
journalctl -n all => command.journalctl.operand
journalctl --lines=all => command.journalctl.option
journalctl --vacuum-size=1M => command.journalctl.option
journalctl --rotate => command.journalctl.option
journalctl --flush => command.journalctl.option
journalctl -D /srv -n 5 => command.journalctl.option
journalctl --file=/srv/a -n 5 => command.journalctl.option
journalctl --cursor-file=/srv/a -n 5 => command.journalctl.option
journalctl -n 5 /usr/sbin/nginx => command.journalctl.operand
ss -K => command.ss.option
ss -tK => command.ss.option
ss -D /srv/a => command.ss.option
ss -F /srv/a => command.ss.option
ss -E => command.ss.option
ss -N ns => command.ss.option
ip link set eth0 down => command.ip.operand
ip link s eth0 up => command.ip.operand
ip addr add 10.0.0.1/8 dev eth0 => command.ip.operand
ip addr flush dev eth0 => command.ip.operand
ip route del default => command.ip.operand
ip netns exec a sh => command.ip.operand
ip -b /srv/a => command.ip.operand
ip -batch /srv/a => command.ip.operand
ip -n a addr => command.ip.operand
ip monitor => command.ip.operand
ip addr show -b => command.ip.operand
who /srv/wtmp => command.who.operand
last -f /srv/wtmp => command.last.option
readlink => command.readlink.operand
sha256sum -c /srv/a => command.sha256sum.option
sha256sum --check /srv/a => command.sha256sum.option
cat /etc/shadow => floor.sensitive-path
cat //etc///shadow => floor.sensitive-path
cat /etc/./shadow => floor.sensitive-path
cat /srv/../etc/shadow => floor.sensitive-path
cat /etc/shadow- => floor.sensitive-path
cat /etc/gshadow => floor.sensitive-path
cat /etc/sudoers => floor.sensitive-path
cat /etc/ssh/ssh_host_ed25519_key => floor.sensitive-path
cat /root/.ssh/id_rsa => floor.sensitive-path
cat /root/.ssh/deploy => floor.sensitive-path
head -n 1 /home/a/.ssh/id_ed25519 => floor.sensitive-path
tail -n 1 /srv/app/.env => floor.sensitive-path
cat /srv/app/.env.production => floor.sensitive-path
cat /srv/app/prod.env => floor.sensitive-path
cat /home/a/.aws/credentials => floor.sensitive-path
cat /home/a/.kube/config => floor.sensitive-path
cat /home/a/.docker/config.json => floor.sensitive-path
cat /home/a/.config/gcloud/access_tokens.db => floor.sensitive-path
cat /etc/kubernetes/admin.conf => floor.sensitive-path
cat /etc/ssl/private/web.crt => floor.sensitive-path
cat /srv/tls/web.key => floor.sensitive-path
cat /srv/tls/web.pem => floor.sensitive-path
cat /etc/letsencrypt/live/a/privkey.pem => floor.sensitive-path
cat /home/a/.bash_history => floor.sensitive-path
cat /root/.mysql_history => floor.sensitive-path
cat /root/.zsh_history => floor.sensitive-path
cat /home/a/.pgpass => floor.sensitive-path
cat /home/a/.netrc => floor.sensitive-path
cat /home/a/.git-credentials => floor.sensitive-path
cat /home/a/.npmrc => floor.sensitive-path
cat /root/.my.cnf => floor.sensitive-path
cat /proc/1/environ => floor.sensitive-path
cat /proc/self/environ => floor.sensitive-path
cat /proc/self/task/1/environ => floor.sensitive-path
cat /proc/1/root/srv/a => floor.sensitive-path
cat /proc/self/fd/3 => floor.sensitive-path
cat /run/secrets/db => floor.sensitive-path
cat /etc/wireguard/wg0.conf => floor.sensitive-path
cat .env => floor.sensitive-path
stat /etc/shadow => floor.sensitive-path
sha256sum /etc/shadow => floor.sensitive-path
cat notes => path.relative
cat /dev/zero => path.device
cat /dev/sda => path.device
head -c 10 /dev/urandom => path.device
cat /dev/stdin => path.device
cat /dev/tcp/10.0.0.1/80 => path.device
cat /proc/kmsg => path.device
`);
