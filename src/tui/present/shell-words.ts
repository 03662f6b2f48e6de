/** An argument list as one line that a POSIX shell would split into the same words. For copying and for showing; nothing is run from it. */

/** Words without anything that a shell gives a meaning to. */
const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

export function toShellLine(argv: readonly string[]): string {
  return argv.map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
