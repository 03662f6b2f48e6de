/** gemini: its built-in tools are switched off by listing the only ones it may register, which it then calls without a question of its own. */
import { operationNames } from '../../../core/operations/table.ts';
import { googleKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

export const gemini = profile({
  id: 'gemini',
  label: 'Gemini CLI',
  command: ['gemini', '--acp'],
  installHint: 'npm install --global @google/gemini-cli',
  localToolsOff: true,
  env: {
    // It restarts itself otherwise, and the first process would be the one we end.
    GEMINI_CLI_NO_RELAUNCH: 'true',
    // In a folder that nobody has trusted it starts no MCP server; its work folder holds nothing but what we put there.
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  },
  passEnv: [...googleKeys],
  // By the source of gemini-cli 0.61.0: the login with Google and the account it is of; keys and, with GEMINI_FORCE_ENCRYPTED_FILE_STORAGE,
  // logins that were stored where there is no keychain, under a key made of this machine's and user's names, which are the same inside; the
  // kind of login, of which only `security` is kept.
  loginFiles: [
    ...['.gemini/oauth_creds.json', '.gemini/google_accounts.json', '.gemini/gemini-credentials.json'],
    ...['.gemini/.env', '.gemini/settings.json'],
  ],
  // It stands in the place of HOME.
  movedBy: [{ variable: 'GEMINI_CLI_HOME', folder: '' }],
  tried: true,
  // Of its user, in its own HOME: settings of the system count only when root owns them, and are left out without a word otherwise.
  settings: {
    path: '.gemini/settings.json',
    variable: null,
    // An empty list would remove the tools of MCP servers too, so each of ours is named.
    content: {
      tools: { core: [`mcp_${toolServerName}_*`, ...operationNames.map((name) => `mcp_${toolServerName}_${name}`)] },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    },
    keeps: ['security'],
  },
});
