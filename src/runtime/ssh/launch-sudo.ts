/**
 * How a command that begins with sudo gets the password of its server: by standard input, to `sudo -v` alone. What is left of the input
 * afterwards is the command's own, so that the password reaches the command in no way, also where sudo asks for none. Pure.
 */
import { OperationError } from '../../core/codes.ts';
import type { Target } from '../../core/server.ts';
import { type LaunchStart, launchMark } from './launch.ts';

/**
 * The start of the launch form, for `sudo` and its words; the first line of its input is the password. It stays in a variable of this shell that
 * nothing exports, printed by a builtin into a pipe, and is gone before the command starts. sudo remembers by the pid of its parent that
 * the password was right: so sudo is never the shell itself, and the memory ends with it (`sudo -k`). A program called sudo that the account
 * itself owns, or that is not setuid, gets nothing.
 * Signals of the account do not reach what runs as root, so a TERM is passed on by sudo, from a session of its own, whose signals it takes.
 * Not a single quote, backslash, exclamation mark or line feed may stand in it.
 */
const sudoScript = [
  'b=$1; shift',
  'set +avx',
  // Where /bin/sh is bash, the account could have exported them; none of them is to see the password.
  'unset -f command echo printf read id wait',
  'unset w t',
  `echo ${launchMark}$$ || exit 1`,
  `no() { echo ${launchMark}sudo-$1 >&2; exit 1; }`,
  'IFS= read -r w || no refused',
  's=$(command -v "$1") || no missing',
  '[ "$(command -v printf)" = printf ] && [ -u "$s" ] || no strange',
  'if [ -O "$s" ] && [ "$(id -u)" -gt 0 ]; then no strange; fi',
  '{ printf %s "$w"; echo; } | LC_ALL=C "$s" -S -p "" -v >/dev/null',
  'r=$?',
  'unset w',
  '[ $r = 0 ] || no refused',
  'shift',
  `echo ${launchMark}sudo-ready >&2`,
  'exec 3<&0',
  '"$s" "$@" <&3 3<&- & eval "c=$"$b',
  'exec 3<&- </dev/null',
  'trap "t=1; $s -n setsid kill -s TERM $c 2>/dev/null" TERM',
  'wait $c',
  'r=$?',
  'if [ "$t" ]; then wait $c; r=$?; fi',
  '"$s" -k',
  'exit $r',
].join('; ');

/** The word is how the script comes by `$` and an exclamation mark, which tcsh would expand where it stands. */
export const sudoStart: LaunchStart = { script: sudoScript, words: ['!'] };

/** The beginning of standard error, which is sudo's talk about the password, up to the line that says how that ended. */
export class SudoLine {
  #head: Buffer = Buffer.alloc(0);
  #state: 'asking' | 'ready' | 'refused' | 'missing' | 'strange' = 'asking';

  /** The password was right, so the command was begun. */
  get isThere(): boolean {
    return this.#state === 'ready';
  }

  /** What comes before is told apart from what sudo says by nobody. */
  get hasNoise(): boolean {
    return false;
  }

  /** What came instead, for a message. */
  get noise(): string {
    return this.#head.toString('utf8').trim().slice(0, 200);
  }

  /** Takes a chunk and returns what of it belongs to the command. */
  take(chunk: Uint8Array): Uint8Array {
    if (this.#state === 'ready') return chunk;
    const head = Buffer.concat([this.#head, chunk]);
    const match = linePattern.exec(head.toString('latin1'));
    // Talk has an end: what sudo says before it is a few lines.
    this.#head = match === null ? head.subarray(-talkBytesMax) : head.subarray(0, match.index);
    if (match === null) return chunk.subarray(0, 0);
    this.#state = match[1] as 'ready' | 'refused' | 'missing' | 'strange';
    return this.#state === 'ready' ? head.subarray(match.index + match[0].length) : chunk.subarray(0, 0);
  }

  /** Null when the password was right, or nothing is known yet. Nothing has run. */
  problem({ id, username }: Target): OperationError | null {
    const talk = this.#head.toString('utf8').trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    switch (this.#state) {
      case 'asking':
      case 'ready':
        return null;
      case 'missing':
        return new OperationError(
          'UNSUPPORTED',
          `There is no sudo on ${id}, so nothing was run; install it there, or log in as another account.`,
        );
      case 'strange':
        return new OperationError(
          'UNSUPPORTED',
          `What ${id} calls sudo is no setuid program of another user, or its /bin/sh has no printf of its own, so it was not given the password and nothing was run; name it by its path, or correct it there.`,
        );
      case 'refused':
        if (
          /incorrect password|try again|no password was provided|a password is required/i.test(
            this.#head.toString('utf8'),
          )
        )
          return new OperationError(
            'AUTH_FAILED',
            `sudo on ${id} did not take the password of its record for ${username}; it was tried once, and nothing was run. Correct it with \`signalbox server edit ${id} --sudo-vault NAME\`.`,
          );
        return new OperationError(
          'PERMISSION_DENIED',
          `sudo on ${id} does not let ${username} do this, so nothing was run; it said: ${talk || 'nothing'}.`,
        );
    }
  }
}

const talkBytesMax = 16 * 1024;
const linePattern = new RegExp(`${launchMark}sudo-(ready|refused|missing|strange)\\n`);
