/** Command lines and what the policy must say of them; the refused table is longer than the allowed one, and grows with each published bypass. */

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

/** `line => rule`. */
export const refusedLines: readonly (readonly [line: string, rule: string])[] = pairs(`
ls; rm -rf /srv/a => floor.write
ls && id => floor.composition
ls || id => floor.composition
ls & id => floor.composition
ls | wc -l => floor.composition
uptime & => floor.composition
ls |& wc => floor.composition
(ls) => floor.composition
{ ls; } => floor.composition
! ls => floor.composition
if ls; then id; fi => floor.composition
for f in a b; do cat $f; done => floor.composition
while true; do uptime; done => floor.composition
ls > /srv/a => floor.write
ls >> /srv/a => floor.write
ls >| /srv/a => floor.write
ls &> /srv/a => floor.write
cat /srv/a 2>&1 => floor.composition
cat < /srv/a => floor.composition
cat <<< hello => floor.composition
cat <(id) => floor.composition
cat 2<(id) => lexer.not-simple
tee >(id) => floor.write
ls $(id) => floor.composition
ls \`id\` => floor.composition
ls "$(id)" => floor.composition
ls "\`id\`" => floor.composition
cat $HOME/a => lexer.not-simple
cat "\${HOME}/a" => lexer.not-simple
cat$IFS/etc/passwd => lexer.not-simple
cat\${IFS}/etc/passwd => lexer.not-simple
cat {/srv/a,/srv/b} => lexer.not-simple
{cat,/srv/a} => lexer.not-simple
cat /srv/*.log => lexer.not-simple
cat /srv/a? => lexer.not-simple
cat /srv/[ab] => lexer.not-simple
cat ~/a => lexer.not-simple
cat ~root/a => lexer.not-simple
c\\at /srv/a => lexer.not-simple
cat /srv/a\\ b => lexer.not-simple
'cat' /srv/a => lexer.not-simple
"cat" /srv/a => lexer.not-simple
ca't' /srv/a => lexer.not-simple
cat '/srv/a''b' => lexer.not-simple
cat /srv/'a' => lexer.not-simple
cat $'/srv/a' => lexer.not-simple
cat $"/srv/a" => lexer.not-simple
cat '/srv/a => lexer.not-simple
cat "/srv/a => lexer.not-simple
cat "/srv/a\\\\b" => lexer.not-simple
cat "/srv/!!" => lexer.not-simple
ls !! => lexer.not-simple
ls =ls => lexer.not-simple
ls %1 => lexer.not-simple
^ls^rm => lexer.not-simple
ls @foo => lexer.not-simple
ls # comment => lexer.not-simple
FOO=1 ls => floor.composition
PATH=/tmp ls => floor.composition
LD_PRELOAD=/tmp/x.so ls => floor.composition
FOO=1 => floor.composition
IFS=/;ls => floor.composition
time ls => floor.composition
function ls { id; } => floor.composition
ls() { id; } => floor.composition
coproc ls => floor.composition
[[ -f /srv/a ]] => floor.composition
((1)) => floor.composition
cd /srv => command.interpreter
cd /srv && ls => floor.composition
. /srv/a => command.interpreter
source /srv/a => command.interpreter
eval ls => wrapper.eval
exec ls => wrapper.exec
command ls => wrapper.command
builtin cd => wrapper.builtin
sudo ls => wrapper.sudo
sudo -u root cat /srv/a => wrapper.sudo
sudo cat /etc/shadow => floor.sensitive-path
sudo -n rm /srv/a => floor.write
sudo systemctl reboot => command.reachability
doas ls => wrapper.doas
env => wrapper.env
env ls => wrapper.env
env -i FOO=1 rm /srv/a => floor.write
env -S 'rm /srv/a' => floor.write
env -S'rm /srv/a' => floor.write
env -iS 'rm /srv/a' => floor.write
nice ls => wrapper.nice
nice -n 5 rm /srv/a => floor.write
ionice -c 3 ls => wrapper.ionice
timeout 5 ls => wrapper.timeout
timeout -k 1 5 rm /srv/a => floor.write
xargs rm => floor.write
xargs -n 1 ls => wrapper.xargs
nohup ls => wrapper.nohup
setsid ls => wrapper.setsid
stdbuf -o L ls => wrapper.stdbuf
busybox rm /srv/a => floor.write
sh => wrapper.sh
sh -c ls => wrapper.sh
sh -c 'rm /srv/a' => floor.write
bash -lc 'rm /srv/a' => floor.write
bash /srv/a.sh => wrapper.bash
sudo sh -c 'nice rm /srv/a' => floor.write
ssh web-2 rm /srv/a => floor.write
ssh web-2 => wrapper.ssh
watch ls => wrapper.watch
watch -n 1 rm /srv/a => floor.write
su -c 'rm /srv/a' => floor.write
rm /srv/a => floor.write
/bin/rm /srv/a => floor.write
mv /srv/a /srv/b => floor.write
cp /srv/a /srv/b => floor.write
tee /srv/a => floor.write
dd if=/srv/a of=/srv/b => floor.write
chmod 777 /srv/a => floor.write
tar xf /srv/a => floor.write
sed -i s/a/b/ /srv/a => floor.write
sed -n 5p /srv/a => command.interpreter
awk '{print}' /srv/a => command.interpreter
python3 -c 'print(1)' => command.interpreter
perl -e 1 => command.interpreter
psql -c 'select 1' => floor.middleware
mysql -e 'select 1' => floor.middleware
redis-cli get a => floor.middleware
kubectl get pods => floor.middleware
docker ps => floor.middleware
podman ps => floor.middleware
helm list => floor.middleware
terraform plan => floor.middleware
aws s3 ls => floor.middleware
gcloud info => floor.middleware
az account show => floor.middleware
reboot => command.reachability
shutdown -h now => command.reachability
systemctl reboot => command.reachability
systemctl stop sshd => command.reachability
iptables -F => command.reachability
apt install nginx => command.changes
kill 1 => command.changes
git status => command.changes
curl http://10.0.0.1/ => command.unknown
curl -o /srv/a http://10.0.0.1/ => floor.write
sort -o /srv/a /srv/b => floor.write
ping 10.0.0.1 => command.unknown
lss => command.unknown
LS => command.unknown
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

export const rejectedLines: readonly (readonly [line: string, rule: string])[] = [
  ['', 'malformed.empty'],
  ['   ', 'malformed.empty'],
  ['cat /srv/a\0b', 'malformed.bytes'],
  ['cat /srv/a\rrm /srv/a', 'malformed.bytes'],
  ['cat /srv/a\x1b[2K', 'malformed.bytes'],
  ['cat\t/srv/a', 'malformed.bytes'],
  ['cat /srv/\x7f', 'malformed.bytes'],
  ['cat /srv/\x9b2J', 'malformed.bytes'],
  ['cat /srv/\ud800', 'malformed.bytes'],
  [`cat /${'a'.repeat(4096)}`, 'malformed.too-long'],
  [`cat /${'\u00e9'.repeat(2048)}`, 'malformed.too-long'],
  ...[
    ...['vi /srv/a', 'vim', 'nano /srv/a', 'less /srv/a', 'more /srv/a', 'top', 'top -d 1', 'htop', 'man ls', 'visudo'],
    ...[
      '/usr/bin/vim /srv/a',
      'crontab -e',
      'systemctl edit nginx',
      'tmux',
      'sudo vim /srv/a',
      'sudo -u a nano /srv/a',
    ],
    ...[
      'env EDITOR=a vim',
      'sh -c vim',
      "sh -c 'ls; vim /srv/a'",
      "sudo sh -c 'sudo less /srv/a'",
      'nohup top',
      'xargs less',
    ],
    ...['ls | less', 'dmesg | more', 'cat /srv/a && vim /srv/a', 'ls $(vim)', 'ls\nvim', 'watch top', 'timeout 5 htop'],
    ...['find /srv -exec vim {} +', 'ssh web-2 vim /srv/a', 'FOO=1 vim', 'vim $HOME/a', 'vim > /srv/a'],
  ].map((line) => [line, 'reject.interactive'] as const),
];

/** Lines with characters that look like others, or hide. */
export const lookAlikeLines: readonly string[] = [
  '\u0441at /srv/a',
  'cat /srv/\u0430',
  'cat \u2010n /srv/a',
  'cat\u00a0/srv/a',
  'cat /srv/\u200ba',
  'cat /srv/\u202egpj.a',
  'cat \uff0fetc\uff0fshadow',
  'ls\nid',
  'ls \\\nid',
  'cat /srv/a\u2028rm',
  'uptim\u0435',
];

function pairs(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.lastIndexOf(' => ');
      return [line.slice(0, at), line.slice(at + 4)] as const;
    });
}
