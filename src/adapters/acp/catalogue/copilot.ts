/** Copilot: takes MCP servers over http only, which signalbox does not offer; listed so that nobody has to find that out. */
import { profile } from './profile.ts';

export const copilot = profile({
  id: 'copilot',
  label: 'GitHub Copilot CLI',
  command: ['copilot', '--acp', '--disable-builtin-mcps'],
  installHint: 'npm install --global @github/copilot',
  passEnv: ['GH_TOKEN', 'GITHUB_TOKEN'],
  unusable: 'Copilot reaches tools over http only and signalbox offers them over stdio: choose another agent.',
});
