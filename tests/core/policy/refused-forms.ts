/** Lines refused for their form: composition, substitution, wrappers, writes, middleware, and what no strict reading allows. */
import { toPairs } from './pairs.ts';

export const refusedForms = toPairs(`
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
grep --include="*.$x" -rn a /srv/app => lexer.not-simple
grep --include='*.py'x -rn a /srv/app => lexer.not-simple
grep --include='*.py'"x" -rn a /srv/app => lexer.not-simple
grep --inc'lude=*.py' -rn a /srv/app => lexer.not-simple
grep --include='*.py -rn a /srv/app => lexer.not-simple
head -n'5' /srv/a => lexer.not-simple
date +%F" "%T => lexer.not-simple
date -s"now" => lexer.not-simple
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
ping 10.0.0.1 => command.ping.form
ping -c 1 10.0.0.1 => command.ping.host
dig example.org => command.dig.host
getent hosts example.org => command.getent.host
host example.org => command.unknown
nslookup example.org => command.unknown
lss => command.unknown
LS => command.unknown
`);
