/** Copilot with a model provider of one's own that is the scripted model. */
import { copilot } from '../../../src/adapters/acp/catalogue/copilot.ts';
import type { AgentDriver } from './driver.ts';

export const copilotDriver: AgentDriver = {
  profile: copilot,
  packageName: '@github/copilot',
  env: (model) => ({ COPILOT_PROVIDER_BASE_URL: model.url, COPILOT_MODEL: 'scripted', COPILOT_OFFLINE: 'true' }),
  toolPrefix: 'signalbox-',
  opening: [],
  ownTools: [],
  localCalls: [
    { call: 'bash', arguments: { command: 'id', description: 'who am I' } },
    { call: 'view', arguments: { path: '/etc/passwd' } },
  ],
};
