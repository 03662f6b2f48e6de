/** Claude Code through its ACP adapter: no built-in tool, no settings from disk, and our MCP server as the only one. */
import { anthropicKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

export const claude = profile({
  id: 'claude',
  label: 'Claude Code',
  command: ['claude-agent-acp'],
  installHint: 'npm install --global @agentclientprotocol/claude-agent-acp',
  localToolsOff: true,
  // Searching for tools would hide ours behind a tool that is switched off.
  env: { ENABLE_TOOL_SEARCH: 'false' },
  passEnv: [...anthropicKeys, 'CLAUDE_CODE_OAUTH_TOKEN'],
  // By the SDK and the program of claude-agent-acp 0.100.0; on macOS it is in the keychain. The
  // key of a Console login is in ~/.claude.json, among the names of all projects, which are not an agent's to know.
  loginFiles: ['.claude/.credentials.json'],
  movedBy: [{ variable: 'CLAUDE_CONFIG_DIR', folder: '.claude' }],
  tried: true,
  sessionMeta: {
    claudeCode: {
      options: {
        tools: [],
        settingSources: [],
        strictMcpConfig: true,
        allowedTools: [`mcp__${toolServerName}`],
      },
    },
  },
  isOurTool: ({ meta }) => {
    const own = meta.claudeCode;
    const name = typeof own === 'object' && own !== null ? (own as Record<string, unknown>).toolName : null;
    return typeof name === 'string' && name.startsWith(`mcp__${toolServerName}__`);
  },
});
