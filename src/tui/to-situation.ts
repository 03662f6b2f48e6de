/**
 * From the state of a screen to the facts that decide what its keys do. Pure; decides nothing itself.
 */

import { listWaiting } from '../protocol/waiting.ts';
import { keyWord } from './key-words.ts';
import { type Scope, toKeyText } from './keymap.ts';
import { hasUnknownKey, isOfUntrustedFile } from './present/server-trust.ts';
import { toPromptProblem } from './prompt-problem.ts';
import type { ScreenModel } from './screen-model.ts';
import { summarizeServers } from './server-summary.ts';
import type { Situation } from './situation.ts';
import { toAgentSituation } from './situation-agent.ts';
import { toBlockSituation } from './situation-block.ts';
import { toItemSituation } from './situation-item.ts';
import { toPaneSituation } from './situation-panes.ts';
import { isTurnRunning, toSessionSituation } from './situation-session.ts';
import { toServerForShell, toServerToTrust, toShellSituation } from './situation-shell.ts';

export function toSituation(model: ScreenModel, scopes: readonly Scope[]): Situation {
  const chosen = model.view.servers[toServerToTrust(model) ?? ''];
  const agent = model.view.agents.find(({ id }) => id === model.chosenAgent);
  const servers = summarizeServers(model.view.servers).sorted.length;
  const target = model.viewName === 'sessions' ? model.view.sessions[model.chosenSession ?? ''] : model.session;
  return {
    scopes,
    waiting: model.desk.queue.length,
    card: model.desk.toSituation(),
    markedCards: model.desk.marked.length,
    hasSession: Boolean(target),
    item: toItemSituation(model.view, model.session, model.chosenItem),
    session: target ? toSessionSituation(target) : null,
    isTurnRunning: isTurnRunning(model.session),
    promptProblem: toPromptProblem(model.host.link, model.session, servers),
    sessions: model.sessions.length,
    agent: agent && isAgentChosen(model) ? toAgentSituation(agent) : null,
    block: model.block ? toBlockSituation(model.block) : null,
    record: model.chosenRecord,
    hasAuditPreview: model.hasAuditPreview,
    attachments: model.attachments.length,
    panes: model.paneIds.length,
    places: toPaneSituation(model),
    shell: toShellSituation(model),
    openItems: model.view.openItems.length,
    durables: model.view.durables.length,
    allWaiting: listWaiting(model.view).length,
    server: chosen
      ? {
          id: chosen.id,
          hasUnknownKey: hasUnknownKey(chosen, model.tests.get(chosen.id) ?? null) || isOfUntrustedFile(chosen),
          isTesting: model.tests.get(chosen.id)?.kind === 'running',
        }
      : null,
    retried: toRetried(model),
    registeredServers: servers,
    hasFirstRun: model.hasFirstRun,
    isConnected: model.host.link.kind === 'connected',
    isFiltered: model.searchPlace !== null && (model.searches.get(model.searchPlace) ?? '') !== '',
    hasSearch: model.copying.searches.length > 0,
    hasCopied: model.copying.text !== '',
    isClosable: model.viewName !== 'workspace' || model.isZoomed || model.firstRun.isLeavable,
    detachKeys: `${toKeyText(model.words.prefix)} ${keyWord('prefix', 'detach')}`,
    ...{ form: null, prompt: model.promptSituation(), undo: model.undo.next, call: model.calls.shown },
  };
}

/** Where keys are about the connection of one server: in its pane, or where it is chosen. */
export function toRetried(model: ScreenModel): string | null {
  const id = toServerForShell(model);
  return id !== null && model.view.servers[id]?.retryAtMs != null ? id : null;
}

/** The first page has an agent ready for a session on all of its rows; keys of agents belong to rows of agents. */
function isAgentChosen({ hasFirstRun, firstRun }: ScreenModel): boolean {
  return !hasFirstRun || firstRun.isAtAgent;
}
