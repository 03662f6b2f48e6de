/**
 * The form in which every command reaches a server: a string that means the same to every login shell, and starts exactly the argv that was
 * judged. Where the login shell is known to read as POSIX says, it does the same itself, without a second shell. Pure; it knows nothing of
 * connections. Measured in bash, dash, zsh, fish, tcsh, ksh and busybox sh.
 */
import { assert } from '../../base/assert.ts';
import { toNameBytes } from '../../base/byte-names.ts';
import type { CommandForm } from '../../core/action.ts';
import { OperationError } from '../../core/codes.ts';
import { isSudo } from '../../core/sudo.ts';

/** What stands before the process group in the first line; text before that line comes from the account's start-up files. */
export const launchMark = 'signalbox-launch:';

/** Linux refuses a single argument of 128 KiB, its NUL included, and sshd hands the whole command over as one. */
const launchBytesMax = 128 * 1024 - 1;

/** The end of the launch form: what is done with the words, in the folder of the command. */
export interface LaunchStart {
  /** Prints `launchMark` and the process group first, and before it a line on standard error that begins with `launchMark`. No single quote, backslash, exclamation mark or line feed may stand in it. */
  readonly script: string;
  /** Positional parameters before those of the command. */
  readonly words: readonly string[];
}

/**
 * The string for an SSH exec request. Its first line on standard error is `launchMark` alone, and its first line of output is `launchMark` and the process group (a decimal number; behind it,
 * after a blank, what the account calls its login shell), or, when `cwd` cannot be entered, `launchMark` and `no-folder` or `closed-folder`; then nothing has run.
 * Of `start`, a way of starting other than `exec`, that holds too, and a sudo is told to ask nobody.
 * `timeoutSeconds` puts coreutils' `timeout` on the server in front of the command, which outlives a lost connection.
 * Throws INVALID_ARGUMENT for what no shell can carry (NUL, lone surrogates) and for a first word that `exec` would read as an option
 * or an assignment, TOO_LARGE above 128 KiB.
 */
export function toLaunchCommand(
  form: CommandForm,
  cwd: string | null,
  timeoutSeconds?: number,
  start: LaunchStart = plainStart,
): string {
  const argv = toCommandWords(form);
  checkFirstWord(argv[0]);
  const limited = timeoutSeconds === undefined ? argv : ['timeout', '-k', '2', toSeconds(timeoutSeconds), ...argv];
  const words = [...(cwd === null ? [] : [cwd]), ...start.words, ...limited];
  for (const word of words) checkWord(word);

  // Line feeds have no quoted form in tcsh, and other bytes depend on the shell's locale: such words travel as octal.
  const arePlain = words.every(isPlain);
  const script = (arePlain ? '' : decodeScript) + (cwd === null ? '' : enterScript) + start.script;
  const command = ['exec', '/bin/sh', '-c', `'${script}'`, 'sh', ...words.map(arePlain ? toWord : toOctalWord)].join(
    ' ',
  );
  checkLength(command);
  return command;
}

/**
 * The same for a login shell of `startsDirectly`. Null for words that need `toLaunchCommand`. In the hands of tcsh, fish and zsh nothing of it runs,
 * and its first line is missing: they stop at what they read first. Whatever functions, aliases and traps start-up files have made, the line is
 * there before the command runs, and nothing but the command speaks behind it. Throws as `toLaunchCommand` does.
 */
export function toDirectLaunch(form: CommandForm, cwd: string | null): string | null {
  const argv = toCommandWords(form);
  checkFirstWord(argv[0]);
  for (const word of [...argv, cwd ?? '']) checkWord(word);
  if (![...argv, cwd ?? ''].every(isPlain)) return null;
  // Without the line nothing runs, so where it is missing the command can be asked for again.
  const marks = `${own}echo ${launchMark} >&2; ${own}echo "${launchMark}$$"`;
  const start = [`${marks} && ${own}exec`, ...argv.map(toWord)].join(' ');
  const folder = toWord(cwd ?? '/');
  const command =
    cwd === null
      ? `${directHead}; ${start}`
      : `${directHead}; if ${own}cd ${folder} 2>/dev/null; then ${start}; else ${tellWhyNot(folder, own)}; fi`;
  checkLength(command);
  return command;
}

/**
 * Whether a login shell of this name (`/bin/bash`) reads and starts a command as POSIX says. zsh does not: its `command` knows no builtins, and
 * its start-up files may give any word another meaning.
 */
