/**
 * `signalbox server trust-command`: shows the commands of this machine that the ssh configuration wants run on the way to servers, whole, and
 * records the operator's leave for exactly those. It runs only what was allowed.
 */
import { systemClock } from '../../../base/clock.ts';
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { isLibrary, type LocalCommand, type LocalCommands } from '../../../core/login/local-command.ts';
import { toLeaveRefusal } from '../../../runtime/local-commands/ask-leave.ts';
import { createRegistry } from '../../../runtime/registry/create-registry.ts';
import { askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type Desk, openDesk } from './desk.ts';

export interface TrustCommandOptions {
  readonly all?: true;
  readonly list?: true;
  readonly revoke?: true;
  readonly yes?: true;
  readonly json?: true;
}

export async function trustCommands(io: CliIo, ids: readonly string[], options: TrustCommandOptions): Promise<void> {
  const desk = openDesk(io);
  if (options.list) return await listAllowed(io, desk, options);
  if (ids.length === 0 && !options.all)
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Name the servers, say --all for every one, or --list what is allowed.',
    );
  if (options.revoke) return await revoke(io, desk, ids);
  const servers = ids.length > 0 ? ids : await allIds(desk);
  const shown = new Set<string>();
  let allowed = 0;
  // What is allowed may bring further commands to light; each round asks about those that are new.
  for (;;) {
    const found = await collect(io, desk, servers, ids.length > 0);
    const fresh = found.filter((command) => !shown.has(keyOf(command)));
    const wanting: LocalCommand[] = [];
    for (const command of fresh) {
      shown.add(keyOf(command));
      const isKnown = await desk.allowedCommands.isAllowed(command);
      if (!isKnown) wanting.push(command);
      if (options.json) printJson(io, { ...command, wasAllowed: isKnown });
      else printLine(io, `${toWhere(command)}${isKnown ? ', allowed already' : ''}:\n  ${escapeExact(command.text)}\n`);
    }
    if (wanting.length === 0) break;
    await confirm(io, wanting.length, options);
    await desk.allowedCommands.allow(wanting, systemClock.nowMs());
    allowed += wanting.length;
  }
  if (allowed > 0) await reloadServers(io);
  if (options.json) return;
  if (shown.size === 0)
    printLine(io, `No command of this machine is run on the way to ${ids.join(', ') || 'any server'}.`);
  else if (allowed === 0) printLine(io, 'Nothing is left to allow.');
  else printLine(io, `Allowed. Each is asked about again when its text changes.`);
}

async function confirm(io: CliIo, count: number, options: TrustCommandOptions): Promise<void> {
  if (options.yes) return;
  const what = count === 1 ? 'this command' : `these ${count} commands`;
  if (!canAsk(io))
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Without a terminal nothing is asked; read the above, then say --yes.',
    );
  if (await askYes(io, `Let ${what} run on this machine, now and from now on?`)) return;
  throw new OperationError('CANCELLED', 'Nothing was allowed.');
}

/** Those on the way to the servers, as far as they come to light before one that is not allowed. */
async function collect(
  io: CliIo,
  desk: Desk,
  ids: readonly string[],
  isNamed: boolean,
): Promise<readonly LocalCommand[]> {
  const found = new Map<string, LocalCommand>();
  const note = (command: LocalCommand): void => void found.set(keyOf(command), command);
  const listening: LocalCommands = {
    ...desk.localCommands,
    async demand(command, asker) {
      note(command);
      if (!(await desk.allowedCommands.isAllowed(command))) throw toLeaveRefusal(command, asker);
    },
  };
  const registry = createRegistry({ paths: desk.paths, env: io.env, localCommands: listening });
  for (const id of ids) {
    const before = found.size;
    try {
      for (const command of await registry.proxyCommandsTo(id, desk.workspace)) note(command);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      // A refusal of ours says nothing new: its command was found.
      if (found.size > before || [...found.values()].some(({ server }) => server === null)) continue;
      if (isNamed) throw error;
      printNote(io, `skipped ${id}: ${escapeProse(error.message)}`);
    }
  }
  return [...found.values()];
}

async function allIds(desk: Desk): Promise<readonly string[]> {
  const { servers, broken } = await desk.registry.list(desk.workspace);
  return [...servers, ...broken].map(({ id }) => id).sort();
}

async function listAllowed(io: CliIo, desk: Desk, options: TrustCommandOptions): Promise<void> {
  const commands = await desk.allowedCommands.list();
  if (options.json) return printJson(io, { file: desk.allowedCommands.file, commands });
  if (commands.length === 0) printLine(io, 'No command of this machine is allowed.');
  for (const command of commands)
    printLine(io, `${toWhere(command)}, allowed ${command.allowedAt}:\n  ${escapeExact(command.text)}`);
}

/** With no server named, all of them. */
async function revoke(io: CliIo, desk: Desk, ids: readonly string[]): Promise<void> {
  const gone = await desk.allowedCommands.revoke(({ server }) => ids.length === 0 || ids.includes(server ?? ''));
  if (gone.length > 0) await reloadServers(io);
  const what = gone.length === 1 ? '1 command is' : `${gone.length} commands are`;
  printLine(io, `${what} not allowed any more; connections over ${gone.length === 1 ? 'it' : 'them'} are closed.`);
}

function toWhere(command: LocalCommand): string {
  const { server } = command;
  if (isLibrary(command)) return `To log in to ${server} with the keys of a token (a library)`;
  if (server === null) return 'For whichever server is looked up (Match exec)';
  return `To reach ${server.startsWith('ssh:') ? `the jump host ${escapeExact(server.slice(4))}` : server} (ProxyCommand)`;
}

function keyOf({ server, text }: LocalCommand): string {
  return JSON.stringify([server, text]);
}
