/** `signalbox agent`: which agents there are and what state they are in. It works without a host and starts an agent only to probe it. */
import type { Command } from 'commander';
import { findProfile } from '../../adapters/acp/agent-list.ts';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import type { AgentEntry } from '../../core/agents.ts';
import { toLocalCommand } from '../../runtime/local-command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openAgents } from '../open-agents.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { toSafeSentence } from '../safe-text.ts';
import { registerEdits } from './agent/edit-agents.ts';
import { registerImport } from './agent/import-agents.ts';
import { registerInstall } from './agent/install-agent.ts';
import { type LiveOptions, showLiveProbe } from './agent/probe-live.ts';
import { registerAccounts } from './agent-accounts.ts';

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
    .option('--live', 'let it read a file on a server and tell whose file it saw; spends tokens of its model')
    .option('--server <id>', 'with --live: the server')
    .option('--path <file>', 'with --live: a file that differs here and there, when none of the usual ones does')
    .option('--json', 'as JSON')
    .action(async (id: string, options: ProbeOptions, command: Command) => await probe(ioOf(command), id, options))
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox agent probe opencode\n  signalbox agent probe --live opencode --server web-1\n',
    );
  registerEdits(agent);
  registerInstall(agent);
  registerImport(agent);
  registerAccounts(agent);
}

interface ProbeOptions extends LiveOptions {
  readonly live?: true;
}

async function list(io: CliIo, options: { readonly json?: true }): Promise<void> {
  const { agents } = openAgents(io);
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
    toSafeSentence(entry.diagnostic),
  ]);
  printTable(io, ['ID', 'AGENT', 'STATE', 'WHAT TO KNOW'], rows);
}

async function show(io: CliIo, id: string, options: { readonly json?: true }): Promise<void> {
  const { agents, catalogue, isolation } = openAgents(io);
  const profile = await findProfile(catalogue, id);
  const entry = (await agents.list()).find((one) => one.id === profile.id);
  const { ok, reason } = await isolation.available();
  const facts = {
    ...entry,
    protocol: profile.protocol,
    offers: profile.offers,
    localToolsOff: profile.localToolsOff,
    passEnv: profile.passEnv,
    requireIsolation: profile.requireIsolation,
    network: profile.network,
    tried: profile.tried,
    isolation: { available: ok, reason },
  };
  if (options.json) {
    printJson(io, facts);
    return;
  }
  // Version 2 has no such methods.
  const offers = profile.protocol === 2 ? {} : profile.offers;
  const offered = Object.entries(offers).flatMap(([name, offers]) => (offers ? [toWords(name)] : []));
  printFacts(io, {
    agent: `${profile.id} (${profile.label}), ${profile.origin}`,
    command: await toLocalCommand(profile.command.map(escapeExact)),
    state: `${entry?.availability}: ${entry?.diagnostic}`,
    'own tools': profile.localToolsOff ? 'switched off by its profile' : 'NOT switched off',
    protocol: protocolWords[profile.protocol],
    'client methods': offered.length > 0 ? offered.join(', ') : 'none; it works through our tools',
    'variables it gets': profile.passEnv.length > 0 ? profile.passEnv.join(', ') : 'none of yours',
    isolation: ok ? `works here (${reason})` : `NOT CONTAINED: ${reason}`,
    network: profile.network ?? 'as config.json says',
    recipe: profile.tried ? 'tried with the real agent' : 'NOT tried with the real agent',
  });
}

const protocolWords = {
  1: 'version 1',
  2: 'version 2, which is experimental',
  auto: 'version 2 where it can, which is experimental, else version 1',
} as const;

async function probe(io: CliIo, id: string, options: ProbeOptions): Promise<void> {
  if (options.live) return await showLiveProbe(io, id, options);
  const { agents } = openAgents(io);
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
  for (const [name, value] of Object.entries(facts)) printLine(io, `${name.padEnd(width)}  ${toSafeSentence(value)}`);
}

/** readFiles → "read files". */
function toWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
