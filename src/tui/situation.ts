/** The facts that decide whether a key does its work now, and the sentence that says why not. Pure; knows no key and no widget. */

import type { CallInFlight } from './calls-in-flight.ts';
import { keyWord } from './key-words.ts';
import type { Action, Scope } from './keymap.ts';
import { type AgentSituation, isAgentAction, whyNotAgent } from './situation-agent.ts';
import { type BlockAction, type BlockSituation, isBlockAction, whyNotBlock } from './situation-block.ts';
import { type CardSituation, whyNotCard, whyNotForm } from './situation-card.ts';
import { whyNotDurable } from './situation-durable.ts';
import { type ItemSituation, isItemAction, whyNotItem } from './situation-item.ts';
import { isPaneAction, type PaneSituation, whyNotPane } from './situation-panes.ts';
import { isPromptAction, type PromptSituation, whyNotPrompt } from './situation-prompt.ts';
import { type RecordSituation, whyNotRecord } from './situation-record.ts';
import { whyNotServer } from './situation-server.ts';
import { isSessionAction, type SessionSituation, whyNotSession } from './situation-session.ts';
import { isShellAction, type ShellSituation, whyNotShell } from './situation-shell.ts';

/** What the dialog on top consists of. */
export interface FormSituation {
  readonly fields: number;
  /** Places the focus can be: text fields and options. */
  readonly stops: number;
  readonly isAtOption: boolean;
  /** In a list of which any number can be chosen. */
  readonly isAtMany: boolean;
}

export interface Situation {
  /** Innermost first. */
  readonly scopes: readonly Scope[];
  readonly waiting: number;
  readonly card: CardSituation | null;
  readonly markedCards: number;
  readonly hasSession: boolean;
  /** The one that the keys are about. */
  readonly session: SessionSituation | null;
  /** Of the conversation, that the cursor is on; absent for none. */
  readonly item?: ItemSituation | null;
  readonly isTurnRunning: boolean;
  /** Null when a prompt can be sent; else why not. */
  readonly promptProblem: string | null;
  readonly sessions: number;
  /** The one that the Agents view has chosen. */
  readonly agent: AgentSituation | null;
  /** The one that the focused pane has chosen; absent for none. */
  readonly block?: BlockSituation | null;
  /** Of the audit log, that its list has chosen or that is open; absent for none. */
  readonly record?: RecordSituation | null;
  readonly hasAuditPreview?: boolean;
  readonly attachments: number;
  readonly panes: number;
  readonly places: PaneSituation;
  readonly shell: ShellSituation;
  readonly openItems: number;
  /** Commands that go on without us. */
  readonly durables: number;
  /** Over all sessions, with failed ones and open items. */
  readonly allWaiting: number;
  readonly server: { readonly id: string; readonly hasUnknownKey: boolean; readonly isTesting: boolean } | null;
  /** The server of the pane in focus, or the chosen one, where something waits for its lost connection; null or absent otherwise. */
  readonly retried?: string | null;
  readonly registeredServers: number;
  /** The workspace is the page of the first run; absent for no. */
  readonly hasFirstRun?: boolean;
  readonly isConnected: boolean;
  readonly hasSearch: boolean;
  /** Whether a search hides rows of the list that is shown; absent for no. */
  readonly isFiltered?: boolean;
  /** Whether something was copied; absent where nothing pastes. */
  readonly hasCopied?: boolean;
  /** Whether there is something behind this view to go back to. */
  readonly isClosable: boolean;
  /** The keys that leave the screen, as people write them. */
  readonly detachKeys: string;
  readonly form: FormSituation | null;
  /** Of the field where prompts are written; absent where there is none. */
  readonly prompt?: PromptSituation | null;
  /** What `undo` would take back; null or absent when there is nothing. */
  readonly undo?: string | null;
  /** What the host was asked for and takes long with. */
  readonly call?: CallInFlight | null;
}

/** Why nothing that the host would have to do can be done. */
export const notConnected = 'not connected to the host; it is tried again by itself';

/** Why nothing can be written to a session of the other door. */
export const otherProgram = 'another program drives this session';

/** Whether the hint line names the key. Of a dialog, whether it has anything to do there; one that has not is still taken, so that it never becomes text. */
export function hasUse(action: Action, { form, retried }: Situation): boolean {
  if (action === 'retryConnection') return retried != null;
  if (!form) return true;
  switch (action) {
    case 'nextField':
    case 'previousField':
      return form.fields > 1;
    case 'nextChoice':
    case 'previousChoice':
      return form.stops > 1;
    case 'toggleChoice':
      return form.isAtOption;
    case 'toggleAll':
      return form.isAtMany;
    default:
      return true;
  }
}

