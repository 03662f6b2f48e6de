/**
 * Cline: nothing is known of how its own tools are switched off, so nothing is claimed; isolation alone contains it. 3.0.65 started isolated.
 * It opens no session before a login with an account of its own.
 */
import { modelKeys } from './model-keys.ts';
import { profile } from './profile.ts';

export const cline = profile({
  id: 'cline',
  label: 'Cline',
  command: ['cline', '--acp'],
  installHint: 'npm install --global cline',
  // Where `cline auth` of 3.0.65 put a key.
  loginFiles: ['.cline/data/settings/providers.json'],
  movedBy: [
    { variable: 'CLINE_DATA_DIR', folder: '.cline/data' },
    { variable: 'CLINE_DIR', folder: '.cline' },
  ],
  passEnv: [...modelKeys, 'CLINE_API_KEY'],
});