export function startsDirectly(loginShell: string): boolean {
  return /^\/(?:[^/]+\/)*(?:ba|da|a|k|mk|)sh$/.test(loginShell);
}

function checkLength(command: string): void {
  if (Buffer.byteLength(command) > launchBytesMax)
    throw new OperationError(
      'TOO_LARGE',
      'The command is longer than 128 KiB; send its text by standard input instead.',
    );
}

/**
 * One word for any login shell. `'`, `\` and `!` stand outside the quotes behind a backslash: fish reads backslashes inside single
 * quotes, tcsh expands `!` there.
 */
export function toWord(word: string): string {
  if (/^[A-Za-z0-9_./:,+-][A-Za-z0-9_./:,+=-]*$/.test(word)) return word;
  if (word === '') return "''";
  return word
    .split(/(['\\!])/)
    .filter((part) => part !== '')
    .map((part) => (/^['\\!]$/.test(part) ? `\\${part}` : `'${part}'`))
    .join('');
}

/** Passes by functions of that name; its backslash by aliases, also of the word behind it. */
const own = '\\command ';
/** tcsh and fish do not know the first expansion, and zsh stops at the second. What start-up files trace is not the command's. */
const directHead = `: \${-+}\${ZSH_VERSION+\${signalbox?}}; ${own}set +x; ${own}trap - EXIT DEBUG 2>/dev/null`;

// Where /bin/sh is bash, it has the functions that start-up files export. None of these may hold a single quote, a backslash, an exclamation mark or a line feed: they stand in single quotes in any shell.
// The mark on standard error comes first: where both are one, it is before the line of the other.
const plainStart: LaunchStart = {
  // Whoever gave up before it was started has closed the stream: then it never starts.
  script: `command echo ${launchMark} >&2; command echo ${launchMark}$$ "$SHELL" && exec "$@"`,
  words: [],
};
const enterScript = `command cd "$1" 2>/dev/null || { ${tellWhyNot('"$1"', 'command ')}; exit 1; }; shift; `;
// The x keeps line feeds at the end, which a command substitution drops.
const decodeScript = 'for word do shift; word=$(command printf "%bx" "$word"); set -- "$@" "${word%x}"; done; ';

/** `word` is the folder as the shell is to read it, `before` what stands before the names of builtins. */
function tellWhyNot(word: string, before: string): string {
  const tell = (why: string): string => `${before}echo ${launchMark}${why}-folder`;
  return `if ${before}test -d ${word}; then ${tell('closed')}; else ${tell('no')}; fi`;
}

/** Printable ASCII. */
function isPlain(word: string): boolean {
  return /^[\x20-\x7e]*$/.test(word);
}

/** sudo never asks: it is told not to, whatever terminal or helper it could find. */
function withoutPrompt(argv: readonly string[]): readonly string[] {
  const [program = '', ...rest] = argv;
  return isSudo(argv) ? [program, '-n', ...rest] : argv;
}

/** For `printf %b`: everything but plain letters as `\0ooo`, three digits always, so that a digit may follow. */
function toOctalWord(word: string): string {
  let encoded = '';
  for (const byte of toNameBytes(word)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c;
    encoded += isPlain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return toWord(encoded);
}

/** The words that are started for a command. */
export function toCommandWords(form: CommandForm): readonly string[] {
  return form.form === 'argv' ? withoutPrompt(form.argv) : toShellArgv(form.line);
}

/** A line runs as shown, as one argument; a leading blank keeps `sh -c` from reading a line such as `-x` as options. */
function toShellArgv(line: string): readonly string[] {
  return ['/bin/sh', '-c', /^[-+]/.test(line) ? ` ${line}` : line];
}

function toSeconds(seconds: number): string {
  assert(Number.isFinite(seconds) && seconds > 0, 'A time limit is a positive number of seconds.');
  return String(Math.ceil(seconds));
}

function checkFirstWord(word: string | undefined): void {
  if (word === undefined || word === '')
    throw new OperationError('INVALID_ARGUMENT', 'The command has no program to run.');
  if (word.startsWith('-') || word.includes('='))
    throw new OperationError(
      'INVALID_ARGUMENT',
      'The name of the program to run must not begin with "-" or contain "="; give its absolute path or another name.',
    );
}

function checkWord(word: string): void {
  if (word.includes('\0')) throw new OperationError('INVALID_ARGUMENT', 'A command must not contain a NUL byte.');
  if (!word.isWellFormed())
    throw new OperationError(
      'INVALID_ARGUMENT',
      'A command must be valid Unicode; it contains half of a surrogate pair.',
    );
}
