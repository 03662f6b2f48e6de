/** `signalbox agent login`, `logout` and `sessions`: an agent's own account and memory. It runs the agent for itself, without a host. */
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { findProfile } from '../../adapters/acp/agent-list.ts';
import { prepareLoginImport } from '../../adapters/acp/import-login.ts';
import { toOwnPlace, toPerson } from '../../adapters/acp/own-files.ts';
import { findUnusedSettings } from '../../adapters/acp/unused-settings.ts';
import { escapeExact, escapeProse } from '../../base/display/escape.ts';
import type { AgentLogin, TerminalLogin } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { findLoopbackUse } from '../../runtime/isolation/loopback-use.ts';
import { askLine, askYes, canAsk } from '../ask.ts';
import { exitCodes } from '../exit-codes.ts';
import { answerForm } from '../login-form.ts';
import { openAgents } from '../open-agents.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';

interface LoginOptions {
  readonly method?: string;
  readonly import?: true;
  readonly yes?: true;
}

export function registerAccounts(agent: Command): void {
  agent
    .command('login')
    .argument('<agent>', 'id of the agent')
    .description('log an agent in, within the HOME it has here')
    .option('--method <id>', 'one of the ways that the agent offers')
    .option('--import', 'copy the login and the choice of model that you have outside of signalbox')
    .option('--yes', 'copy without asking')
    .action(async (id: string, options: LoginOptions, command: Command) => {
      if (options.import) await importLogin(ioOf(command), id, options);
      else await login(ioOf(command), id, options);
    })
    .addHelpText('after', '\nExample:\n  signalbox agent login gemini\n  signalbox agent login codex --import\n');
  agent
    .command('logout')
    .argument('<agent>', 'id of the agent')
    .description('make an agent forget its login')
    .action(async (id: string, _options: object, command: Command) => await logout(ioOf(command), id));
  agent
    .command('sessions')
    .argument('<agent>', 'id of the agent')
    .description('list what an agent keeps of its sessions, or delete one')
    .option('--delete <session>', 'its id, as the list shows it')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { delete?: string; json?: true }, command: Command) => {
      await sessions(ioOf(command), id, options);
    });
}

async function login(io: CliIo, id: string, options: LoginOptions): Promise<void> {
  if (options.method === undefined && canAsk(io) && (await wantsImport(io, id)))
    return await importLogin(io, id, options);
  const { accounts } = openAgents(io);
  const { logins } = await accounts.logins(id);
  const method = await chooseMethod(io, id, logins, options.method);
  if (method.kind === 'terminal') {
    const status = await accounts.terminalLogin(id, method.id, (found) => runOnTerminal(io, found));
    if (status !== 0) {
      io.exitCode = exitCodes.unreachable;
      printNote(io, `The login of ${id} did not work: its program ended with status ${status}.`);
      return;
    }
  } else {
    printNote(io, `${id} logs in with "${escapeProse(method.name)}"; Ctrl-C ends it.`);
    // Some can only be logged in by a command of theirs, say so here, and agree to everything.
    if (method.description !== null) printNote(io, `It says of this login: ${escapeProse(method.description)}`);
    const stop = new AbortController();
    const withdrawn = new Set<string>();
    const handleInterrupt = (): void => stop.abort();
    process.once('SIGINT', handleInterrupt);
    try {
      await accounts.login(id, method.id, {
        signal: stop.signal,
        onVerdict: ({ state, reason }) => printNote(io, `Meanwhile it runs ${state}: ${reason}`),
        onForm: (form) => answerForm(io, form, { isWithdrawn: () => withdrawn.has(form.id) }),
        onFormWithdrawn: (form) => withdrawn.add(form),
        onWords: (line) => printNote(io, escapeProse(line)),
      });
    } finally {
      process.removeListener('SIGINT', handleInterrupt);
    }
  }
  printLine(
    io,
    `${id} says that it is logged in. The login stays in its own HOME; sessions that run must be started anew to use it.`,
  );
}

async function chooseMethod(
  io: CliIo,
  id: string,
  logins: readonly AgentLogin[],
  wanted: string | undefined,
): Promise<AgentLogin> {
  const [only] = logins;
  if (only === undefined)
    throw new OperationError(
      'UNSUPPORTED',
      `${id} offers no login; \`signalbox agent show ${id}\` names the variables it gets.`,
    );
  const list = logins.map((one) => `  ${escapeExact(one.id)}  ${escapeProse(one.name)}`).join('\n');
  const ids = logins.map((one) => escapeExact(one.id)).join(', ');
  if (wanted === undefined && logins.length === 1) return only;
  if (wanted === undefined && !canAsk(io))
    throw new OperationError('INVALID_ARGUMENT', `${id} offers several logins; choose one with --method: ${ids}.`);
  if (wanted === undefined) printNote(io, `${id} offers:\n${list}`);
  const chosen = wanted ?? (await askLine(io, 'Which one? '));
  const found = logins.find((one) => one.id === chosen);
  if (found) return found;
  throw new OperationError('INVALID_ARGUMENT', `${id} has no login "${chosen}"; choose one of ${ids}.`);
}

