/**
 * The commands that can be typed into the palette: their names, what can follow them, and what they do. Most have a key, too.
 */

import { editDistance, nearest } from '../../base/nearest.ts';
import type { SessionView } from '../../protocol/view.ts';
import { toAgentModes } from '../agent-modes.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { findModelOption } from '../present/agent-line.ts';
import { toEnvironmentWord } from '../present/words.ts';
import { viewNames } from '../screen-model.ts';
import { whyNot } from '../situation.ts';
import { whyNoShellOn } from '../situation-shell.ts';
import { setMode as setAgentMode, setOption } from './agent-settings.ts';
import { attach } from './attach.ts';
import { exportConversation } from './export.ts';
import { toTarget } from './sessions.ts';
import { openShellOn } from './shells.ts';
import { keepTheme, listThemeNames, openThemePicker } from './themes.ts';
import { rememberTitle } from './undo.ts';

export interface CommandPorts {
  readonly stage: Stage;
  detach(): void;
}

export interface Command {
  readonly name: string;
  /** One sentence; absent where the action says it. */
  readonly help?: string;
  /** The action of the table of keys that it is. */
  readonly action?: Action;
  /** What can follow; absent where nothing can. */
  readonly words?: (ports: CommandPorts) => readonly string[];
  /** What is said of one of these words; the sentence of the command where absent. */
  readonly toDetail?: (ports: CommandPorts, word: string) => string;
  /** What else can follow than these words, in a word or two. */
  readonly free?: string;
  /** Without what follows it does nothing. */
  readonly isIncomplete?: boolean;
  run(ports: CommandPorts, rest: string): void;
}

function ofAction(name: string, action: Action): Command {
  return { name, action, run: ({ stage }) => tryAction(stage, action) };
}

/** A view is where commands lead, so its own name is one. */
const viewCommands = viewNames.map((name) =>
  ofAction(name, `view${name[0]?.toUpperCase()}${name.slice(1)}` as 'viewAudit'),
);

export const commands: readonly Command[] = [
  ...viewCommands,
  ofAction('new', 'newSession'),
  { ...ofAction('rename', 'renameSession'), free: 'new title', run: renameTo },
  ofAction('kill', 'killSession'),
  {
    ...{ name: 'session', help: 'Shows the session of this id.', isIncomplete: true },
    words: ({ stage }) => stage.model.sessions.map((session) => session.id),
    run: showSession,
  },
  {
    ...{ name: 'server', help: 'Shows the pane of this server.', isIncomplete: true },
    words: toServerWords,
    toDetail: toServerDetail,
    run: showServer,
  },
  {
    ...{ name: 'shell', help: 'Opens a shell of your own on this server.', isIncomplete: true },
    words: toServerWords,
    toDetail: toServerDetail,
    run: openShell,
  },
  {
    ...{ name: 'mode', action: 'chooseMode' },
    words: ({ stage }) => (stage.model.session ? toModeIds(stage.model.session) : []),
    run: setMode,
  },
  {
    ...{ name: 'model', help: 'Chooses the model of the agent.' },
    words: ({ stage }) => toModelValues(stage),
    run: setModel,
  },
  ofAction('options', 'chooseOption'),
  {
    ...{ name: 'agent', action: 'switchAgent' },
    words: ({ stage }) => stage.model.view.agents.map(({ id }) => id),
    run: switchAgent,
  },
  ofAction('start', 'startAgent'),
  ofAction('queue', 'showQueue'),
  {
    ...{ name: 'resend', help: 'Sends the prompts that an earlier host did not send.' },
    run: ({ stage }) => void answerHeld(stage, 'send'),
  },
  {
    ...{ name: 'drop-unsent', help: 'Drops the prompts that an earlier host did not send.' },
    run: ({ stage }) => void answerHeld(stage, 'drop'),
  },
  ofAction('edit-last', 'editLast'),
  { ...ofAction('attach', 'attach'), free: 'path of a file of this machine', run: attachFile },
  ofAction('waiting', 'showWaiting'),
  ofAction('zoom', 'zoom'),
  ofAction('layout', 'arrange'),
  ofAction('thoughts', 'foldThoughts'),
  {
    ...ofAction('export', 'exportConversation'),
    free: 'path of a new file',
    run: ({ stage }, rest) => exportConversation(stage, rest),
  },
  ofAction('open-items', 'openItems'),
  ofAction('durable', 'showDurables'),
  ofAction('changes', 'showChanges'),
  {
    ...{ name: 'verify', help: 'Checks that no record of the audit log was changed, removed or added.' },
    run: ({ stage }) => void verify(stage),
  },
  {
    ...{ name: 'theme', help: 'Chooses the colours of the screen, and shows each as the cursor moves.' },
    words: ({ stage }) => listThemeNames(stage),
    run: ({ stage }, rest) => (rest === '' ? openThemePicker(stage) : void keepTheme(stage, rest)),
  },
  ofAction('reload', 'reloadServers'),
  ofAction('restart-host', 'restartHost'),
  ofAction('help', 'help'),
  ofAction('detach', 'detach'),
  { name: 'quit', help: 'Leaves the screen; agents and commands run on.', run: (ports) => ports.detach() },
];

