/** `signalbox agent import`: takes agents over from a registry in the public format, after showing the exact command of each. */
import type { Command } from 'commander';
import { type RegistryEntry, readAcpRegistry } from '../../../adapters/acp/catalogue/read-acp-registry.ts';
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { toLocalCommand } from '../../../runtime/local-command.ts';
import { readAgentEntries, setAgentEntries } from '../../../runtime/registry/edit-agents.ts';
import { askYes, canAsk } from '../../ask.ts';
import { openAgents } from '../../open-agents.ts';
import { type CliIo, ioOf, printExact, printJson, printLine, printNote } from '../../output.ts';
import { readRegistryText } from '../../read-registry-text.ts';
import { reloadAgents } from '../../reload-agents.ts';

interface ImportOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function registerImport(agent: Command): void {
  agent
    .command('import')
    .argument('<place>', 'a file or an https address: registry.json or agent.json of the public ACP registry')
    .argument('[ids...]', 'only these agents')
    .description('take agents over from a registry')
    .option('--yes', 'without asking')
    .option('--dry-run', 'only show what would be added')
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action(async (place: string, ids: string[], options: ImportOptions, command: Command) => {
      await importAgents(ioOf(command), place, ids, options);
    });
}

const examples = `
Nothing is installed: npx and uvx fetch an agent when it is first started, within its isolation.

Example:
  signalbox agent import https://cdn.agentclientprotocol.com/registry/v1/latest/registry.json kimi
`;

async function importAgents(io: CliIo, place: string, ids: readonly string[], options: ImportOptions): Promise<void> {
  const { catalogue, paths } = openAgents(io);
  const taken = new Set((await readAgentEntries(paths.agentsFile)).keys());
  const found = readAcpRegistry(await readRegistryText(place, io.cwd), { builtIn: catalogue.builtIn, taken });
  const isWanted = (id: string): boolean => ids.length === 0 || ids.includes(id);
  const entries = Object.fromEntries(Object.entries(found.entries).filter(([id]) => isWanted(id)));
  const left = found.left.filter(({ id }) => isWanted(id));
  const unknown = ids.filter((id) => !Object.hasOwn(entries, id) && !left.some((one) => one.id === id));
  if (unknown.length > 0) {
    throw new OperationError('INVALID_ARGUMENT', `The registry has no agent ${unknown.join(', ')}; nothing was added.`);
  }
  if (options.json) printJson(io, { entries, left });
  else await show(io, entries, left);
  const count = Object.keys(entries).length;
  if (options.dryRun || count === 0) return;
  if (!options.yes) {
    if (!canAsk(io)) {
      throw new OperationError('INVALID_ARGUMENT', 'Nothing was added: give --yes, or run this in a terminal.');
    }
    const what = count === 1 ? 'this agent' : `these ${count} agents`;
    if (!(await askYes(io, `Add ${what} to ${escapeExact(paths.agentsFile)}?`))) {
      printNote(io, 'Nothing was added.');
      return;
    }
  }
  await setAgentEntries(paths.agentsFile, entries);
  await reloadAgents(io);
  if (!options.json) printLine(io, `Added ${Object.keys(entries).join(', ')}. Next: \`signalbox agent probe ID\`.`);
}

async function show(
  io: CliIo,
  entries: Readonly<Record<string, RegistryEntry>>,
  left: readonly { readonly id: string; readonly reason: string }[],
): Promise<void> {
  for (const [id, { label, command, env }] of Object.entries(entries)) {
    printLine(io, `${id}  ${escapeProse(label)}`);
    printExact(io.stdout, `    runs  ${await toLocalCommand(command.map(escapeExact))}`);
    for (const [name, value] of Object.entries(env ?? {})) printLine(io, `    sets  ${name}=${escapeExact(value)}`);
  }
  for (const { id, reason } of left) printNote(io, `left out: ${escapeProse(`${id}: ${reason}`)}`);
  if (Object.keys(entries).length === 0) printNote(io, 'There is nothing to add.');
}
