/**
 * The commands of the `:` line: their names, what can follow them, and what they do. Everything here has a key, too, or is rare.
 */
import { editDistance, nearest } from '../../base/nearest.ts';
import type { SessionView } from '../../protocol/view.ts';
import type { Stage } from '../pane.ts';
import { LineOverlay } from '../panes/line-overlay.ts';
import { foreign } from '../present/text.ts';
import { viewNames } from '../screen-model.ts';

export interface CommandPorts {
  readonly stage: Stage;
  detach(): void;
}

interface Command {
  readonly name: string;
  /** What can follow. */
  words(ports: CommandPorts): readonly string[];
  run(ports: CommandPorts, rest: string): void;
}

const nothing = (): readonly string[] => [];

const commands: readonly Command[] = [
  ...viewNames.map(
    (name): Command => ({
      name,
      words: nothing,
      run: ({ stage }) => stage.perform(`view${name[0]?.toUpperCase()}${name.slice(1)}` as 'viewAudit'),
    }),
  ),
  { name: 'new', words: nothing, run: ({ stage }) => stage.perform('newSession') },
  { name: 'rename', words: nothing, run: ({ stage }) => stage.perform('renameSession') },
  { name: 'kill', words: nothing, run: ({ stage }) => stage.perform('killSession') },
  { name: 'session', words: ({ stage }) => stage.model.sessions.map((session) => session.id), run: showSession },
  { name: 'server', words: ({ stage }) => Object.keys(stage.model.view.servers), run: showServer },
  { name: 'mode', words: ({ stage }) => stage.model.session?.modes.map((mode) => mode.id) ?? [], run: setMode },
  { name: 'zoom', words: nothing, run: ({ stage }) => stage.perform('zoom') },
  { name: 'layout', words: nothing, run: ({ stage }) => stage.perform('arrange') },
  { name: 'thoughts', words: nothing, run: ({ stage }) => stage.perform('foldThoughts') },
  { name: 'open-items', words: nothing, run: ({ stage }) => stage.perform('openItems') },
  { name: 'changes', words: nothing, run: ({ stage }) => stage.perform('showChanges') },
  { name: 'verify', words: nothing, run: ({ stage }) => void verify(stage) },
  { name: 'reload', words: nothing, run: ({ stage }) => stage.perform('reloadServers') },
  { name: 'restart-host', words: nothing, run: ({ stage }) => stage.perform('restartHost') },
  { name: 'help', words: nothing, run: ({ stage }) => stage.perform('help') },
  { name: 'detach', words: nothing, run: (ports) => ports.detach() },
  { name: 'quit', words: nothing, run: (ports) => ports.detach() },
];

export function openPalette(ports: CommandPorts): void {
  ports.stage.open(
    new LineOverlay(ports.stage, {
      scope: 'palette',
      sign: ':',
      text: '',
      complete: (text) => toCompletions(ports, text),
      handleChange: () => undefined,
      submit: (text) => runCommand(ports, text),
      cancel: () => undefined,
    }),
  );
}

export function toCompletions(ports: CommandPorts, text: string): readonly string[] {
  const [name = '', ...rest] = text.split(' ');
  if (rest.length === 0) return commands.map((command) => command.name).filter((word) => word.startsWith(name));
  const word = rest.at(-1) ?? '';
  const command = commands.find((entry) => entry.name === name);
  return command?.words(ports).filter((entry) => entry.startsWith(word)) ?? [];
}

export function runCommand(ports: CommandPorts, text: string): void {
  const [name = '', ...rest] = text.trim().split(/\s+/);
  if (name === '') return;
  const exact = commands.find((command) => command.name === name);
  const begun = commands.filter((command) => command.name.startsWith(name));
  const command = exact ?? (begun.length === 1 ? begun[0] : undefined);
  if (command) return command.run(ports, rest.join(' '));
  // Every second short word is two edits away from one of these; only one edit is a slip of the finger.
  const names = commands
    .map((entry) => entry.name)
    .filter((known) => editDistance(name, known) <= Math.max(1, name.length / 3));
  const near = nearest(name, names);
  ports.stage.say(
    `There is no command "${name}"${near === null ? '; Tab lists them' : `; did you mean ${near}?`}`,
    'warn',
  );
}

function showSession({ stage }: CommandPorts, rest: string): void {
  const found = stage.model.sessions.find((session) => session.id === rest || session.title === rest);
  if (!found) return stage.say(`There is no session "${rest}"; 6 lists them.`, 'warn');
  stage.model.showSession(found.id);
  stage.perform('viewWorkspace');
}

function showServer({ stage }: CommandPorts, rest: string): void {
  if (!Object.hasOwn(stage.model.view.servers, rest) && !stage.model.paneIds.includes(rest))
    return stage.say(`There is no server "${rest}"; 4 lists them.`, 'warn');
  stage.model.showPane(rest);
}

function setMode({ stage }: CommandPorts, rest: string): void {
  const { session } = stage.model;
  if (!session) return stage.say('No session is open, so there is no mode to choose.', 'warn');
  if (session.modes.length === 0) return stage.say(`${foreign(session.agent)} has no modes.`, 'warn');
  if (!session.modes.some((mode) => mode.id === rest))
    return stage.say(`${foreign(session.agent)} has no mode "${rest}"; it has ${toModeList(session)}.`, 'warn');
  void stage.call('session.setMode', { session: session.id, mode: rest });
}

function toModeList({ modes }: SessionView): string {
  return modes.map((mode) => foreign(mode.id)).join(', ');
}

async function verify(stage: Stage): Promise<void> {
  const answer = await stage.call('audit.verify', {});
  if (answer) stage.say(answer.message, answer.ok ? 'ok' : 'danger');
}