/** Null when the action can be done, else one short sentence for the hint line. */
export function whyNot(action: Action, facts: Situation): string | null {
  if (isAgentAction(action)) return whyNotAgent(action, facts.agent);
  if (isPromptAction(action)) return facts.prompt ? whyNotPrompt(action, facts.prompt) : null;
  if (isItemAction(action)) return whyNotItem(action, facts.item ?? null, facts.hasSession);
  if (isPaneAction(action)) return whyNotPane(action, facts.places);
  if (isBlockAction(action)) return whyNotBlock(action, facts.block ?? null) ?? whyNotCalled(action, facts);
  if (isSessionAction(action)) return whyNotSession(action, facts.session) ?? disconnected(facts);
  if (isShellAction(action)) return whyNotShell(action, facts.shell) ?? disconnected(facts);
  const why = whyNotRecord(action, facts.scopes, facts.record ?? null);
  if (why !== null) return why;
  switch (action) {
    case 'detailsDown':
    case 'detailsUp':
      if (facts.hasAuditPreview || !facts.scopes.includes('audit')) return null;
      return `details stand beside this list from 160 columns on; ${keyWord('audit', 'open')} shows them`;
    case 'approve':
    case 'deny':
    case 'denyWithReason':
    case 'edit':
    case 'approveForSession':
    case 'mark':
    case 'approveMarked':
    case 'makeRule':
    case 'explain':
      return whyNotCard(action, facts, disconnected(facts));
    case 'fillIn':
    case 'declineForm':
    case 'cancelForm':
    case 'copyLink':
      return whyNotForm(action, facts.card, disconnected(facts));
    case 'close':
      if (facts.isClosable || !facts.scopes.includes('global')) return null;
      return `this is the last view; ${facts.detachKeys} leaves the screen`;
    case 'toggleDiff':
    case 'toggleBeside':
    case 'nextHunk':
    case 'previousHunk':
      if (!facts.scopes.includes('card')) return null;
      if (!facts.card) return 'nothing waits';
      return facts.card.hasDiff ? null : 'it changes no text file';
    case 'goToCard':
      if (facts.scopes.includes('card') || facts.scopes.includes('formCard')) return 'you are there';
      return facts.waiting === 0 ? 'nothing waits' : null;
    case 'nextPane':
    case 'previousPane':
      return facts.panes === 0 ? 'no server pane is open' : null;
    case 'focusNext':
    case 'focusPrevious':
      return whyNoOtherPart(facts.scopes);
    case 'viewWorkspace':
      return facts.scopes.includes('firstRun') ? 'you are there' : null;
    case 'search':
    case 'copyMode':
      return facts.scopes.includes('firstRun') ? 'there is no text on this page to look at' : null;
    case 'showAllRows':
      return facts.isFiltered ? null : 'every row is shown';
    case 'editPrompt':
      if (facts.hasFirstRun) return 'open a session first; its first prompt is step 4';
      return facts.promptProblem === otherProgram ? otherProgram : null;
    case 'send':
      return facts.promptProblem;
    case 'nextCard':
    case 'previousCard':
      return facts.waiting < 2 ? 'no other card waits' : null;
    case 'nextSession':
    case 'previousSession':
      return facts.sessions < 2 ? 'there is no other session' : null;
    case 'undo':
      return facts.undo ? null : 'nothing was done on this screen that can be undone';
    case 'cancelCall':
      if (!facts.call) return 'nothing takes long at the moment';
      return facts.call.canCancel ? null : 'the host cannot end this; it goes on';
    case 'restartHost':
      return facts.isConnected ? 'the host is there' : null;
    case 'exportConversation':
    case 'attach':
      return facts.session === null ? `no session is open; ${keyWord('conversation', 'newSession')} opens one` : null;
    case 'removeAttachment':
      return facts.attachments === 0 ? 'nothing is attached' : null;
    case 'showWaiting':
      return facts.allWaiting === 0 ? 'nothing waits' : null;
    case 'showDurables':
      return whyNotDurable(facts);
    case 'followDurable':
    case 'lookDurable':
    case 'stopDurable':
    case 'removeDurable':
      return whyNotDurable(facts) ?? disconnected(facts);
    case 'openItems':
      return facts.openItems === 0 ? 'nothing is open' : null;
    case 'newSession':
      return facts.registeredServers === 0 ? 'register a server first' : disconnected(facts);
    case 'testServers':
      return facts.registeredServers === 0 ? 'register a server first' : disconnected(facts);
    case 'retryConnection':
      return facts.retried == null ? 'nothing waits for its connection' : disconnected(facts);
    case 'trustKey':
    case 'testServer':
    case 'serverFacts':
      return whyNotServer(action, facts) ?? disconnected(facts);
    case 'editServer':
    case 'removeServer':
      return whyNotServer(action, facts);
    case 'killSession':
    case 'renameSession':
      return facts.hasSession ? disconnected(facts) : 'no session is selected';
    case 'searchNext':
    case 'searchPrevious':
      return facts.hasSearch ? null : 'search first, with /';
    case 'pasteCopied':
      return facts.hasCopied ? null : 'nothing was copied yet';
    case 'showChanges':
      return facts.hasSession ? disconnected(facts) : 'no session is selected';
    case 'rollBack':
    case 'rollBackAll':
    case 'verifyChain':
    case 'reloadServers':
    case 'probeAgent':
    case 'acknowledge':
    case 'storeImage':
    case 'saveEdit':
      return disconnected(facts);
    default:
      return null;
  }
}

/** Only the workspace has parts that get the keys one after the other. */
function whyNoOtherPart(scopes: readonly Scope[]): string | null {
  if (scopes.includes('firstRun')) return 'this page is one part';
  const list = (['servers', 'agents', 'sessions'] as const).find((scope) => scopes.includes(scope));
  if (list === undefined) return null;
  return `the list has the keys; ${keyWord(list, 'detailsDown')} and ${keyWord(list, 'detailsUp')} turn the details`;
}

/** Copying needs nobody else. */
function whyNotCalled(action: BlockAction, facts: Situation): string | null {
  return action === 'copyCommand' || action === 'copyOutput' ? null : disconnected(facts);
}

function disconnected(facts: Situation): string | null {
  return facts.isConnected ? null : notConnected;
}
