/** goose: its developer extension works through the client's files and terminals; without its extensions it has our MCP server alone. */
import { modelKeys } from './model-keys.ts';
import { movedByXdg, profile } from './profile.ts';

export const goose = profile({
  id: 'goose',
  label: 'goose',
  command: ['goose', 'acp'],
  installHint: 'See https://block.github.io/goose for the installer of your system.',
  // By its source (crates/goose/src/config/base.rs): the file counts only where the keyring, which no isolated agent reaches, is switched off.
  env: { GOOSE_DISABLE_KEYRING: '1' },
  loginFiles: ['.config/goose/secrets.yaml'],
  // By its source (crates/goose/src/config/paths.rs).
  movedBy: [{ variable: 'GOOSE_PATH_ROOT', folder: '.config/goose', to: 'config' }, ...movedByXdg],
  offers: { readFiles: true, writeFiles: true, terminals: true },
  // With each shell line it names its own session. An environment makes a command one that has to be asked for.
  ownVariables: ['AGENT_SESSION_ID'],
  localToolsOff: true,
  passEnv: [...modelKeys, 'GOOSE_PROVIDER', 'GOOSE_MODEL'],
  sessionMeta: { enabledExtensions: [] },
});
