/** Which variables nobody but the operator may set for an agent, since the wall around it would be started with them. */
import { describe, expect, it } from 'vitest';
import { findLoaderVariable } from '../../../src/adapters/acp/loader-variables.ts';

describe('a variable that foreign text sets', () => {
  it.each([
    'LD_PRELOAD',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
    'GLIBC_TUNABLES',
    'GCONV_PATH',
    'LOCPATH',
    'BASH_ENV',
    'BASH_FUNC_mount%%',
    'SHELLOPTS',
    'PS4',
    'PATH',
    'HOME',
    'NODE_OPTIONS',
    'NODE_PATH',
    'OPENSSL_CONF',
    'PYTHONSTARTUP',
    'SIGNALBOX_TOOL_TOKEN',
    'a b',
    'a=b',
    '1A',
    '',
  ])('is refused: %j', (name) => {
    expect(findLoaderVariable({ KIMI_MODE: 'acp', [name]: 'x' })).toBe(name);
  });

  it.each(['KIMI_MODE', 'PYTHONUNBUFFERED', 'NODE_ENV', 'BASHFUL', 'no_proxy', '_'])('is passed on: %s', (name) => {
    expect(findLoaderVariable({ [name]: 'x' })).toBeNull();
  });
});
