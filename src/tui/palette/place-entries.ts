/**
 * Sessions, servers and agents as entries of the palette: choosing one shows it.
 */
import type { CommandPorts } from '../actions/commands.ts';
import { DurablesOverlay } from '../panes/durables-overlay.ts';
import { toStanding } from '../present/durables.ts';
import { toShortTitle } from '../present/sessions.ts';
import { toEnvironmentWord } from '../present/words.ts';
import type { PaletteEntry } from './palette-entry.ts';

const plain = { key: null, disabled: null };

/** The newest first; the one in the workspace last, since one is there already. */
export function toSessionEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  const { model } = stage;
  const shown = model.session?.id;
  const sessions = [...model.sessions].reverse();
  return [...sessions.filter(({ id }) => id !== shown), ...sessions.filter(({ id }) => id === shown)].map(
    (session) => ({
      ...plain,
      ...{ id: `session ${session.id}`, group: 'Session', title: toShortTitle(session), command: null },
      detail: [session.agent, session.state, session.servers.join(' '), session.id === shown ? 'shown now' : '']
        .filter(Boolean)
        .join(', '),
      run: () => {
        model.showSession(session.id);
        model.viewName = 'workspace';
        model.focus = model.hasPrompt ? 'prompt' : 'conversation';
        stage.invalidate();
      },
    }),
  );
}

export function toServerEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  const { model } = stage;
  const asking = new Set(model.view.logins.map(({ server }) => server));
  // Members one by one: spreading took most of the time in which the palette opens with ten thousand servers.
  return Object.values(model.view.servers).map((server) => ({
    id: `server ${server.id}`,
    group: 'Server',
    title: server.id,
    detail: [
      toEnvironmentWord(server),
      asking.has(server.id) ? 'waiting for you' : server.state,
      ...server.groups,
      server.address,
    ].join(', '),
    key: null,
    command: null,
    disabled: null,
    run: () => {
      model.showPane(server.id);
      stage.invalidate();
    },
  }));
}

/** Commands that go on without us: each leads to its row in their list. */
export function toDurableEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  return stage.model.view.durables.map((durable) => ({
    ...plain,
    ...{ id: `durable ${durable.id}`, group: 'Durable command', title: durable.title, command: null },
    detail: `${durable.server}, ${toStanding(durable)}`,
    run: () => stage.open(new DurablesOverlay(stage, durable.id)),
  }));
}

export function toAgentEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  const { model } = stage;
  return model.view.agents.map((agent) => ({
    ...plain,
    ...{ id: `agent ${agent.id}`, group: 'Agent', title: agent.label, command: null },
    detail: agent.label === agent.id ? agent.availability : `${agent.id}, ${agent.availability}`,
    run: () => {
      model.searches.delete('agents');
      model.chosenAgent = agent.id;
      stage.perform('viewAgents');
    },
  }));
}
