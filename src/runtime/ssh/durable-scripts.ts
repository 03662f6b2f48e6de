/**
 * What is run on a server to start a command that goes on without us, to follow it, to stop it and to clean up after it: each an argv for
 * the launch form, in plain sh, as busybox has it. Each command has a private folder of its own there. Pure.
 */
import type { CommandForm } from '../../core/action.ts';
import { toCommandWords } from './launch.ts';

/** Statuses that only our scripts end with, where the command's own status is never theirs. */
export const durableExit = { noPlace: 73, gone: 74, lost: 75, begun: 76 } as const;

/** In days: what has ended so long ago is removed when the next one is started. */
const keptDays = 7;

/** The status of a folder that was taken so that nothing is started in it. */
const neverStarted = 'never';

const folder = 'd=${XDG_CACHE_HOME:-$HOME/.cache}/signalbox/commands/$1';

/** What becomes the command says that it is there: from then on a TERM ends it, before it would reach only the shell above. */
const beginner = 'echo "$2 $3" >"$1/pid"; shift 3; exec "$@"';

/** The command is a child of this shell, which stays to say how it ended. A hangup does not reach it; a TERM only the command. */
const runner = `d=$1 g=$2; shift 2
trap "" HUP
trap : TERM INT
/bin/sh -c '${beginner}' sh "$d" "\${g:-$$}" $$ "$@"
s=$?
echo "$s" >"$d/status.new"
mv "$d/status.new" "$d/status"`;

/** Prints the folder once the command has been started. Without setsid its process group is that of this shell. */
const starter = `${folder} r=$2; shift 2
u=$(umask); umask 077
c=\${d%/*}
mkdir -p "$c" && mkdir "$d" && : >"$d/output" && : >"$d/errors" || exit ${durableExit.noPlace}
for x in "$c"/*/status; do
  [ -f "$x" ] && [ "$(find "$x" -mtime +${keptDays} 2>/dev/null)" ] && rm -rf "\${x%/status}"
done
umask "$u"
if command -v setsid >/dev/null 2>&1
then setsid /bin/sh -c "$r" sh "$d" "" "$@" </dev/null >"$d/output" 2>"$d/errors" &
else /bin/sh -c "$r" sh "$d" $$ "$@" </dev/null >"$d/output" 2>"$d/errors" &
fi
until [ -s "$d/pid" ]; do sleep 0.1 2>/dev/null || sleep 1; done
echo "$d"`;

/**
 * Sets f when it has ended (1) or vanished without a word (2). A pid is only its own where its command line names the folder. One that is being
 * started has none yet.
 */
const look = `[ -d "$d" ] && ! grep -qs ${neverStarted} "$d/status" || exit ${durableExit.gone}
n=0
until [ -s "$d/pid" ] || [ -f "$d/status" ] || [ "$n" -ge 20 ]; do n=$((n + 1)); sleep 0.1 2>/dev/null || sleep 1; done
g= p=; [ -f "$d/pid" ] && read -r g p <"$d/pid"
alive() {
  [ "$p" ] && kill -0 "$p" 2>/dev/null || return 1
  [ -r "/proc/$p/cmdline" ] || return 0
  grep -q "$d" "/proc/$p/cmdline"
}
f() {
  [ -f "$d/status" ] && return 1
  alive && return 0
  [ -f "$d/status" ] && return 1
  return 2
}`;

const follower = `${folder} o=$2 e=$3
${look}
while :; do
  f; f=$?
  [ -d "$d" ] || exit ${durableExit.gone}
  s=$(wc -c 2>/dev/null <"$d/output") && t=$(wc -c 2>/dev/null <"$d/errors") || exit ${durableExit.gone}
  s=$(($s)) t=$(($t))
  [ "$s" -gt "$o" ] && { tail -c +$((o + 1)) "$d/output" 2>/dev/null | head -c $((s - o)); o=$s; }
  [ "$t" -gt "$e" ] && { tail -c +$((e + 1)) "$d/errors" 2>/dev/null | head -c $((t - e)) >&2; e=$t; }
  case $f in 1) exit 0 ;; 2) exit ${durableExit.lost} ;; esac
  sleep 0.3 2>/dev/null || sleep 1
done`;

const stopper = `${folder}
${look}
f || exit 0
kill -s TERM -- "-$g" 2>/dev/null || kill -s TERM "$p"
n=0
while [ "$n" -lt 20 ] && f; do n=$((n + 1)); sleep 0.1 2>/dev/null || sleep 1; done
f || exit 0
kill -s KILL -- "-$g" 2>/dev/null
echo 137 >"$d/status"`;

const teller = `${folder}
cat "$d/status"`;

/** Prints how it stands, and changes nothing. */
const looker = `${folder}
${look}
f
case $? in
  0) echo running ;;
  1) cat "$d/status" ;;
  *) exit ${durableExit.lost} ;;
esac`;

/** Takes the folder, so that a start that is still on its way finds it there and runs nothing; unless it was faster. */
const claimer = `${folder}
umask 077
mkdir -p "\${d%/*}"
if mkdir "$d" 2>/dev/null
then echo ${neverStarted} >"$d/status"
elif [ -d "$d" ]
then grep -qs ${neverStarted} "$d/status" || exit ${durableExit.begun}
else exit ${durableExit.noPlace}
fi`;

/** Gone at once, so that whoever follows it beside us does not find half of it. */
const remover = `${folder}
mv "$d" "$d.gone" 2>/dev/null
rm -rf "$d" "$d.gone"`;

export function toDurableStart(id: string, command: CommandForm): CommandForm {
  return script(starter, id, runner, ...toCommandWords(command));
}

/** Prints what came after these bytes, and goes on until the command has ended. */
export function toDurableFollow(id: string, stdoutBytes: number, stderrBytes: number): CommandForm {
  return script(follower, id, String(stdoutBytes), String(stderrBytes));
}

/** Ends with `begun` where it was started after all; otherwise it never will be. */
export const toDurableClaim = (id: string): CommandForm => script(claimer, id);
export const toDurableStop = (id: string): CommandForm => script(stopper, id);
/** Prints `running`, or the status that it has ended with. */
export const toDurableLook = (id: string): CommandForm => script(looker, id);
/** Prints the status. */
export const toDurableStatus = (id: string): CommandForm => script(teller, id);
export const toDurableRemove = (id: string): CommandForm => script(remover, id);

function script(text: string, ...words: readonly string[]): CommandForm {
  return { form: 'argv', argv: ['/bin/sh', '-c', text, 'sh', ...words] };
}
