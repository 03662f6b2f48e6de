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

/**
 * Of the loader, of shells, of interpreters, of libraries that load more code, of programs that start another one that a variable names, and what says
 * where programs find their settings, how they read their options, or which other machine they act on.
 */
const changesWhatRuns = new RegExp(
  `^(?:${[
    'IFS|ENV|SHELL|HOME|PS4|PROMPT_COMMAND|TMPDIR|ZDOTDIR|SHELLOPTS|TERMCAP|POSIXLY_CORRECT|GLIBC_TUNABLES',
    'HOSTALIASES|LOCALDOMAIN|MAKEFILES|G?ZIP|BZIP2?|UNZIP|ZIPINFO|XZ_DEFAULTS',
    '(?:LD_|DYLD_|BASH|GIT_|LESS|PYTHON|PERL|RUBY|NODE_|SUDO|SYSTEMD_|LUA_|PHP|_?JAVA_|JDK_|XDG_|DBUS_|OPENSSL_|MALLOC_|TERMINFO).*',
    '(?:DOTNET_|COR(?:ECLR)?_|npm_|fish_|DOCKER_|KUBE|HELM_|TF_).*',
    '.*(?:PATH|PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|PRELOAD|_RSH|OPTS?|OPTIONS|FLAGS|_HOME|RC|INIT|CONF|CONFIG|CONFIG_FILE)',
    '.*_(?:PROXY|proxy)',
  ].join('|')})$`,
  's',
);
