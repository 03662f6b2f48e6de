/** opencode with a provider of its configuration that is the scripted model. */
import { opencode } from '../../../src/adapters/acp/catalogue/opencode.ts';
import type { LoginByFile } from '../login-by-file.ts';
import type { AgentDriver } from './driver.ts';

export const opencodeDriver: AgentDriver = {
  profile: opencode,
  packageName: 'opencode-ai',
  env: (model) => toEnvironment({ baseURL: model.url, apiKey: 'none' }),
  toolPrefix: 'signalbox_',
  opening: [],
  ownTools: [],
  localCalls: [
    { call: 'bash', arguments: { command: 'id', description: 'who am I' } },
    { call: 'read', arguments: { filePath: '/etc/passwd' } },
  ],
};

export const opencodeLogin: LoginByFile = {
  path: '.local/share/opencode/auth.json',
  toContent: (key) => JSON.stringify({ scripted: { type: 'api', key } }),
  env: (model) => toEnvironment({ baseURL: model.url }),
};

function toEnvironment(options: { readonly baseURL: string; readonly apiKey?: string }): Record<string, string> {
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Scripted',
    options,
    models: { scripted: { name: 'Scripted', tool_call: true, limit: { context: 100_000, output: 10_000 } } },
  };
  return {
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      ...JSON.parse(opencode.env.OPENCODE_CONFIG_CONTENT ?? '{}'),
      model: 'scripted/scripted',
      small_model: 'scripted/scripted',
      provider: { scripted: provider },
    }),
    // The list of all models comes from the network otherwise.
    OPENCODE_DISABLE_MODELS_FETCH: 'true',
  };
}
