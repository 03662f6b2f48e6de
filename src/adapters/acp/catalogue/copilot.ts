/** Copilot: takes MCP servers of its client over http only. Its model is offered our tools by name and none of its own, and calls them without a question. */
import { operationNames } from '../../../core/operations/table.ts';
import { profile, toolServerName } from './profile.ts';

/** Of a model provider of one's own, in place of GitHub's. */
const providerVariables = [
  'COPILOT_PROVIDER_BASE_URL',
  'COPILOT_PROVIDER_TYPE',
  'COPILOT_PROVIDER_API_KEY',
  'COPILOT_PROVIDER_BEARER_TOKEN',
  'COPILOT_PROVIDER_WIRE_API',
  'COPILOT_MODEL',
  'COPILOT_OFFLINE',
];

const ourTools = operationNames.map((name) => `${toolServerName}-${name}`);

export const copilot = profile({
  id: 'copilot',
  label: 'GitHub Copilot CLI',
  command: [
    ...['copilot', '--acp', '--disable-builtin-mcps', '--no-auto-update', '--no-remote', '--no-ask-user'],
    // What its own permission requests are about is said in their title alone, so it must not ask about ours.
    ...[`--available-tools=${ourTools.join(',')}`, `--allow-tool=${toolServerName}`],
  ],
  installHint: 'npm install --global @github/copilot',
  mcp: 'http',
  localToolsOff: true,
  // By the program and help of @github/copilot 1.0.102: only where the system keeps no secrets;
  // a token in its keyring is in no file.
  loginFiles: ['.copilot/config.json'],
  movedBy: [{ variable: 'COPILOT_HOME', folder: '.copilot' }],
  passEnv: ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', ...providerVariables],
  tried: true,
});