/** Its exit status; a signal counts as failure. */
async function runOnTerminal(io: CliIo, { argv, env, cwd, verdict }: TerminalLogin): Promise<number> {
  if (!canAsk(io)) throw new OperationError('UNSUPPORTED', 'This login needs a terminal; run the command in one.');
  printNote(io, `Its own program takes over this terminal (${verdict.state}: ${verdict.reason}).`);
  const [program = '', ...args] = argv;
  return await new Promise<number>((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env }, stdio: 'inherit' });
    // The terminal sends an interrupt to both of us: it is for the program.
    const pass = (): void => void child.kill('SIGINT');
    process.on('SIGINT', pass);
    child.once('error', (error) => reject(new OperationError('CONFIG_INVALID', error.message, { cause: error })));
    child.once('exit', (status) => {
      process.removeListener('SIGINT', pass);
      resolve(status ?? exitCodes.cancelled);
    });
  });
}

/** Whoever has a login or a model of their own elsewhere mostly means that one. */
async function wantsImport(io: CliIo, id: string): Promise<boolean> {
  const { catalogue, paths } = openAgents(io);
  const advice = await findUnusedSettings(await findProfile(catalogue, id), { paths, env: io.env });
  if (advice === null) return false;
  printNote(io, advice);
  return await askYes(io, 'Do that instead of logging in?');
}

async function importLogin(io: CliIo, id: string, options: LoginOptions): Promise<void> {
  const { catalogue, paths } = openAgents(io);
  const profile = await findProfile(catalogue, id);
  const person = toPerson(io.env);
  const found = await prepareLoginImport(profile, paths, person);
  for (const warning of found.warnings) printNote(io, warning);
  if (found.files.length === 0) {
    const wanted = [...profile.loginFiles, ...(profile.modelSettings?.files ?? [])];
    const looked = wanted.flatMap((file) => toOwnPlace(profile, file, person)?.words ?? []).join(', ');
    throw new OperationError(
      'CREDENTIALS_UNAVAILABLE',
      `You have no login of ${profile.label} (looked for ${looked}).`,
    );
  }
  const files = found.files
    .map(({ from, keys }) => `  ${from.join(', ')}${keys === null ? '' : `, of it only ${keys.join(', ')}`}`)
    .join('\n');
  printNote(io, `These files would be copied to ${escapeExact(found.home)}:\n${files}`);
  printNote(io, `The agent, and whatever makes it act, can then read them: it has your account of ${profile.label}.`);
  if (options.yes !== true) {
    if (!canAsk(io))
      throw new OperationError('UNSUPPORTED', 'Nothing was copied; add --yes to copy without a question.');
    if (!(await askYes(io, 'Copy them?'))) throw new OperationError('CANCELLED', 'Nothing was copied.');
  }
  await found.copy();
  if (found.settingsText !== null && findLoopbackUse({ settings: found.settingsText }) !== null)
    printNote(
      io,
      `They name an address of this machine itself. An agent with a network of its own does not reach it: say "network": "host" in config.json, or in agents.json for ${profile.label} alone, and start the host anew.`,
    );
  printLine(
    io,
    `Copied ${found.files.length === 1 ? '1 file' : `${found.files.length} files`}. A later login outside does not change them.`,
  );
}

async function logout(io: CliIo, id: string): Promise<void> {
  await openAgents(io).accounts.logout(id);
  printLine(io, `${id} is logged out.`);
}

async function sessions(
  io: CliIo,
  id: string,
  options: { readonly delete?: string; readonly json?: true },
): Promise<void> {
  const { accounts } = openAgents(io);
  if (options.delete !== undefined) {
    await accounts.deleteSession(id, options.delete);
    printLine(io, `${id} has deleted session ${escapeExact(options.delete)}.`);
    return;
  }
  const found = await accounts.sessions(id);
  if (options.json) {
    printJson(io, { sessions: found });
    return;
  }
  const rows = found.map((one) => [
    escapeExact(one.id),
    escapeExact(one.updatedAt ?? ''),
    escapeProse(one.title ?? ''),
  ]);
  printTable(io, ['SESSION', 'UPDATED', 'TITLE'], rows);
}
