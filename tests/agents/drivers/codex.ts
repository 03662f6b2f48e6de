/** Codex with a provider of its configuration that is the scripted model. */
import { codex } from '../../../src/adapters/acp/catalogue/codex.ts';
import type { LoginByFile } from '../login-by-file.ts';
import type { AgentDriver } from './driver.ts';

export const codexDriver: AgentDriver = {
  profile: codex,
  packageName: '@agentclientprotocol/codex-acp',
  env: (model) => toEnvironment({ base_url: model.url }),
  toolPrefix: 'mcp__signalbox',
  opening: [],
  ownTools: ['list_mcp_resources', 'list_mcp_resource_templates', 'read_mcp_resource', 'request_user_input'],
  localCalls: [
    { call: 'shell', arguments: { command: ['id'] } },
    { call: 'exec_command', arguments: { cmd: 'id' } },
    { call: 'view_image', arguments: { path: '/etc/passwd' } },
  ],
};

export const codexLogin: LoginByFile = {
  path: '.codex/auth.json',
  toContent: (key) => JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: key, tokens: null, last_refresh: null }),
  env: (model) => toEnvironment({ base_url: model.url, requires_openai_auth: true }),
};

function toEnvironment(more: Readonly<Record<string, unknown>>): Record<string, string> {
  const provider = { name: 'Scripted', wire_api: 'responses', ...more };
  return {
    MODEL_PROVIDER: 'scripted',
    CODEX_CONFIG: JSON.stringify({
      ...JSON.parse(codex.env.CODEX_CONFIG ?? '{}'),
      model: 'scripted',
      model_provider: 'scripted',
      model_providers: { scripted: provider },
    }),
  };
}
