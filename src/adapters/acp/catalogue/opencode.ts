/** opencode: everything it does on files and shells it does locally, so its own tools are denied and ours are allowed. */
import { modelKeys } from './model-keys.ts';
import { movedByXdg, profile, toolServerName } from './profile.ts';

/** It evaluates rules in order and the last match wins: deny everything, then allow ours. It never offers the model a denied tool. */
const permission = { '*': 'deny', [`${toolServerName}_*`]: 'allow' };

export const opencode = profile({
  id: 'opencode',
  label: 'opencode',
  command: ['opencode', 'acp'],
  installHint: 'npm install --global opencode-ai',
  localToolsOff: true,
  env: {
    // A call may wait for a person: the agent must not give up after its default of some seconds.
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      permission,
      autoupdate: false,
      share: 'disabled',
      experimental: { mcp_timeout: 3_600_000 },
    }),
    OPENCODE_DISABLE_AUTOUPDATE: 'true',
  },
  passEnv: [...modelKeys, 'OPENCODE_API_KEY'],
  // As opencode 1.18.33 itself names it (`opencode auth list`).
  loginFiles: ['.local/share/opencode/auth.json'],
  movedBy: movedByXdg,
  // Its permissions stay behind: a rule of the person's own could come after ours, and the last one wins.
  modelSettings: {
    path: '.config/opencode/opencode.json',
    // In the order of its source (config.ts); those of a project are none of a person's.
    files: [
      ...['config.json', 'opencode.json', 'opencode.jsonc'].map((name) => `.config/opencode/${name}`),
      { variable: 'OPENCODE_CONFIG', below: '' },
      ...['.opencode/opencode.json', '.opencode/opencode.jsonc'],
      { variable: 'OPENCODE_CONFIG_DIR', below: 'opencode.json' },
      { variable: 'OPENCODE_CONFIG_DIR', below: 'opencode.jsonc' },
    ],
    keys: ['model', 'small_model', 'provider', 'enabled_providers', 'disabled_providers'],
  },
  tried: true,
});
