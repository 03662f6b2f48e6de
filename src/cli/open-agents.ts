/** The agents of this machine for a command that needs no host: the catalogue, what can be asked of its agents, and how they are contained. */
import { realpathSync } from 'node:fs';
import { createAgentAccounts } from '../adapters/acp/agent-accounts.ts';
import { type AgentList, createAgentList } from '../adapters/acp/agent-list.ts';
import { type Catalogue, createCatalogue } from '../adapters/acp/catalogue/catalogue.ts';
import { systemClock } from '../base/clock.ts';
import type { AgentAccounts } from '../core/agents.ts';
import { createRedactor } from '../core/audit/create-redactor.ts';
import type { Paths } from '../core/paths.ts';
import type { Isolation } from '../core/ports.ts';
import { readConfigFile } from '../runtime/config-file.ts';
import { createIsolation } from '../runtime/isolation/create-isolation.ts';
import { toPaths } from '../runtime/paths.ts';
import { readSettings } from '../runtime/settings.ts';
import type { CliIo } from './output.ts';
import { readVersion } from './version.ts';

export interface OpenAgents {
  readonly agents: AgentList;
  readonly accounts: AgentAccounts;
  readonly catalogue: Catalogue;
  readonly isolation: Isolation;
  readonly paths: Paths;
}

export function openAgents(io: CliIo): OpenAgents {
  const paths = toPaths(io.env);
  const program = [process.execPath, realpathSync(process.argv[1] ?? '')];
  const catalogue = createCatalogue({
    agentsFile: paths.agentsFile,
    demoCommand: [...program, 'demo-agent'],
    readText: async (path) => (await readConfigFile(path))?.text ?? null,
  });
  const isolation = createIsolation({ platform: process.platform, searchPath: io.env.PATH ?? '' });
  const options = {
    paths,
    catalogue,
    isolation,
    // Nothing is kept of what an agent says here; its own keys still must not reach the terminal.
    redactor: createRedactor({ key: new Uint8Array(32) }),
    clock: systemClock,
    bridgeCommand: [...program, 'mcp-bridge'],
    env: io.env,
    version: readVersion(),
    network: async () => (await readSettings(paths.configFile)).network,
    requireIsolation: async () => (await readSettings(paths.configFile)).requireIsolation,
  };
  return { agents: createAgentList(options), accounts: createAgentAccounts(options), catalogue, isolation, paths };
}
