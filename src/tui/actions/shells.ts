/**
 * What keys do about shells: open one, go from tab to tab, close one, and type into several at once.
 */

import { toCloseShellForm, toProductionForm, toTogetherForm } from '../dialogs/shell-dialogs.ts';
import { keyWord } from '../key-words.ts';
import type { Action } from '../keymap.ts';
import type { WorkspaceLayout } from '../layout.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toTogether } from '../present/shell-pane.ts';
import { toServerForShell } from '../situation-shell.ts';
import { orSentence } from './sessions.ts';

export interface ShellPorts {
  readonly stage: Stage;
  layout(): WorkspaceLayout;
}

/** What emulators in this program understand, and every server knows. */
const term = 'xterm-256color';
interface ShellCells {
  readonly columns: number;
  readonly rows: number;
}

/** Until the pane is there; it takes the size of its pane then. */
const firstSize = { columns: 80, rows: 24 } as const;

export function toShellActions(ports: ShellPorts): Partial<Record<Action, () => void>> {
  const { stage } = ports;
  const { model } = stage;
  return {
    openShell: () => void openShell(ports),
    reopenShell: () => void reopenShell(ports),
    nextTab: () => {
      if (model.shells.focusedServer !== null) model.shells.showNext(model.shells.focusedServer);
    },
    showTab: () => showTab(stage),
    closeShell: () => closeShell(stage),
    typeTogether: () => typeTogether(stage),
  };
}

async function openShell({ stage, layout }: ShellPorts): Promise<string | null> {
  const server = toServerForShell(stage.model);
  if (server === null) return null;
  const rect = layout().panes.find((pane) => pane.server === server && !pane.isCollapsed)?.rect;
  const size = rect ? { columns: Math.max(1, rect.columns - 2), rows: Math.max(1, rect.rows - 2) } : firstSize;
  return openShellOn(stage, server, size);
}

/** Opens one there and shows it; null when it could not be asked for, which was said then. */
export async function openShellOn(stage: Stage, server: string, size: ShellCells = firstSize): Promise<string | null> {
  const id = await askForShell(stage, server, size);
  if (id !== null) showShell(stage, server, id);
  return id;
}

/** The same, without showing it. */
export async function askForShell(stage: Stage, server: string, size: ShellCells = firstSize): Promise<string | null> {
  const { shellEnvironment: env = {} } = stage.model.words;
  return (await stage.call('shell.open', { server, ...size, term, env }))?.id ?? null;
}

export function showShell(stage: Stage, server: string, id: string): void {
  stage.model.shells.show(server, id);
  stage.model.showPane(server);
  stage.invalidate();
}

/** The one that has ended goes once another one is there. */
async function reopenShell(ports: ShellPorts): Promise<void> {
  const { stage } = ports;
  const ended = stage.model.shells.focused;
  const opened = await openShell(ports);
  if (ended && opened !== null) await stage.call('shell.close', { shell: ended.id });
}

function showTab(stage: Stage): void {
  const { model } = stage;
  const server = model.shells.focusedServer;
  if (server === null) return;
  const tab = Number(model.shells.pressedKey);
  if (!model.shells.showTab(server, tab)) stage.say(`${server} has no tab ${tab}.`, 'warn');
}

function closeShell(stage: Stage): void {
  const { model } = stage;
  const shell = model.shells.focused;
  if (!shell) return;
  if (shell.state === 'ended') return void stage.call('shell.close', { shell: shell.id });
  const close = async (): Promise<string | null> => {
    const answer = await orSentence(model.host.call('shell.close', { shell: shell.id }));
    return typeof answer === 'string' ? answer : null;
  };
  stage.open(new FormOverlay(stage, toCloseShellForm(shell, close)));
}

/** A second time ends it. */
function typeTogether(stage: Stage): void {
  const { model } = stage;
  const { shells } = model;
  if (shells.together.length > 0) {
    shells.typeTogether([]);
    return stage.say('Each shell is typed into alone again.', 'ok');
  }
  const focused = model.shells.focused;
  const take = (ids: readonly string[]): string | null => {
    if (ids.length < 2) return `Choose at least two with ${keyWord('form', 'toggleChoice')}.`;
    const start = (): void => {
      shells.typeTogether(ids);
      const first = shells.together[0];
      if (first && (model.shells.focused === null || !ids.includes(model.shells.focused.id))) {
        shells.show(first.server, first.id);
        model.showPane(first.server);
      }
      stage.say(`Now ${toTogether(shells.together.map(({ server }) => server))}.`, 'warn');
    };
    const production = shells.open
      .filter(({ id, server }) => ids.includes(id) && model.view.servers[server]?.environment === 'production')
      .map(({ server }) => server);
    if (production.length === 0) start();
    else stage.open(new FormOverlay(stage, toProductionForm([...new Set(production)], start)));
    return null;
  };
  stage.open(new FormOverlay(stage, toTogetherForm(model.view, shells.open, focused ? [focused.id] : [], take)));
}
