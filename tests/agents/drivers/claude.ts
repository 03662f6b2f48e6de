/** Claude Code with a key that is none and the address of the scripted model. */
import { claude } from '../../../src/adapters/acp/catalogue/claude.ts';
import type { AgentDriver } from './driver.ts';

export const claudeDriver: AgentDriver = {
  profile: claude,
  packageName: '@agentclientprotocol/claude-agent-acp',
  env: (model) => ({ ANTHROPIC_BASE_URL: model.origin, ANTHROPIC_API_KEY: 'none' }),
  toolPrefix: 'mcp__signalbox__',
  opening: [],
  ownTools: [],
  localCalls: [
    { call: 'Bash', arguments: { command: 'id', description: 'who am I' } },
    { call: 'Read', arguments: { file_path: '/etc/passwd' } },
  ],
};
