/** Kilo Code: it descends from opencode, and takes the same rules: its own tools are denied and ours are allowed. */
import { modelKeys } from './model-keys.ts';
import { movedByXdg, profile, toolServerName } from './profile.ts';

/** Of the rules that match the last one counts. It never offers the model a denied tool. */
const permission = { '*': 'deny', [`${toolServerName}_*`]: 'allow' };

export const kilo = profile({
  id: 'kilo',
  label: 'Kilo Code',
  command: ['kilo', 'acp'],
  installHint: 'npm install --global @kilocode/cli',
  localToolsOff: true,
  env: {
    // A call may wait for a person: the agent must not give up after its default of some seconds.
    KILO_CONFIG_CONTENT: JSON.stringify({
      permission,
      autoupdate: false,
      share: 'disabled',
      experimental: { mcp_timeout: 3_600_000 },
    }),
    KILO_DISABLE_AUTOUPDATE: 'true',
  },
  // As @kilocode/cli 7.7.7 itself names it (`kilo auth list`).
  loginFiles: ['.local/share/kilo/auth.json'],
  movedBy: movedByXdg,
  passEnv: [...modelKeys, 'KILO_API_KEY'],
  tried: true,
});
