/** Published ways past lists of harmless commands that go through another command, each row a line that must wait. */
import { rows } from './bypass-rows.ts';

export const wrapperBypasses: Readonly<Record<string, readonly string[]>> = {
  'wrappers and env -S': rows(`
env id
env -S id
env -Sid
env -S 'id -u'
env -vS id
env --split-string=id
env --split-string id
env -i id
env - id
env A=1 id
env -u PATH id
env -C /srv id
env -- id
/usr/bin/env id
nohup id
nice -n 5 id
ionice -c2 id
timeout 5 id
timeout --signal=KILL 5 id
stdbuf -oL id
setsid id
time id
xargs id
xargs -I{} id {}
command id
command -v id
builtin echo hi
exec id
eval id
sudo id
sudo -n id
doas id
su -c id
runuser -u a id
busybox id
busybox sh -c id
toybox id
sh -c id
bash -c id
bash -lc id
bash --norc -c id
dash -c id
zsh -c id
ksh -c id
fish -c id
tcsh -c id
script -c id
script -qc id /dev/null
flock /tmp/l id
chroot / id
unshare id
nsenter -t 1 id
setpriv id
capsh -- -c id
systemd-run id
systemd-run --pty id
parallel id
watch -n1 id
strace id
ltrace id
gdb -ex id
valgrind id
ld.so /bin/id
/lib64/ld-linux-x86-64.so.2 /bin/id
proot id
fakeroot id
daemonize id
start-stop-daemon -S -x id
run-parts /srv
ssh web-2 id
faketime x id
unbuffer id
rlwrap id
expect -c id
at now
batch`),
  'builtins that poison': rows(`
alias ls=id
unalias -a
export PATH=/tmp
export -n PATH
declare -x LD_PRELOAD=/tmp/x
declare -n a=b
typeset -x A=1
local A=1
readonly A=1
set -x
set -- a
shopt -s expand_aliases
unset PATH
hash -p /tmp/x ls
enable -f /tmp/x.so ls
enable -n test
bind -x x
complete -C id ls
compgen -C id
trap id EXIT
trap id DEBUG
printf -v a[$(id)] x
printf %s x
read a
readarray -C id a
mapfile -C id -c 1 a
wait
history -w /srv/b
history -r /etc/shadow
fc -e id
fc -s
source /srv/a
. /srv/a
exec 3>/srv/b
eval ls
let a=1
getopts a b
ulimit -c unlimited
umask 0
times
jobs -x id
disown
suspend
logout
caller
dirs
pushd /srv
popd
type ls
function ls { id; }
ls() { id; }
coproc id`),
  'cd that changes meaning': rows(`
cd /etc
cd /etc && cat shadow
cd /etc;cat shadow
cd /root; cat .ssh/id_rsa
cd /srv/repo && git status
cd /srv/repo && ls
cd -
cd ~
cd
(cd /etc; cat shadow)
pushd /etc && cat shadow
ls && cd / && find . -name a
CDPATH=/etc cd x
cd -P /srv
cd '/srv' && ls
cd /srv | ls
cd$IFS/etc
env -C /etc cat shadow
find /srv -execdir pwd +`),
};
