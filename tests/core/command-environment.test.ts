/** Variables of the user's ssh configuration that go with commands, and those that do not. */
import { expect, it } from 'vitest';
import { toCommandEnvironment } from '../../src/core/command-environment.ts';

const isSent = (name: string): boolean => Object.keys(toCommandEnvironment({ [name]: 'x' })).length === 1;

it.each(['LANG', 'LANGUAGE', 'LC_ALL', 'LC_TIME', 'TZ', 'COLORTERM', 'NO_COLOR'])('%s goes along', (name) => {
  expect(isSent(name)).toBe(true);
});

it.each([
  ...['PATH', 'IFS', 'ENV', 'HOME', 'SHELL', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES'],
  ...['BASH_ENV', 'BASH_FUNC_ls', 'BASHOPTS', 'SHELLOPTS', 'PS4', 'PROMPT_COMMAND', 'CDPATH'],
  ...[
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'PERL5OPT',
    'PERL5LIB',
    'RUBYOPT',
    'NODE_OPTIONS',
    'JAVA_TOOL_OPTIONS',
    'MAVEN_OPTS',
  ],
  ...[
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'PAGER',
    'MANPAGER',
    'EDITOR',
    'VISUAL',
    'SUDO_ASKPASS',
    'RSYNC_RSH',
    'LESSOPEN',
  ],
  ...['POSIXLY_CORRECT', 'ZDOTDIR', 'FPATH', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'DBUS_SYSTEM_BUS_ADDRESS'],
  ...['OPENSSL_CONF', 'GLIBC_TUNABLES', 'XZ_OPT', 'WGETRC', 'VIMINIT', 'https_proxy', 'DOCKER_HOST', 'KUBECONFIG'],
  ...['APP_STAGE', 'DB_NAME', 'TERM', 'LC_all', 'LANG\\n', 'XLANG', 'LC_API_TOKEN'],
  ...['DB_PASSWORD', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'API_KEY'],
])('%s does not', (name) => {
  expect(isSent(name)).toBe(false);
});
