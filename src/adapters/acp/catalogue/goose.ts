/** goose: uses the client's files and terminals when they are offered, so its extensions are switched off and both doors are open to it. */
import { modelKeys } from './model-keys.ts';
import { profile } from './profile.ts';

export const goose = profile({
  id: 'goose',
  label: 'goose',
  command: ['goose', 'acp'],
  installHint: 'See https://block.github.io/goose for the installer of your system.',
  offers: { readFiles: true, writeFiles: true, terminals: true },
  localToolsOff: true,
  passEnv: [...modelKeys, 'GOOSE_PROVIDER', 'GOOSE_MODEL'],
  sessionMeta: { enabledExtensions: [] },
});
