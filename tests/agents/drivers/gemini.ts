/** Gemini CLI with an API key that is none and its service replaced by the scripted model. */
import { gemini } from '../../../src/adapters/acp/catalogue/gemini.ts';
import type { AgentDriver } from './driver.ts';

export const geminiDriver: AgentDriver = {
  profile: gemini,
  packageName: '@google/gemini-cli',
  // Without the name of a model it first asks one which to take.
  env: (model) => ({
    GEMINI_API_KEY: 'none',
    GOOGLE_GEMINI_BASE_URL: model.origin,
    GEMINI_MODEL: 'gemini-2.5-pro',
  }),
  toolPrefix: 'mcp_signalbox_',
  opening: [],
  ownTools: [],
  localCalls: [
    { call: 'run_shell_command', arguments: { command: 'id', description: 'who am I' } },
    { call: 'read_file', arguments: { file_path: '/etc/passwd' } },
  ],
};
