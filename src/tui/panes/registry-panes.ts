/**
 * The three lists of what is registered or runs: servers, agents and sessions, each as rows and details over the one list pane.
 */

import type { AgentView, LoginView, ServerView, SessionView, View } from '../../protocol/view.ts';
import { recallFacts } from '../actions/servers.ts';
import { keyWord } from '../key-words.ts';
import { LazyProse } from '../lazy-prose.ts';
import type { Stage } from '../pane.ts';
import { toAgentDetails, toAgentRow, toOrderedAgents } from '../present/agents.ts';
import { factsHeading } from '../present/facts.ts';
import type { Page } from '../present/page.ts';
import { testHeading, toServerColumns, toServerDetails, toServerRow } from '../present/servers.ts';
import {
  type SessionColumns,
  type SessionPlace,
  toSessionColumns,
  toSessionDetails,
  toSessionHeading,
  toSessionRow,
} from '../present/sessions.ts';
import type { FactsState } from '../server-desk.ts';
import { summarizeServers } from '../server-summary.ts';
import { ListPane } from './list-pane.ts';

export function createServersPane(stage: Stage): ListPane<ServerView> {
  const { model } = stage;
  const loginOf = (id: string): LoginView | null => model.view.logins.find(({ server }) => server === id) ?? null;
  return new ListPane<ServerView>(stage, {
    title: 'Servers',
    emptyText: () =>
      `No server is registered. ${keyWord('servers', 'addServer')} adds one, ${keyWord('servers', 'importServers')} imports hosts of ~/.ssh/config.`,
    rows: () => summarizeServers(model.view.servers).sorted,
    idOf: (server) => server.id,
    filter: () => model.searches.get('servers') ?? '',
    chosen: () => model.chosenServer,
    toIngredients: (server) =>
      server.retryAtMs == null
        ? [
            model.tests.get(server.id),
            toServerColumns(summarizeServers(model.view.servers).sorted),
            loginOf(server.id) === null,
          ]
        : null,
    toRow: (server, page) => {
      const columns = toServerColumns(summarizeServers(model.view.servers).sorted);
      return toServerRow(server, model.tests.get(server.id) ?? null, page, columns, loginOf(server.id));
    },
    toDetails: (server, page) => {
      void recallFacts(stage, server.id);
      return toServerDetails(server, model.tests.get(server.id) ?? null, page, {
        line: server.line ?? model.serverDesk.lines.get(server.id) ?? null,
        facts: model.serverDesk.facts.get(server.id) ?? null,
        latencies: model.serverDesk.latenciesOf(server.id),
        login: loginOf(server.id),
        durables: model.view.durables.filter((durable) => durable.server === server.id),
      });
    },
    toNews: ({ id }) => [
      [testHeading, model.tests.get(id)],
      [factsHeading, toAskedFacts(model.serverDesk.facts.get(id))],
    ],
    handleChoice: (id) => {
      model.chosenServer = id;
    },
  });
}

/** What was kept is no news. */
function toAskedFacts(state: FactsState | undefined): FactsState | undefined {
  return state?.kind === 'done' && state.isKept ? undefined : state;
}

export function createAgentsPane(stage: Stage): ListPane<AgentView> {
  const { model } = stage;
  return new ListPane<AgentView>(stage, {
    title: 'Agents',
    emptyText: () => `The catalogue has no agent. ${keyWord('agents', 'addAgent')} adds one.`,
    rows: () => toOrderedAgents(model.view),
    idOf: (agent) => agent.id,
    filter: () => model.searches.get('agents') ?? '',
    chosen: () => model.chosenAgent,
    toRow: toAgentRow,
    toDetails: (agent, page) => toAgentDetails(agent, page, model.sessions, model.probes.get(agent.id) ?? null),
    handleChoice: (id) => {
      model.chosenAgent = id;
    },
  });
}

export function createSessionsPane(stage: Stage): ListPane<SessionView> {
  const { model } = stage;
  const prose = new LazyProse(() => stage.invalidate());
  // For all rows of a frame alike.
  let made: { view: View; cells: number; columns: SessionColumns } | null = null;
  const columnsAt = (page: Page): SessionColumns => {
    if (made?.view !== model.view || made.cells !== page.columns)
      made = { view: model.view, cells: page.columns, columns: toSessionColumns(model.sessions, page) };
    return made.columns;
  };
  const toPlace = ({ id }: SessionView): SessionPlace => (id === model.session?.id ? 'in the workspace' : 'elsewhere');
  return new ListPane<SessionView>(stage, {
    title: 'Sessions',
    emptyText: () =>
      summarizeServers(model.view.servers).sorted.length === 0
        ? `No session is open, and no server is registered for one. ${keyWord('global', 'viewServers')} goes to the servers.`
        : `No session is open. ${keyWord('sessions', 'newSession')} opens one.`,
    rows: () => model.sessions,
    idOf: (session) => session.id,
    filter: () => model.searches.get('sessions') ?? '',
    // What one works in is what one looks for first.
    chosen: () => model.chosenSession ?? model.session?.id ?? null,
    toHeading: (page) => toSessionHeading(columnsAt(page), page),
    toRow: (session, page) => toSessionRow(session, toPlace(session), page, columnsAt(page)),
    toDetails: (session, page) => {
      prose.load();
      return toSessionDetails(session, page, prose, toPlace(session));
    },
    handleChoice: (id) => {
      model.chosenSession = id;
    },
  });
}
