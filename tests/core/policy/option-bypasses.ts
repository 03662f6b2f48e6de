/** Published ways past lists of harmless commands that go through a command's own options, each row a line that must wait. */
import { rows } from './bypass-rows.ts';

export const optionBypasses: Readonly<Record<string, readonly string[]>> = {
  'clustered and abbreviated options': rows(`
sort -uo /srv/b /srv/a
sort -nro/srv/b /srv/a
sort -uo/srv/b /srv/a
sort --out=/srv/b /srv/a
sort --outpu /srv/b /srv/a
sort --comp=id /srv/a
sort --files0=/srv/a
sort --temp=/srv /srv/a
tail -n5f /srv/a
tail -qf /srv/a
tail --f /srv/a
tail --foll /srv/a
grep -rnf /etc/shadow /srv
grep -inRe a /srv
grep --fil=/etc/shadow /srv/a
grep --deref a /srv
grep --direc=recurse a /srv
wc --files0-f=/srv/a
date -us 12:00
date --se=12:00
date -Rs 12:00
free -hs1
free --sec 1
dmesg -Tc
dmesg -TC
dmesg --cl
dmesg --foll
ss -tlK
ss -tanK
ss --ki
journalctl -xf
journalctl -n5f
journalctl --vac=1s
journalctl --rot
journalctl --fl
journalctl --file /srv/a -n 5
systemctl -aH web-2 status
systemctl --hos=web-2 status
systemctl --mach=c status
du --files0=/srv/a
file -bf /srv/names
file -bC -m /srv/a
md5sum -bc /srv/a
netstat -tc
lsof -nr5
ip -4b /srv/a
ip -ba /srv/a
ip -force -b /srv/a
ip -n x link
ip -netns x link
tree -ao /srv/b
vmstat -n 1
top -b
ls --di=x
diff -r --from=/etc/shadow /srv
diff --to-f=/etc/shadow /srv/a
diff -rl /srv/a /srv/b
od --w=99999999 /srv/a
hostname -sF /srv/a
who --lookup`),
  'options of an allowed tool that run or write': rows(`
find /srv -exec id ;
find /srv -exec id +
find /srv -execdir id +
find /srv -ok id +
find /srv -okdir id +
find /srv -delete
find /srv -fprint /srv/b
find /srv -fprint0 /srv/b
find /srv -fprintf /srv/b x
find /srv -fls /srv/b
find /srv -name a -o -delete
find /srv -files0-from /srv/a
sort --compress-program=id -S 1 /srv/a
sort --compress-program id /srv/a
sort -T /srv /srv/a
sort --output=/srv/b /srv/a
uniq /srv/a /srv/b
uniq -c -- /srv/a /srv/b
date 010100002030
date -f /etc/shadow
date --file=/etc/shadow
hostname evil
hostname -F /srv/a
mount /dev/sda1 /mnt
mount -o remount,rw /
dmesg -n 1
dmesg -F /etc/shadow
ip link set eth0 down
ip -batch /srv/a
ip netns exec a id
ip -all netns exec id
ip vrf exec a id
ip xfrm state
ip l2tp add tunnel
ss -K dst 10.0.0.1
ss -D /srv/b
ss -F /etc/shadow
journalctl --cursor-file=/srv/b -n 5
journalctl --setup-keys
journalctl --update-catalog
journalctl --relinquish-var
journalctl --sync
systemctl start nginx
systemctl edit nginx
systemctl set-property nginx CPUQuota=1%
systemctl import-environment
systemctl kill nginx
systemctl is-active --root=/srv nginx
lsof +r1
lsof -D b/srv/cache
lsblk --sysroot /srv
file -C -m /srv/magic
file -z /srv/a.gz
file -S -z /srv/a.gz
file -P bytes=99999999999 /srv/a
strings -T x /srv/a
strings --plugin=/srv/x.so /srv/a
strings @/srv/options
who /etc/shadow
last -f /etc/shadow
top -b
tree -o /srv/b /srv
tree -R -H x -o /srv/b /srv
md5sum -c /etc/shadow
sha256sum --check /etc/shadow
rpm -q --pipe id nginx
rpm --eval '%(id)'
rpm -qp http://10.9.9.9/a.rpm
rpm -q --root /srv nginx
rpm -q --rcfile /srv/a nginx
rpm -q --define '_dbpath /srv' nginx
rpm -qa --queryformat '%(id)'
dpkg -l --pre-invoke=id
dpkg --root=/srv -l
apt list -o APT::Update::Pre-Invoke::=id
apt -c /srv/a list
apt changelog nginx
apt download nginx
apt-cache -o Dir::Cache=/srv show nginx
column -J --table-name x /srv/a -o
diff --to-file=/etc/shadow /srv/a
diff -X /etc/shadow /srv/a /srv/b
diff --line-format=%L /srv/a /srv/b
diff -D X /srv/a /srv/b
diff -l /srv/a /srv/b
diff -I x /srv/a /srv/b
od -w99999 /srv/a
cut -d: -f1 --output=/srv/b /srv/a
nl -b p^x /srv/a
tac -r -s . /srv/a
ls --hyperlink
ls --dired
cat --help /etc/shadow
less /srv/a
xxd -r /srv/a /srv/b
tee /srv/b
split /srv/a
csplit /srv/a 1
dd if=/srv/a
ed -s /srv/a
sed -n 'w /srv/b' /srv/a
sed -n '1e id' /srv/a
sed '1r/etc/shadow' /srv/a
awk 'BEGIN{system("id")}'
awk -f /srv/a /srv/b
rg --pre id x /srv
rg --hostname-bin id x
rg -z x /srv
fd -x id
fd . /srv -X rm
jq -n env
jq --rawfile a /etc/shadow . /srv/a
yq -i . /srv/a
bat --pager id /srv/a
tar tf /srv/a --to-command=id
tar tf /srv/a --checkpoint-action=exec=id
tar tf /srv/a -I id
man -P id ls
man --html=id ls
git log --output=/srv/b
git diff --output=/srv/b
git -c core.pager=id log
git -c core.fsmonitor=id status
git grep -Oid x
git diff --ext-diff
git show --textconv
git branch -D main
git ls-remote --upload-pack=id x
git archive --remote=x
rsync -e id a b
zip a b -TT id
ssh -o ProxyCommand=id x
curl -K /srv/a
curl --config /srv/a
wget --use-askpass=id x
wget -O /srv/b http://10.9.9.9
xargs -a /srv/a id
env
printenv
base64 /etc/shadow
base64 -d /srv/a
iconv -o /srv/b /srv/a
openssl enc -in /etc/shadow
sqlite3 /srv/a .dump
tcpdump -z id
nmap --script x
watch id
crontab -l
ldd /srv/a
nm --plugin /srv/x.so /srv/a
objdump -d /srv/a
pr /srv/a
column --table-columns a -o b
shuf -o /srv/b /srv/a
shuf --random-source=/etc/shadow /srv/a
ptx /srv/a /srv/b
unexpand /srv/a
paste /srv/a
join /srv/a /srv/b
comm /srv/a /etc/shadow
look x /etc/shadow
ul /srv/a
lastb
dir /root/.ssh
vdir /root/.ssh`),
};
