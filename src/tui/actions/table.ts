/**
 * What each action does that no single pane does for itself. One function an action; the panes were asked first.
 */

import { toDetachForm } from '../dialogs/session-dialogs.ts';
import { type Direction, moveFocus, movePane, moveToward } from '../focus.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { WorkspaceLayout } from '../layout.ts';
import type { Stage } from '../pane.ts';
import { ChangesOverlay } from '../panes/changes-overlay.ts';
import { DurablesOverlay } from '../panes/durables-overlay.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { OpenItemsOverlay } from '../panes/open-items-overlay.ts';
import { toCount } from '../present/words.ts';
import type { ViewName } from '../screen-model.ts';
import type { Situation } from '../situation.ts';
import { isTurnRunning } from '../situation-session.ts';
import { toSettingActions } from './agent-settings.ts';
import { toTurnActions } from './agent-turns.ts';
import { approve, approveMarked, deny, denyWithReason, edit, explain } from './answer.ts';
import { toAttachActions } from './attach.ts';
import { toBlockActions } from './blocks.ts';
import { toCatalogueActions } from './catalogue.ts';
import { confirmServers } from './changed-servers.ts';
import { toCopyActions } from './copy.ts';
import { exportConversation } from './export.ts';
import { toFormActions } from './forms.ts';
import { openHelp } from './help.ts';
import { toItemActions } from './items.ts';
import { openPalette } from './palette.ts';
import { toPaneActions } from './panes.ts';
import { makeRule } from './rules.ts';
import { openSearch, showAllRows } from './search.ts';
import { toServerActions } from './servers.ts';
import {
  killSession,
  openNewSession,
  probeAgent,
  reloadServers,
  renameSession,
  testServer,
  toTarget,
  trustKey,
} from './sessions.ts';
import { toShellActions } from './shells.ts';
import { rememberView, toUndoActions, withPlacementUndo } from './undo.ts';
import { openWaitingList } from './waiting.ts';

/** What only the application can do. */
export interface ActionPorts {
  readonly stage: Stage;
  readonly prefix: string;
  detach(): void;
  /** Stops the program until the shell continues it. */
  suspend(): void;
  layout(): WorkspaceLayout;
  situation(): Situation;
}

/** A second Ctrl-C within this time offers to detach. */
const secondCancelMs = 3_000;

export function toActions(ports: ActionPorts): Partial<Record<Action, () => void>> {
  const { stage } = ports;
  return {
    ...toViewActions(stage),
    ...toFocusActions(ports),
    ...withPlacementUndo(stage, toPaneActions(stage)),
    ...toUndoActions(stage),
    ...toFormActions(stage),
    ...toCatalogueActions(stage),
    ...toServerActions(stage),
    ...toAttachActions(stage),
    ...toSettingActions(stage),
    ...toTurnActions(stage),
    ...toItemActions(stage),
    exportConversation: () => exportConversation(stage, ''),
    ...toBlockActions(stage),
    ...toShellActions(ports),
    ...toCopyActions(stage),
    cancelTurn: toCancelTurn(ports),
    detach: () => ports.detach(),
    suspend: () => ports.suspend(),
    help: () => openHelp(stage, ports.situation()),
    palette: () => openPalette(ports),
    openShellOn: () => openPalette(ports, 'shell '),
    search: () => openSearch(stage),
    showAllRows: () => showAllRows(stage),
    showWaiting: () => openWaitingList(stage),
    showDurables: () => {
      const { viewName, chosenServer } = stage.model;
      stage.open(new DurablesOverlay(stage, viewName === 'servers' ? chosenServer : null));
    },
    openItems: () => stage.open(new OpenItemsOverlay(stage)),
    newSession: () => openNewSession(stage),
    renameSession: () => renameSession(stage),
    killSession: () => killSession(stage),
    confirmServers: () => confirmServers(stage),
    showChanges: () => showChanges(stage),
    open: () => (stage.model.viewName === 'servers' ? showChosenServer(stage) : showChosenSession(stage)),
    foldThoughts: () => foldThoughts(stage),
    nextSession: () => stage.model.moveSession(1),
    previousSession: () => stage.model.moveSession(-1),
    approve: () => approve(stage, 'once'),
    approveForSession: () => approve(stage, 'session'),
    deny: () => deny(stage),
    denyWithReason: () => denyWithReason(stage),
    edit: () => edit(stage),
    explain: () => explain(stage),
    mark: () => stage.model.desk.toggleMark(),
    approveMarked: () => approveMarked(stage),
    makeRule: () => void makeRule(stage),
    testServer: () => void testServer(stage),
    trustKey: () => trustKey(stage),
    reloadServers: () => void reloadServers(stage),
    probeAgent: () => void probeAgent(stage),
    restartHost: () => stage.model.host.reconnect(),
  };
}

