/** What an agent gets of the operator's environment, and what of it must never be logged. */
import { describe, expect, it } from 'vitest';
import { toCleanEnvironment } from '../../../src/adapters/acp/environment.ts';

type Agent = Parameters<typeof toCleanEnvironment>[1];
const agent: Agent = { passEnv: [], env: {}, home: '/h', binFolders: [] };

function clean(operator: NodeJS.ProcessEnv, change: Partial<Agent> = {}) {
  return toCleanEnvironment(operator, { ...agent, ...change });
}

describe('the environment of an agent', () => {
  it.each(['PATH', 'LANG', 'LC_ALL', 'TERM', 'TZ', 'HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS'])('has %s', (name) => {
    expect(clean({ [name]: '/value' }).env[name]).toBe('/value');
  });

  const kept = [
    'SSH_AUTH_SOCK',
    'SSH_CONNECTION',
    'TMUX',
    'STY',
    'XDG_RUNTIME_DIR',
    'XDG_CONFIG_HOME',
    'DBUS_SESSION_BUS_ADDRESS',
    'AWS_PROFILE',
    'AWS_SECRET_ACCESS_KEY',
    'KUBECONFIG',
    'GITHUB_TOKEN',
    'ANTHROPIC_API_KEY',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'PYTHONPATH',
    'SIGNALBOX_HOME',
    'SIGNALBOX_TOOL_TOKEN',
    'PWD',
    'OLDPWD',
    'SHELL',
  ];
  it.each(kept)('has not %s', (name) => {
    expect(Object.keys(clean({ [name]: 'value' }).env).sort()).toEqual(['HOME', 'PATH', 'TMPDIR']);
  });

  it('has the keys of its profile, its own HOME, and folders for its interpreter at the end of PATH', () => {
    const { env } = clean(
      { PATH: '/usr/bin:relative:.:/bin', HOME: '/home/me', MY_KEY: 'k' },
      { passEnv: ['MY_KEY', 'ABSENT'], env: { MODE: 'x' }, binFolders: ['/opt/node/bin', '/bin'] },
    );
    expect(env).toEqual({ PATH: '/usr/bin:/bin:/opt/node/bin', HOME: '/h', TMPDIR: '/tmp', MY_KEY: 'k', MODE: 'x' });
  });

  it('names what must never be logged: secrets by name, and passwords in addresses', () => {
    const { secrets } = clean(
      {
        HTTPS_PROXY: 'http://me:p%40ssword@proxy:3128',
        HTTP_PROXY: 'http://proxy:3128',
        OPENAI_API_KEY: 'sk-1',
        GOOSE_PROVIDER: 'openai',
      },
      { passEnv: ['OPENAI_API_KEY', 'GOOSE_PROVIDER'], env: { MODE: 'read-only', EXTRA_TOKEN: 'from agents.json' } },
    );
    expect([...secrets].sort()).toEqual(['from agents.json', 'p%40ssword', 'p@ssword', 'sk-1']);
  });

  it('hides no word that only says how a provider is asked: it would be missing in every text', () => {
    const settings = {
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_WIRE_API: 'responses',
      COPILOT_OFFLINE: 'true',
    };
    const keys = { COPILOT_PROVIDER_API_KEY: 'sk-2', COPILOT_PROVIDER_BEARER_TOKEN: 'bearer-3' };
    const all = { ...settings, ...keys };
    expect([...clean(all, { passEnv: Object.keys(all) }).secrets].sort()).toEqual(['bearer-3', 'sk-2']);
  });
});
