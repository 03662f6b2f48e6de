/** `signalbox agent add`, `remove`, `enable` and `disable`: they edit agents.json, and leave in it what they do not touch. */
import type { Command } from 'commander';
import { findEntryProblem } from '../../../adapters/acp/catalogue/agents-file.ts';
import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { toLocalCommand } from '../../../runtime/local-command.ts';
import { readAgentEntries, removeAgentEntry, setAgentField } from '../../../runtime/registry/edit-agents.ts';
import { openAgents } from '../../open-agents.ts';
import { collectWords } from '../../options.ts';
import { type CliIo, ioOf, printJson, printLine, printNote } from '../../output.ts';
import { reloadAgents } from '../../reload-agents.ts';
import { toAbsoluteWords } from '../../to-absolute-words.ts';

interface AddOptions {
  readonly like?: string;
  readonly label?: string;
  readonly env: readonly string[];
  readonly passEnv: readonly string[];
  readonly fs?: true;
  readonly terminal?: true;
  readonly http?: true;
  readonly protocol?: string;
  readonly network?: string;
  readonly requireIsolation?: true;
  readonly json?: true;
}

export function registerEdits(agent: Command): void {
  agent
    .command('add')
    .argument('<name>', 'its id here: a-z, 0-9 and "-"')
    .argument('<command...>', 'after `--`: the program and arguments that make it speak the Agent Client Protocol')
    .description('attach an agent that is not in the catalogue')
    .option('--like <agent>', 'with the recipe of an agent of the catalogue: for a fork or another version of it')
    .option('--label <text>', 'what it is called on the screen')
    .option('--env <name=value>', 'a variable it gets; repeatable', collectValues, [])
    .option(
      '--pass-env <names>',
      'variables of yours it gets, such as the key of its model; repeatable',
      collectWords,
      [],
    )
    .option('--fs', 'let it use our file methods of the protocol, too')
    .option('--terminal', 'let it use our terminal methods of the protocol, too')
    .option('--http', 'it takes MCP servers over http only')
    .option('--protocol <version>', 'of the Agent Client Protocol: 1, 2 or auto; 2 is experimental')
    .option('--network <kind>', 'auto, own, host or none')
    .option('--require-isolation', 'never start it when it cannot be isolated')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  signalbox agent add mine --pass-env MINE_API_KEY -- my-agent --acp\n  signalbox agent add old-claude --like claude -- claude-code-acp\n',
    )
    .action(async (name: string, words: string[], options: AddOptions, command: Command) => {
      await add(ioOf(command), name, words, options);
    });
  agent
    .command('remove')
    .argument('<agent>', 'id of the agent')
    .description('take an agent out of agents.json; a built-in one is as it was then')
    .action(async (id: string, _options: object, command: Command) => await remove(ioOf(command), id));
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    agent
      .command(name)
      .argument('<agent>', 'id of the agent')
      .description(enabled ? 'offer an agent again' : 'keep an agent from being started')
      .action(async (id: string, _options: object, command: Command) => await setEnabled(ioOf(command), id, enabled));
  }
}

async function add(io: CliIo, id: string, words: readonly string[], options: AddOptions): Promise<void> {
  const { agents, catalogue, paths } = openAgents(io);
  const entry = toEntry(toAbsoluteWords(io, words), options);
  const isBuiltIn = catalogue.builtIn.some((one) => one.id === id);
  if (isBuiltIn || (await readAgentEntries(paths.agentsFile)).has(id)) {
    const next = isBuiltIn ? `choose another name` : `remove it first with \`signalbox agent remove ${id}\``;
    throw new OperationError('INVALID_ARGUMENT', `There is an agent "${id}" already; ${next}.`);
  }
  const problem = findEntryProblem(id, entry, catalogue.builtIn);
  if (problem !== null) throw new OperationError('INVALID_ARGUMENT', `The entry would not be valid: ${problem}`);
  await setAgentField(paths.agentsFile, id, null, entry);
  await reloadAgents(io);
  if (options.json) {
    printJson(io, { id, ...entry });
    return;
  }
  printLine(io, `Added ${id} to ${escapeExact(paths.agentsFile)}. Next: \`signalbox agent probe ${id}\`.`);
  printLine(io, `It runs \`${await toLocalCommand(entry.command.map(escapeExact))}\`.`);
  if (entry.passEnv !== undefined)
    printNote(
      io,
      'Sessions get these variables as they were when the host was started: `signalbox kill-host`, and the next one has them as they are now.',
    );
  const added = (await agents.list()).find((one) => one.id === id);
  if (added?.availability === 'not installed') printNote(io, `warning: ${escapeExact(words[0] ?? '')} was not found.`);
}

function toEntry(command: readonly string[], options: AddOptions) {
  const { label, env, passEnv, network, protocol } = options;
  return {
    extends: options.like ?? 'acp',
    ...(label === undefined ? {} : { label }),
    command,
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env.map(toVariable)) }),
    ...(passEnv.length === 0 ? {} : { passEnv }),
    ...(options.fs ? { fs: true } : {}),
    ...(options.terminal ? { terminal: true } : {}),
    ...(options.http ? { mcp: 'http' } : {}),
    ...(protocol === undefined ? {} : { protocol: /^\d+$/.test(protocol) ? Number(protocol) : protocol }),
    ...(network === undefined ? {} : { network }),
    ...(options.requireIsolation ? { requireIsolation: true } : {}),
  };
}

function toVariable(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new OperationError('INVALID_ARGUMENT', `--env takes NAME=VALUE, not "${text}".`);
}

/** A value may hold commas. */
function collectValues(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function remove(io: CliIo, id: string): Promise<void> {
  const { catalogue, paths } = openAgents(io);
  const isBuiltIn = catalogue.builtIn.some((one) => one.id === id);
  if (!(await removeAgentEntry(paths.agentsFile, id))) {
    const next = isBuiltIn
      ? `it is built in; \`signalbox agent disable ${id}\` keeps it from being started`
      : '`signalbox agent list` shows what there is';
    throw new OperationError('INVALID_ARGUMENT', `No agent "${id}" is in ${paths.agentsFile}: ${next}.`);
  }
  await reloadAgents(io);
  printLine(io, isBuiltIn ? `${id} is as it was built in.` : `Removed ${id}. Its HOME with its logins stays.`);
}

async function setEnabled(io: CliIo, id: string, enabled: boolean): Promise<void> {
  const { agents, paths } = openAgents(io);
  const known = (await agents.list()).map((one) => one.id);
  if (!known.includes(id)) {
    throw new OperationError('INVALID_ARGUMENT', `There is no agent "${id}"; known are ${known.join(', ')}.`);
  }
  await setAgentField(paths.agentsFile, id, 'enabled', enabled);
  await reloadAgents(io);
  printLine(io, enabled ? `${id} is offered again.` : `${id} is not started any more; sessions that have it go on.`);
}