function toViewActions(stage: Stage): Partial<Record<Action, () => void>> {
  const to = (name: ViewName) => (): void => {
    stage.model.viewName = name;
    stage.model.isAuditDetailOpen = false;
    stage.model.recordFrom = null;
    if (name === 'workspace' && stage.model.focus === 'prompt') stage.model.focus = 'conversation';
  };
  return {
    viewWorkspace: to('workspace'),
    viewApprovals: to('approvals'),
    viewAudit: to('audit'),
    viewServers: to('servers'),
    viewAgents: to('agents'),
    viewSessions: to('sessions'),
    close: () => {
      const { model } = stage;
      rememberView(stage);
      if (model.viewName !== 'workspace') to('workspace')();
      else model.isZoomed = false;
    },
  };
}

function toFocusActions(ports: ActionPorts): Partial<Record<Action, () => void>> {
  const { model } = ports.stage;
  const inWorkspace = (move: () => void) => (): void => {
    model.viewName = 'workspace';
    move();
  };
  const toward = (direction: Direction) =>
    inWorkspace(() => {
      model.focus = moveToward(ports.layout(), model.focus, direction);
    });
  const step = (by: 1 | -1) => (): void => {
    if (model.viewName === 'workspace') model.focus = moveFocus(model.focusOrder, model.focus, by);
  };
  const pane = (by: 1 | -1) =>
    inWorkspace(() => {
      model.focus = movePane(model.paneIds, model.focus, by);
    });
  return {
    focusNext: step(1),
    focusPrevious: step(-1),
    nextPane: pane(1),
    previousPane: pane(-1),
    focusUp: toward('up'),
    focusDown: toward('down'),
    focusLeft: toward('left'),
    focusRight: toward('right'),
    editPrompt: inWorkspace(() => {
      model.focus = model.hasPrompt ? 'prompt' : 'conversation';
    }),
    leaveEditor: () => {
      model.focus = 'conversation';
    },
    goToCard: () => {
      if (model.viewName === 'approvals') return;
      model.viewName = 'workspace';
      model.focus = 'card';
    },
    zoom: inWorkspace(() => {
      model.isZoomed = !model.isZoomed;
    }),
  };
}

/** Says what the key did: thoughts may be far from what is in sight, and many agents write none. */
function foldThoughts(stage: Stage): void {
  const { model } = stage;
  model.areThoughtsFolded = !model.areThoughtsFolded;
  const count = model.session?.items.filter((item) => item.kind === 'thought').length ?? 0;
  const what = model.areThoughtsFolded ? 'folded to one line each' : 'shown in full';
  if (count > 0)
    stage.say(
      `${toCount(count, 'thought is', 'thoughts are')} ${what}; ${keyWord('conversation', 'foldThoughts')} changes it.`,
      'muted',
    );
  else stage.say(`The agent wrote no thoughts in this session; later ones are ${what}.`, 'muted');
}

function toCancelTurn({ stage, detach }: ActionPorts): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const { model } = stage;
    const nowMs = model.clock.monotonicMs();
    const isSecond = nowMs - lastMs < secondCancelMs;
    lastMs = nowMs;
    if (isSecond) return stage.open(new FormOverlay(stage, toDetachForm(model.words.comeBack, detach)));
    const { session } = model;
    const again = `${keyWord('always', 'cancelTurn')} again offers to detach`;
    if (!session || !isTurnRunning(session)) return stage.say(`No agent is at work here. ${again}.`, 'muted');
    stage.say(`Cancelling the turn. ${again}.`, 'warn');
    void stage.call('session.cancel', { session: session.id });
  };
}

function showChanges(stage: Stage): void {
  const session = toTarget(stage);
  if (session) stage.open(new ChangesOverlay(stage, session));
}

function showChosenServer({ model }: Stage): void {
  if (model.chosenServer !== null) model.showPane(model.chosenServer);
}

function showChosenSession(stage: Stage): void {
  const { model } = stage;
  const session = toTarget(stage);
  if (!session) return;
  model.showSession(session.id);
  model.viewName = 'workspace';
  model.focus = model.hasPrompt ? 'prompt' : 'conversation';
}
