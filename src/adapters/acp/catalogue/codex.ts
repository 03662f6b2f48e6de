/** Codex through its ACP adapter: read-only sandbox and no shell; its tool for local images stays, so isolation matters here. */
import { openaiKeys } from './model-keys.ts';
import { profile } from './profile.ts';

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
      features: { shell_tool: false, unified_exec: false, apply_patch_freeform: false, web_search_request: false },
    }),
  },
  passEnv: [...openaiKeys, 'CODEX_API_KEY'],
});
