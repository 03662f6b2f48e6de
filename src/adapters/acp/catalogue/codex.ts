/** Codex through its ACP adapter: read-only sandbox, and every feature off that gives its model a tool of its own. */
import { openaiKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

/**
 * Features that bring tools for this machine, for the network, or for further agents. What stays reads no file and runs no program: the
 * resources of MCP servers, which are ours alone, and a question to the user.
 */
const featuresOff = [
  'apps',
  'browser_use',
  'code_mode_host',
  'computer_use',
  'goals',
  'hooks',
  'image_generation',
  'multi_agent',
  'plugins',
  'shell_snapshot',
  'shell_tool',
  'skill_search',
  'sleep_tool',
  'tool_suggest',
  'unified_exec',
  'view_image',
];

export const codex = profile({
  id: 'codex',
  label: 'Codex',
  command: ['codex-acp'],
  installHint: 'npm install --global @agentclientprotocol/codex-acp',
  localToolsOff: true,
  env: {
    INITIAL_AGENT_MODE: 'read-only',
    CODEX_CONFIG: JSON.stringify({
      sandbox_mode: 'read-only',
      web_search: 'disabled',
      features: Object.fromEntries(featuresOff.map((name) => [name, false])),
    }),
  },
  passEnv: [...openaiKeys, 'CODEX_API_KEY'],
  // By the program of @openai/codex 0.166, which came with codex-acp 2.6.0, and tried with a key.
  // A login in the system's keyring (`cli_auth_credentials_store`) is in no file.
  loginFiles: ['.codex/auth.json'],
  movedBy: [{ variable: 'CODEX_HOME', folder: '.codex' }],
  tried: true,
  // Its adapter sets both, and gives the input of nothing but a call of an MCP tool the name of a server.
  isOurTool: ({ meta, server }) => meta.is_mcp_tool_call === true && server === toolServerName,
});
