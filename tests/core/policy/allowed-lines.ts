/** Lines that run without a question; each is read to the same words by real shells. */

export const allowedLines: readonly string[] = `
uptime
uptime -p
df -h
df -hT /var
df --output=source,pcent
free -m
free -h -t
pwd
uname -a
nproc
id
id -u root
whoami
groups
hostname
hostname -f
date
date -u +%Y-%m-%d
date -d 2026-01-01 '+%H %M'
date --utc --date="2026-01-01 14:00" +%FT%TZ
date +"%F %T"
free -h -s 2 -c 3
who am i
findmnt -T /var/lib/docker
lsns -t net
lsns -p 1
ethtool eth0
ethtool -i eno1
ethtool -S eth0
sysctl net.ipv4.ip_forward
sysctl -n vm.max_map_count vm.swappiness
getfacl /srv/share
namei -l /var/www/html/index.php
ip netns list
systemctl --user status syncthing
systemctl show sshd -p ExecMainStartTimestamp --value
ss -tn dst 10.0.5.20
ss -tnp state established dst 10.0.0.0/8:443
ss -ltn 'sport = :443'
free -c 5
grep -rin --include='*.py' "def main" /srv/app/src
du -sh --exclude='node_modules' /srv/app
ls
ls -la /var/log
ls -lahtr --color=never /srv
ls -R /srv/app
/bin/ls -l /srv
/usr/bin/uptime
cat /etc/hostname
cat -n /etc/nginx/nginx.conf
cat '/srv/a b/c'
cat "/srv/it's"
cat -- /srv/-n
head -n 20 /var/log/syslog
head -20 /var/log/syslog
head -c 1K /srv/a
tail -n 100 /var/log/syslog
tail -n +5 /srv/a
tail -100 /var/log/syslog
wc -l /var/log/syslog
stat -c '%a %U' /etc/passwd
du -sh /var/log
du -h --max-depth=1 /var
readlink -f /srv/current
realpath /srv/current
sha256sum /srv/a
grep -i error /var/log/syslog
grep -n 'worker_connections' /etc/nginx/nginx.conf
grep -E -A3 'a|b' /var/log/syslog
grep -rn upstream /etc/nginx
grep -5 foo /srv/a
egrep 'a|b' /srv/a
find /srv -name '*.log'
find /srv -type f -size +100M -mtime -7 -print
find /srv/app -maxdepth 2 -not -name '*.gz' -printf '%p\\n'
ps
ps aux
ps -aux
ps auxww
ps -ef
ps -eo pid,ppid,pcpu,args --sort=-pcpu
ps -u www-data -o pid,args
ps -p 1,2
systemctl
systemctl status
systemctl status nginx
systemctl status nginx.service --no-pager -n 20
systemctl list-units --failed
systemctl list-timers --all
systemctl is-active nginx
systemctl show nginx -p MainPID
journalctl -u nginx -n 50
journalctl -u nginx -n 50 --no-pager
journalctl -n100 -u nginx.service
journalctl --since today -p err
journalctl --since '1 hour ago' -u nginx -o short-iso
journalctl --disk-usage
ss -tlnp
ss -s
ip addr
ip a
ip -br addr show
ip route
ip route get 10.0.0.1
ip -s link show dev eth0
w
who
last -n 10
last -20
printenv PATH
  uptime  
`
  .split('\n')
  .filter((line) => line.trim() !== '');
