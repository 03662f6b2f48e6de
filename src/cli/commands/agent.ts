/** `signalbox agent`: which agents there are and what state they are in. It works without a host and starts an agent only to probe it. */
import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { type AgentList, createAgentList, findProfile } from '../../adapters/acp/agent-list.ts';
import { type Catalogue, createCatalogue } from '../../adapters/acp/catalogue/catalogue.ts';
import { systemClock } from '../../base/clock.ts';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import type { AgentEntry } from '../../core/agents.ts';
import { createRedactor } from '../../core/audit/create-redactor.ts';
import { createIsolation } from '../../runtime/isolation/create-isolation.ts';
import { toLocalCommand } from '../../runtime/local-command.ts';
import { toPaths } from '../../runtime/paths.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { readVersion } from '../version.ts';

export function register(program: Command): void {
  const agent = program.command('agent').description('show the agents that can be attached, and try them');
  agent
    .command('list')
    .description('list the agents with their state')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }, command: Command) => await list(ioOf(command), options));
  agent
    .command('show')
    .argument('<agent>', 'id of the agent')
    .description('show how an agent is started and contained')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: true }, command: Command) => await show(ioOf(command), id, options));
  agent
    .command('probe')
    .argument('<agent>', 'id of the agent')
    .description('start an agent, ask for its version, and end it again')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: true }, command: Command) => await probe(ioOf(command), id, options))
    .addHelpText('after', '\nExample:\n  signalbox agent probe opencode\n');
}

async function list(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const { agents } = open(io);
  const [entries, warnings] = await Promise.all([agents.list(), agents.warnings()]);
  if (options.json) {
    printJson(io, { agents: entries, warnings });
    return;
  }
  for (const warning of warnings) printNote(io, `warning: ${escapeProse(warning)}`);
  const rows = entries.map((entry) => [
    entry.id,
    escapeProse(entry.label),
    entry.availability,
    escapeProse(entry.diagnostic),
  ]);
  printTable(io, ['ID', 'AGENT', 'STATE', 'WHAT TO KNOW'], rows);
}

async function show(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const { agents, catalogue, isolation } = open(io);
  const profile = await findProfile(catalogue, id);
  const entry = (await agents.list()).find((one) => one.id === profile.id);
  const { ok, reason } = await isolation.available();
  const facts = {
    ...entry,
    offers: profile.offers,
    localToolsOff: profile.localToolsOff,
    passEnv: profile.passEnv,
    requireIsolation: profile.requireIsolation,
    isolation: { available: ok, reason },
  };
  if (options.json) {
    printJson(io, facts);
    return;
  }
  const offered = Object.entries(profile.offers).flatMap(([name, offers]) => (offers ? [toWords(name)] : []));
  printFacts(io, {
    agent: `${profile.id} (${profile.label}), ${profile.origin}`,
    command: await toLocalCommand(profile.command.map(escapeExact)),
    state: `${entry?.availability}: ${entry?.diagnostic}`,
    'own tools': profile.localToolsOff ? 'switched off by its profile' : 'NOT switched off',
    'client methods': offered.length > 0 ? offered.join(', ') : 'none; it works through our tools',
    'variables it gets': profile.passEnv.length > 0 ? profile.passEnv.join(', ') : 'none of yours',
    isolation: ok ? `works here (${reason})` : reason,
  });
}

async function probe(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const { agents } = open(io);
  const entry = await agents.probe(id);
  if (entry.availability !== 'ready') io.exitCode = exitCodes.unreachable;
  if (options.json) {
    printJson(io, entry);
    return;
  }
  printFacts(io, toProbeFacts(entry));
}

function toProbeFacts(entry: AgentEntry): Readonly<Record<string, string>> {
  return {
    agent: `${entry.id} (${entry.label})`,
    state: `${entry.availability}: ${entry.diagnostic}`,
    version: entry.version ?? 'not known',
  };
}

function printFacts(io: CliIo, facts: Readonly<Record<string, string>>): void {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) printLine(io, `${name.padEnd(width)}  ${escapeProse(value)}`);
}

/** readFiles → "read files". */
function toWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function open(io: CliIo): {
  readonly agents: AgentList;
  readonly catalogue: Catalogue;
  readonly isolation: ReturnType<typeof createIsolation>;
} {
  const paths = toPaths(io.env);
  const program = [process.execPath, realpathSync(process.argv[1] ?? '')];
  const catalogue = createCatalogue({ agentsFile: paths.agentsFile, demoCommand: [...program, 'demo-agent'] });
  const isolation = createIsolation({ platform: process.platform, searchPath: io.env.PATH ?? '' });
  const agents = createAgentList({
    paths,
    catalogue,
    isolation,
    // Nothing is kept of what a probed agent says; its own keys still must not reach the terminal.
    redactor: createRedactor({ key: new Uint8Array(32) }),
    clock: systemClock,
    bridgeCommand: [...program, 'mcp-bridge'],
    env: io.env,
    version: readVersion(),
  });
  return { agents, catalogue, isolation };
}
