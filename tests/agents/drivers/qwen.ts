/** Qwen Code with a key that is none and the address of the scripted model. */
import { qwen } from '../../../src/adapters/acp/catalogue/qwen.ts';
import type { AgentDriver } from './driver.ts';

export const qwenDriver: AgentDriver = {
  profile: qwen,
  packageName: '@qwen-code/qwen-code',
  env: (model) => ({ OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' }),
  toolPrefix: 'mcp__signalbox__',
  opening: [],
  ownTools: ['read_mcp_resource'],
  localCalls: [
    { call: 'run_shell_command', arguments: { command: 'id', is_background: false } },
    { call: 'read_file', arguments: { file_path: '/etc/passwd' } },
  ],
};
