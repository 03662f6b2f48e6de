/** gemini: asks before each tool, also before ours; its built-in tools are switched off by listing the only tools it may register. */
import { operationNames } from '../../../core/operations/table.ts';
import { googleKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

export const gemini = profile({
  id: 'gemini',
  label: 'Gemini CLI',
  command: ['gemini', '--acp'],
  installHint: 'npm install --global @google/gemini-cli',
  localToolsOff: true,
  // It restarts itself otherwise, and the first process would be the one we end.
  env: { GEMINI_CLI_NO_RELAUNCH: 'true' },
  passEnv: [...googleKeys],
  settings: {
    path: '.gemini/signalbox-settings.json',
    variable: 'GEMINI_CLI_SYSTEM_SETTINGS_PATH',
    // An empty list would remove the tools of MCP servers too, so each of ours is named.
    content: {
      tools: { core: [`mcp_${toolServerName}_*`, ...operationNames.map((name) => `mcp_${toolServerName}_${name}`)] },
    },
  },
});
