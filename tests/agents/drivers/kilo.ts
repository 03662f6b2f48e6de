/** Kilo Code with a provider of its configuration that is the scripted model. */
import { kilo } from '../../../src/adapters/acp/catalogue/kilo.ts';
import type { AgentDriver } from './driver.ts';

export const kiloDriver: AgentDriver = {
  profile: kilo,
  packageName: '@kilocode/cli',
  env: (model) => ({
    KILO_CONFIG_CONTENT: JSON.stringify({
      ...JSON.parse(kilo.env.KILO_CONFIG_CONTENT ?? '{}'),
      model: 'scripted/scripted',
      small_model: 'scripted/scripted',
      provider: { scripted: toProvider(model.url) },
    }),
    // The list of all models comes from the network otherwise.
    KILO_DISABLE_MODELS_FETCH: 'true',
  }),
  toolPrefix: 'signalbox_',
  opening: [],
  ownTools: [],
  localCalls: [
    { call: 'bash', arguments: { command: 'id', description: 'who am I' } },
    { call: 'read', arguments: { filePath: '/etc/passwd' } },
  ],
};

function toProvider(baseURL: string): object {
  return {
    npm: '@ai-sdk/openai-compatible',
    name: 'Scripted',
    options: { baseURL, apiKey: 'none' },
    models: { scripted: { name: 'Scripted', tool_call: true, limit: { context: 100_000, output: 10_000 } } },
  };
}