/** The command that a line begins with: by its name, or by what only its name begins with. */
export function findCommand(line: string): { readonly command: Command | null; readonly rest: string } {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  const exact = commands.find((command) => command.name === name);
  const begun = commands.filter((command) => command.name.startsWith(name));
  const only = name !== '' && begun.length === 1 ? (begun[0] ?? null) : null;
  return { command: exact ?? only, rest: rest.join(' ') };
}

export function runCommand(ports: CommandPorts, text: string): void {
  const { command, rest } = findCommand(text);
  if (command) return command.run(ports, rest);
  const [name = ''] = text.trim().split(/\s+/);
  if (name === '') return;
  // Every second short word is two edits away from one of these; only one edit is a slip of the finger.
  const names = commands
    .map((entry) => entry.name)
    .filter((known) => editDistance(name, known) <= Math.max(1, name.length / 3));
  const near = nearest(name, names);
  ports.stage.say(
    `There is no command "${name}"${near === null ? `; ${keyWord('palette', 'complete')} lists them` : `; did you mean ${near}?`}`,
    'warn',
  );
}

/** Those of the session in the workspace first. */
function toServerWords({ stage: { model } }: CommandPorts): readonly string[] {
  const own = new Set(model.session?.servers ?? []);
  const all = Object.keys(model.view.servers);
  return [...all.filter((id) => own.has(id)), ...all.filter((id) => !own.has(id))];
}

/** What tells servers apart before one goes there. */
function toServerDetail({ stage: { model } }: CommandPorts, id: string): string {
  const server = model.view.servers[id];
  if (!server) return '';
  const isOwn = model.session?.servers.includes(id) === true;
  return [toEnvironmentWord(server), server.address, ...(isOwn ? ['in this session'] : [])].join(', ');
}

function renameTo({ stage }: CommandPorts, title: string): void {
  const session = toTarget(stage);
  if (title === '' || !session) return tryAction(stage, 'renameSession');
  void rename(stage, session, title);
}

async function rename(stage: Stage, { id, title: before }: SessionView, title: string): Promise<void> {
  if (await stage.call('session.rename', { session: id, title })) rememberTitle(stage, id, before);
}

function showSession({ stage }: CommandPorts, rest: string): void {
  const found = stage.model.sessions.find((session) => session.id === rest || session.title === rest);
  if (!found)
    return stage.say(`There is no session "${rest}"; ${keyWord('global', 'viewSessions')} lists them.`, 'warn');
  stage.model.showSession(found.id);
  stage.perform('viewWorkspace');
}

