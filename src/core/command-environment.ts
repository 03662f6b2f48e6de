/**
 * Which of the variables that the user's OpenSSH configuration sends (SetEnv, SendEnv) go with commands: ssh sends all of them, but commands here are
 * judged by their words, and agents read what they print. Pure; what a server takes of them is its own choice (AcceptEnv).
 */
import { isSecretName } from './audit/secret-names.ts';

/** Without what makes another program, or other code in it, run than the one that was judged, and without what is named like a secret. */
export function toCommandEnvironment(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !changesWhatRuns.test(name) && !isSecretName(name)),
  );
}

/** Of the loader, of shells, of interpreters, and of programs that start another one that a variable names. */
const changesWhatRuns = new RegExp(
  `^(?:${[
    'PATH|IFS|ENV|CDPATH|SHELL|HOME|PS4|PROMPT_COMMAND|TMPDIR',
    '(?:LD_|DYLD_|BASH|GIT_|LESS|PYTHON|PERL|RUBY|NODE_|SUDO|SYSTEMD_|LUA_|PHP|_?JAVA_|JDK_).*',
    'SHELLOPTS|GCONV_PATH|NLSPATH|LOCPATH|TERMINFO|TERMCAP|CLASSPATH',
    '.*(?:PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|PRELOAD|_RSH|OPTS|OPTIONS|FLAGS)',
  ].join('|')})$`,
  's',
);
