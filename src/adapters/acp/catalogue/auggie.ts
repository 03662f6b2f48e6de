/**
 * Auggie: nothing is known of how its own tools are switched off, so nothing is claimed; isolation alone contains it. 0.36.0 started isolated.
 * It opens no session before a login with an account of its own.
 */
import { profile } from './profile.ts';

export const auggie = profile({
  id: 'auggie',
  label: 'Auggie',
  command: ['auggie', '--acp'],
  installHint: 'npm install --global @augmentcode/auggie',
  // It would replace its own program, which it cannot write.
  env: { AUGMENT_DISABLE_AUTO_UPDATE: '1' },
  // By the source of @augmentcode/auggie 0.36.0.
  loginFiles: ['.augment/session.json'],
  passEnv: ['AUGMENT_SESSION_AUTH', 'AUGMENT_API_TOKEN', 'AUGMENT_API_URL'],
});