function showServer({ stage }: CommandPorts, rest: string): void {
  if (!Object.hasOwn(stage.model.view.servers, rest) && !stage.model.paneIds.includes(rest))
    return stage.say(`There is no server "${rest}"; ${keyWord('global', 'viewServers')} lists them.`, 'warn');
  stage.model.showPane(rest);
}

function openShell({ stage }: CommandPorts, rest: string): void {
  const server = stage.model.view.servers[rest];
  if (!server)
    return stage.say(`There is no server "${rest}"; ${keyWord('global', 'viewServers')} lists them.`, 'warn');
  const reason = whyNoShellOn(server);
  if (reason !== null) return stage.say(`Not now: ${reason}.`, 'warn');
  void openShellOn(stage, server.id);
}

function setMode({ stage }: CommandPorts, rest: string): void {
  const { session } = stage.model;
  if (rest === '' || !session) return tryAction(stage, 'chooseMode');
  const ids = toModeIds(session);
  if (ids.length === 0) return stage.say(`${session.agent} has no modes.`, 'warn');
  if (!ids.includes(rest))
    return stage.say(`${session.agent} has no mode "${rest}"; it has ${ids.join(', ')}.`, 'warn');
  void setAgentMode(stage, session, rest);
}

/** As the key would: what cannot be done now says why. */
export function tryAction(stage: Stage, action: Action): void {
  const reason = whyNot(action, stage.model.toSituation(stage.model.baseScopes));
  if (reason === null) stage.perform(action);
  else stage.say(`Not now: ${reason}.`, 'warn');
}

function toModelValues({ model }: Stage): readonly string[] {
  const option = model.session ? findModelOption(model.session) : null;
  return option?.choices?.map(({ value }) => value) ?? [];
}

function setModel({ stage }: CommandPorts, rest: string): void {
  const { session } = stage.model;
  const option = session ? findModelOption(session) : null;
  if (!session || !option) return stage.say('The agent offers no choice of a model.', 'warn');
  if (rest === '') return tryAction(stage, 'chooseOption');
  if (!option.choices?.some(({ value }) => value === rest))
    return stage.say(
      `The agent has no model "${rest}"; ${keyWord('conversation', 'chooseOption')} lists those it has.`,
      'warn',
    );
  void setOption(stage, session.id, option, rest);
}

function switchAgent({ stage }: CommandPorts, rest: string): void {
  const { session, view } = stage.model;
  if (rest === '' || !session) return tryAction(stage, 'switchAgent');
  if (!view.agents.some(({ id }) => id === rest))
    return stage.say(`There is no agent "${rest}"; ${keyWord('global', 'viewAgents')} lists them.`, 'warn');
  void stage.call('session.switchAgent', { session: session.id, agent: { id: rest } });
}

function attachFile({ stage }: CommandPorts, rest: string): void {
  if (rest === '') tryAction(stage, 'attach');
  else void attach(stage, rest);
}

/** Prompts that an earlier host did not send. */
async function answerHeld(stage: Stage, how: 'send' | 'drop'): Promise<void> {
  const { session } = stage.model;
  if (!session?.heldPrompts?.length) return stage.say('No prompt of an earlier host is unsent here.', 'warn');
  const answer = await stage.call('session.resend', { session: session.id, how });
  if (!answer) return;
  const left = answer.left.length > 0 ? ` ${answer.left.length} not kept whole; write it again.` : '';
  stage.say(`${how === 'send' ? 'Sent' : 'Dropped'} ${answer.answered}.${left}`, left === '' ? 'ok' : 'warn');
}

function toModeIds(session: SessionView): readonly string[] {
  return toAgentModes(session).modes.map(({ id }) => id);
}

async function verify(stage: Stage): Promise<void> {
  const answer = await stage.call('audit.verify', {});
  if (answer) stage.say(answer.message, answer.ok ? 'ok' : 'danger');
}
